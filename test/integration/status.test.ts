import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Status } from "../../src/http/status.ts";
import { mainModule } from "../lab/exporter.ts";
import { ending, type TemporaryFolder, temporaryFolder } from "../lab/guarded.ts";
import { receiptsOf, runFlags, timedReceiptOf, untilCounted } from "./counting.ts";
import { createTopic, type ExporterProcess, produce, randomName, startExporter, waitFor } from "./harness.ts";
import { describeWithBroker } from "./with-broker.ts";

describeWithBroker("the status page", ({ brokers }) => {
  const topic = randomName("status");
  const missing = randomName("missing");
  const flags = runFlags(brokers, [topic, missing]);
  let exporter: ExporterProcess;
  let folder: TemporaryFolder;

  beforeAll(async () => {
    folder = await temporaryFolder("dlr-status-");
    await createTopic(brokers, topic, 2);
    exporter = await startExporter(flags);
  });
  afterAll(async () => {
    await exporter?.stop();
    await folder?.remove();
  });

  async function status(): Promise<Status> {
    return (await exporter.get("/-/status")).json() as Promise<Status>;
  }

  const page = async () => (await exporter.get("/?lang=en")).text();

  /** Waits for a status; one that is shared for a second may be older than what has just been done. */
  async function until(what: string, holds: (status: Status) => boolean): Promise<Status> {
    let last = await status();
    await waitFor(
      async () => {
        last = await status();
        return holds(last);
      },
      { what },
    );
    return last;
  }

  /** Runs a command of the page as a shell does. */
  async function pasted(command: string) {
    const program = `${process.execPath} ${mainModule}`;
    return ending(spawn("sh", ["-c", command.replace(/^dlr-exporter/, program)]));
  }

  it("says that it is ready, and what it waits for", async () => {
    await until("an exporter that is ready", ({ ready }) => ready);
    const { obstacle, topics, partitions, recent } = await until(
      "both partitions",
      (now) => now.partitions.length === 2 && now.lag.unknown === 0,
    );
    expect(obstacle).toBeNull();
    expect(topics).toMatchObject([
      { topic, partitions: 2, owned: 2, lag: 0, waits: null },
      { topic: missing, partitions: 0, owned: 0, lag: null },
    ]);
    expect(topics[1]?.waits).toBe(`topic ${missing} does not exist; it will be read as soon as it does`);
    expect(partitions.map(({ waits }) => waits)).toEqual([null, null]);
    expect(recent.map(({ receipts }) => receipts)).toEqual([0, 0]);
    expect(await page()).toContain("Ready: receipts are counted and committed.");
  });

  it("counts what has come, before any scrape has", async () => {
    const receipts = [
      ...receiptsOf("12", 3),
      ...["DELIVRD", "DELIVRD", "DELIVRD", "DELIVRD", "DELIVRD"].map(timedReceiptOf),
      ...receiptsOf("CA:0051", 2),
    ];
    await produce(brokers, topic, receipts);
    await produce(brokers, topic, ["not json", '{"dest_code":"1","content":"TD"}']);
    const told = await until("all counts", ({ recent, ignored, malformed }) => {
      return recent[0]?.receipts === 10 && ignored.length === 1 && malformed.length === 1;
    });
    expect(told.recent[0]).toMatchObject({ delivered: 5, failed: 5, delivered_share: 0.5, malformed: 1 });
    expect(
      told.recent[0]?.categories.map(({ category, outcome, count }) => [category, outcome, count]),
    ).toEqual([
      ["delivered", "delivered", 5],
      ["empty_number", "failed", 3],
      ["unknown", "failed", 2],
    ]);
    expect(told.lag).toEqual({ records: 0, partitions: 2, unknown: 0 });
    expect(told.malformed).toMatchObject([{ topic, reason: "not_json", count: 1, last_hour: 1 }]);
    expect(told.ignored).toEqual([{ kind: "uplink", count: 1, last_hour: 1 }]);
    expect(told.newest_event).not.toBeNull();
    // the counters say the same, once Prometheus has seen them at 0
    const { codes } = await untilCounted(exporter, brokers, topic);
    expect(codes).toEqual({ DELIVRD: 5, "12": 3, "CA:0051": 2 });
  });

  it("shows the unknown code with what other tables say, and the map that lists it", async () => {
    const { unknown_codes } = await status();
    expect(unknown_codes).toMatchObject([
      {
        ...{ provider: "aliyun", scope: "sms_receipt", code: "CA:0051", count: 2, since_start: 2 },
        agreement: "agreed",
        suggestions: [{ category: "carrier_error", outcome: "failed" }],
      },
    ]);
    expect(unknown_codes[0]?.first_seen).not.toBeNull();
    const shown = await page();
    expect(shown).toContain("<summary><code><bdi>CA:0051</bdi></code>");
    const file = join(folder.path, "mine.yaml");
    await writeFile(file, unknown_codes[0]?.yaml ?? "");
    const { code, stderr } = await pasted(`dlr-exporter check --code-maps ${file}`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  it("gives commands that show what they promise", async () => {
    const { malformed } = await status();
    const sampled = await pasted(malformed[0]?.command ?? "");
    expect(sampled).toMatchObject({ code: 0 });
    expect(sampled.stdout).toContain("not_json");
    const [, command = ""] = /<code>(dlr-exporter codes unknown [^<]*)</.exec(await page()) ?? [];
    expect(command).toContain(`http://127.0.0.1:${exporter.port}`);
    const unknown = await pasted(command);
    expect(unknown).toMatchObject({ code: 0 });
    expect(unknown.stdout).toContain("CA:0051");
  });

  it("tells after a restart what was before, and that nothing has come since", async () => {
    await exporter.stop();
    exporter = await startExporter(flags);
    const told = await until("the counts of before", ({ unknown_codes }) => unknown_codes.length === 1);
    expect(told.unknown_codes).toMatchObject([
      { code: "CA:0051", count: 2, since_start: 0, first_seen: null, last_seen: null },
    ]);
    expect(told.recent.map(({ receipts }) => receipts)).toEqual([0, 0]);
    for (const { minutes, seconds } of told.recent) expect(seconds).toBeLessThan(minutes * 60);
    expect(told.malformed).toMatchObject([{ reason: "not_json", count: 1, last_hour: 0 }]);
    expect(await page()).toContain("since the start");
    await produce(brokers, topic, receiptsOf("CA:0051", 1));
    const again = await until("one more", ({ unknown_codes }) => unknown_codes[0]?.since_start === 1);
    expect(again.unknown_codes).toMatchObject([{ count: 3, first_seen: null }]);
    expect(again.unknown_codes[0]?.last_seen).not.toBeNull();
  });
});
