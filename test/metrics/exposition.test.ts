import { beforeEach, describe, expect, it } from "vitest";
import { Counts } from "../../src/ledger/counts.ts";
import { Delays } from "../../src/ledger/delays.ts";
import { PartitionLedger } from "../../src/ledger/partition-ledger.ts";
import { definitions } from "../../src/metrics/definitions.ts";
import { Exposition } from "../../src/metrics/exposition.ts";
import { parseMetrics, sumBy } from "../lab/scrape.ts";
import { packagedMap, receipt } from "../ledger/support.ts";

const map = packagedMap();
const sentAt = Date.UTC(2024, 0, 1);

let delays: Delays;
let partition: PartitionLedger;
let exposition: Exposition;

beforeEach(() => {
  delays = new Delays();
  const options = { map, provider: undefined, unknownCodes: 50, scopes: ["sms_receipt"], delays };
  const nothing = { offset: -1, metadata: null };
  const counts = new Counts(options);
  partition = new PartitionLedger("receipts", 3, counts, nothing, 0, 0);
  exposition = new Exposition({
    version: "1.2.3",
    partitions: () => [
      {
        topic: "receipts",
        partition: 3,
        ledger: partition,
        fetchAge: 0.25,
        lag: 100 - partition.committedOffset,
        unreadable: 2,
      },
    ],
    topics: () => [
      { topic: "receipts", partitions: 4, unowned: 1 },
      { topic: "not.yet", partitions: 0, unowned: undefined },
    ],
    delays: () => delays.all(),
    codeMap: () => map,
    providers: () => ["aliyun"],
    lastReload: () => ({ successful: true, succeededAt: 1_700_000_000 }),
    commits: () => ({ accepted: 4, failures: { fenced: 1, broker: 0 } }),
    rebalances: () => 2,
    ready: () => true,
  });
});

/** Counts one record with a receipt that took so many seconds. */
function count(code: string, seconds = Number.NaN): void {
  partition.counts.fold(
    [receipt(code, "failed", { sentAt, receivedAt: sentAt + seconds * 1000 })],
    undefined,
  );
  partition.next++;
}

/** A scrape that gets its page. */
async function scrape(): Promise<string> {
  const { text, seen } = await exposition.scrape();
  seen();
  return text;
}

function commit(): void {
  partition.confirm(partition.checkpoint(4096, 0));
}

async function values(name: string, label: string): Promise<Record<string, number>> {
  return Object.fromEntries(sumBy(parseMetrics(await scrape()), name, (labels) => labels[label] ?? ""));
}

