import { describe, expect, it } from "vitest";
import { readCodeMap } from "../../../src/codes/load.ts";
import { packagedMap, sourcesOf } from "../../../src/codes/map-files.ts";
import { Suggester } from "../../../src/codes/suggest.ts";
import { type StatusSource, statusOf } from "../../../src/commands/run/status.ts";
import { loadConfiguration } from "../../../src/config/configuration.ts";
import { mostRows } from "../../../src/http/status.ts";
import type { LivePartition } from "../../../src/kafka/consumer.ts";
import { Counts } from "../../../src/ledger/counts.ts";
import { PartitionLedger } from "../../../src/ledger/partition-ledger.ts";
import { Recent } from "../../../src/ledger/recent.ts";
import type { MalformedReason } from "../../../src/receipts/receipt.ts";
import { commit, count, nothing } from "../../ledger/partitions.ts";

const startedAt = Date.UTC(2026, 10, 26, 3, 0, 0);
const minute = 60_000;

const loaded = await loadConfiguration({
  flags: { topic: ["sms", "voice"], brokers: ["k1:9092,k2:9092"] },
  env: {},
});
if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems));
const { settings, map: configured } = loaded;
const { map } = configured;

/** An exporter of some partitions, without a cluster; and a clock that is moved by hand. */
class Exporter {
  now = 0;
  readonly recent = new Recent(
    () => this.now,
    () => startedAt + this.now,
  );
  readonly partitions: LivePartition[] = [];
  readonly waits = { partitions: new Map<string, string>(), topics: new Map<string, string>() };
  topics: StatusSource["consumer"]["topics"] = [];

  own(topic: string, partition: number, lag: number | undefined, committed = nothing): PartitionLedger {
    const counts = new Counts({
      ...{ map, provider: undefined, unknownCodes: 50, scopes: [] },
      whenKept: (...kept) => this.recent.note(topic, ...kept),
    });
    const ledger = new PartitionLedger(topic, partition, counts, committed, 0, 0);
    this.partitions.push({ topic, partition, ledger, fetchAge: 0, lag, unreadable: 0 });
    return ledger;
  }

  status(changes: Partial<StatusSource> = {}) {
    return statusOf({
      ...{ version: "1", settings, configFile: undefined, consumer: this, recent: this.recent },
      ...{ map, suggester: new Suggester(map) },
      ...{ readiness: { obstacle: undefined, remarks: [] }, startedAt, now: startedAt + this.now },
      lastReload: { successful: true, succeededAt: startedAt / 1000 },
      ...changes,
    });
  }
}

function malformed(ledger: PartitionLedger, reason: MalformedReason): void {
  ledger.count([], reason, Number.NaN);
  ledger.next++;
}

it("tells what is committed, and is no scrape", () => {
  const exporter = new Exporter();
  const ledger = exporter.own("sms", 0, 0);
  count(ledger, "12", "12", "DB:0141");
  expect(exporter.status().recent[0]?.receipts).toBe(0);
  commit(ledger);
  expect(exporter.status()).toMatchObject({
    partitions: [{ topic: "sms", partition: 0, committed_offset: 3 }],
    recent: [
      { minutes: 5, seconds: 0, receipts: 3, delivered: 0, failed: 3, delivered_share: 0 },
      { minutes: 60, receipts: 3 },
    ],
  });
  expect(exporter.status().recent[0]?.categories).toEqual([
    { category: "empty_number", name: { en: "Empty number", zh: "空号" }, outcome: "failed", count: 2 },
    { category: "blacklist", name: { en: "Blacklist", zh: "黑名单" }, outcome: "failed", count: 1 },
  ]);
  expect(ledger.pages).toBe(0);
  // what no scrape has seen is still shown at 0
  expect(ledger.expose().counters.every(({ value }) => value === 0)).toBe(true);
});

it("says why it is not ready, and what no restart would mend", () => {
  const readiness = { obstacle: "joining the group", remarks: ["topic voice does not exist"] };
  expect(new Exporter().status({ readiness })).toMatchObject({ ready: false, ...readiness });
});