describe("a scrape", () => {
  it("shows every listed code at 0 before anything is counted", async () => {
    const codes = await values("dlr_receipts_total", "code");
    expect(codes).toEqual(
      Object.fromEntries(map.table("aliyun", "sms_receipt")?.entries.map((e) => [e.code, 0]) ?? []),
    );
  });

  it("shows counts only once they are committed, and the offset with them", async () => {
    await scrape();
    count("12");
    expect((await values("dlr_receipts_total", "code"))["12"]).toBe(0);
    expect(await values("dlr_committed_offset", "partition")).toEqual({ 3: 0 });
    commit();
    expect((await values("dlr_receipts_total", "code"))["12"]).toBe(1);
    expect(await values("dlr_committed_offset", "partition")).toEqual({ 3: 1 });
    expect(await values("dlr_consumer_lag_records", "partition")).toEqual({ 3: 99 });
  });

  it("shows no value while no page with the zeros has arrived", async () => {
    count("12");
    for (let n = 0; n < 3; n++) {
      const { text } = await exposition.scrape();
      expect(sumBy(parseMetrics(text), "dlr_receipts_total", () => "").get("")).toBe(0);
      commit();
    }
    await scrape();
    commit();
    expect((await values("dlr_receipts_total", "code"))["12"]).toBe(1);
  });

  it("shows one moment in all its metrics, also when two scrapes meet", async () => {
    await scrape();
    for (let i = 1; i <= 5; i++) {
      count("12");
      commit();
      const texts = await Promise.all([scrape(), scrape()]);
      for (const text of texts) {
        const samples = parseMetrics(text);
        expect(sumBy(samples, "dlr_receipts_total", () => "").get("")).toBe(i);
        expect(sumBy(samples, "dlr_committed_offset", () => "").get("")).toBe(i);
      }
    }
  });

  it("shows how many codes were folded, and the totals of their categories as they were", async () => {
    await scrape();
    for (let n = 0; n < 50; n++) count(`CODE-${((n * 2654435761) % 4294967296).toString(36)}`);
    count("12");
    expect(await values("dlr_folded_codes", "partition")).toEqual({ 3: 0 });
    for (let n = 0; n < 3; n++) {
      partition.confirm(partition.checkpoint(384, 0));
      await scrape();
    }
    expect((await values("dlr_folded_codes", "partition"))[3]).toBeGreaterThan(10);
    expect(await values("dlr_receipts_total", "category")).toMatchObject({ unknown: 50, empty_number: 1 });
  });

  it("escapes a label so that it reads back as it was", async () => {
    const code = 'a"b';
    count(code);
    await scrape();
    commit();
    expect((await values("dlr_receipts_total", "code"))[code]).toBe(1);
  });

  it("adds up the histogram's buckets, from the fastest to all", async () => {
    for (const seconds of [0.5, 1, 3, 1e6]) count("12", seconds);
    const buckets = await values("dlr_delivery_delay_seconds_bucket", "le");
    expect(buckets).toMatchObject({ 1: 2, 2: 2, 5: 3, 259200: 3, "+Inf": 4 });
    expect(await values("dlr_delivery_delay_seconds_count", "outcome")).toEqual({ failed: 4 });
    expect(await values("dlr_delivery_delay_seconds_sum", "channel")).toEqual({ sms: 1e6 + 4.5 });
  });

  it("leaves out the newest event time before there is one", async () => {
    expect(await values("dlr_last_event_timestamp_seconds", "partition")).toEqual({});
    count("12", 9);
    await scrape();
    commit();
    // the receipt's record time is not known, so its own time is not trusted
    expect(await values("dlr_last_event_timestamp_seconds", "partition")).toEqual({});
    partition.counts.fold([receipt("12", "failed", { receivedAt: sentAt })], undefined, sentAt);
    partition.next++;
    commit();
    expect(await values("dlr_last_event_timestamp_seconds", "partition")).toEqual({ 3: sentAt / 1000 });
  });

  it("shows the process' own state", async () => {
    expect(await values("dlr_checkpoint_failures_total", "reason")).toEqual({ fenced: 1, broker: 0 });
    expect(await values("dlr_commits_total", "")).toEqual({ "": 4 });
    expect(await values("dlr_rebalances_total", "")).toEqual({ "": 2 });
    expect(await values("dlr_build_info", "version")).toEqual({ "1.2.3": 1 });
    expect(await values("dlr_code_map_info", "hash")).toEqual({ [map.hash]: 1 });
    expect(await values("dlr_config_last_reload_success_timestamp_seconds", "")).toEqual({
      "": 1_700_000_000,
    });
  });

  it("leaves out the sums of prom-client that are gauges named as counters", async () => {
    const text = await scrape();
    expect(text).toContain("process_resident_memory_bytes");
    expect(text).not.toMatch(/^nodejs_active_\w+_total/m);
  });

  it("shows every metric once with its help, in the order of the definitions, a blank line between two", async () => {
    const families = (await scrape()).split("\n\n").map((family) => family.split("\n").slice(0, 2));
    const expected = Object.values(definitions).map(({ name, help, type }) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} ${type}`,
    ]);
    expect(families.slice(0, expected.length)).toEqual(expected);
  });
});