describe("partitions and topics", () => {
  it("that wait come first with their reasons, then those of unknown lag, then the largest lag", () => {
    const exporter = new Exporter();
    for (const [partition, lag] of [5, 900, undefined, 0].entries()) exporter.own("sms", partition, lag);
    exporter.waits.partitions.set("sms/3", "has no leader");
    const { partitions, lag } = exporter.status();
    expect(partitions.map(({ partition, waits }) => [partition, waits])).toEqual([
      [3, "has no leader"],
      [2, null],
      [1, null],
      [0, null],
    ]);
    expect(lag).toEqual({ records: 905, partitions: 4, unknown: 1 });
  });

  it("are those configured, those that are waited for included", () => {
    const exporter = new Exporter();
    exporter.own("sms", 1, 7);
    exporter.topics = [
      { topic: "sms", partitions: 4, unowned: 1 },
      { topic: "voice", partitions: 0, unowned: undefined },
    ];
    exporter.waits.topics.set("voice", "topic voice does not exist");
    const sms = {
      topic: "sms",
      provider: "aliyun",
      partitions: 4,
      owned: 1,
      unowned: 1,
      lag: 7,
      waits: null,
    };
    const voice = { topic: "voice", provider: "aliyun", partitions: 0, owned: 0, unowned: null, lag: null };
    expect(exporter.status().topics).toEqual([sms, { ...voice, waits: "topic voice does not exist" }]);
  });

  it("are so many at most, and the rest is counted", () => {
    const exporter = new Exporter();
    for (let partition = 0; partition < mostRows.partitions + 3; partition++)
      exporter.own("sms", partition, 0);
    const { partitions, more } = exporter.status();
    expect([partitions.length, more.partitions, more.topics]).toEqual([mostRows.partitions, 3, 0]);
  });
});

describe("codes that no table lists", () => {
  it("stand with their counts and times, those that came up last first", () => {
    const exporter = new Exporter();
    const before = new Exporter();
    const old = before.own("sms", 0, 0);
    count(old, "ZZ:1", "ZZ:1");
    const ledger = exporter.own("sms", 0, 0, commit(old));
    for (const code of ["ZZ:2", "ZZ:3", "ZZ:1"]) {
      exporter.now += minute;
      count(ledger, code);
      commit(ledger);
    }
    const seen = (at: number) => new Date(startedAt + at * minute).toISOString().replace(".000Z", "Z");
    const of = { provider: "aliyun", scope: "sms_receipt" };
    const rows = exporter.status().unknown_codes;
    expect(rows.map(({ agreement, suggestions, more_suggestions, yaml, ...row }) => row)).toEqual([
      { ...of, code: "ZZ:3", count: 1, since_start: 1, first_seen: seen(2), last_seen: seen(2) },
      { ...of, code: "ZZ:2", count: 1, since_start: 1, first_seen: seen(1), last_seen: seen(1) },
      { ...of, code: "ZZ:1", count: 3, since_start: 1, first_seen: null, last_seen: seen(3) },
    ]);
  });

  it("are left out once a map lists them, and where there is no code to show they are counted by label", () => {
    const exporter = new Exporter();
    const ledger = exporter.own("sms", 0, 0);
    count(ledger, "ZZ:1", "", "13900000000", "DELIVRD");
    commit(ledger);
    const { unknown_codes, unknown_without_code } = exporter.status();
    expect(unknown_codes.map(({ code }) => code)).toEqual(["ZZ:1"]);
    expect(unknown_without_code).toEqual({ _none: 1, _redacted: 1 });
  });
});

it("tells malformed records by topic and reason, each with the command that shows them", () => {
  const exporter = new Exporter();
  const [sms, voice] = [exporter.own("sms", 0, 0), exporter.own("voice", 0, 0)];
  malformed(sms, "not_json");
  malformed(voice, "not_json");
  malformed(voice, "not_json");
  for (const ledger of [sms, voice]) commit(ledger);
  exporter.now += 120 * minute;
  malformed(sms, "tombstone");
  commit(sms);
  const { malformed: rows } = exporter.status();
  expect(rows.map(({ command, ...row }) => row)).toEqual([
    { topic: "sms", reason: "tombstone", count: 1, last_hour: 1 },
    { topic: "voice", reason: "not_json", count: 2, last_hour: 0 },
    { topic: "sms", reason: "not_json", count: 1, last_hour: 0 },
  ]);
  expect(rows[0]?.command).toBe(
    "dlr-exporter sample --brokers k1:9092,k2:9092 --topic sms --reason tombstone --from -1h",
  );
  expect(exporter.status({ configFile: "/etc/it's mine.yaml" }).malformed[0]?.command).toBe(
    "dlr-exporter sample --config '/etc/it'\\''s mine.yaml' --topic sms --reason tombstone --from -1h",
  );
});

it("names the files of the map in use, with their digests and codes", async () => {
  const { code_map } = new Exporter().status();
  const read = await readCodeMap(sourcesOf(packagedMap));
  if ("problems" in read) throw new Error("the packaged map is good");
  expect(code_map.files.map(({ file }) => file)).toEqual(read.files);
  expect(code_map.files.at(-1)?.digest).toMatch(/^[\da-f]{12}$/);
  const listed = code_map.files.reduce((sum, { codes }) => sum + codes, 0);
  expect(listed).toBeGreaterThanOrEqual(code_map.codes);
  expect(code_map).toMatchObject({ hash: map.hash, providers: map.providers().length });
});
