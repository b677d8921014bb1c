import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { stringify } from "yaml";
import { classify } from "../../src/codes/classify.ts";
import type { CodeMap } from "../../src/codes/code-map.ts";
import { loadCodeMap } from "../../src/codes/load.ts";
import { packagedMap, sourcesOf } from "../../src/codes/map-files.ts";
import type { Receipt } from "../../src/receipts/receipt.ts";
import { samples } from "../receipts/samples.ts";
import { type Forwarded, forwarded, forwardedElse } from "../receipts/samples/forwarded.ts";
import { countedOf, runFlags } from "./counting.ts";
import { createTopic, parseMetrics, produce, randomName, startExporter, sumBy, waitFor } from "./harness.ts";
import { describeWithBroker } from "./with-broker.ts";

/** What receipts count as, by the labels that tell it. */
function countedBy(map: CodeMap, sent: readonly Forwarded[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { scope, flag, code, provider = "aliyun" } of sent.flatMap(
    ({ receipts }): readonly Receipt[] => receipts,
  )) {
    const verdict = classify(map, provider, scope, flag, code);
    const key = [provider, scope, verdict.code, verdict.category, verdict.outcome].join(" ");
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

describeWithBroker("receipts as forwarders leave them in a topic", ({ brokers }) => {
  let folder = "";
  let expectedOf = (_: readonly Forwarded[]): Record<string, number> => ({});
  beforeAll(async () => {
    const loaded = await loadCodeMap(sourcesOf(packagedMap));
    if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems));
    expectedOf = (sent) => countedBy(loaded.map, sent);
    folder = await mkdtemp(join(tmpdir(), "dlr-exporter-forwarded-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Counts a topic to its end, and gives what its receipts count as and what could not be read. */
  async function count(topic: string, records: readonly Forwarded[], settings: Record<string, unknown>) {
    await createTopic(brokers, topic, 1);
    await produce(
      brokers,
      topic,
      records.map(({ value }) => value),
    );
    const config = join(folder, `${topic}.yaml`);
    await writeFile(config, stringify({ topics: [{ topic, ...settings }] }));
    const exporter = await startExporter(["--config", config, ...runFlags(brokers, [topic])]);
    try {
      let page = "";
      await waitFor(
        async () => {
          page = await exporter.metrics();
          return countedOf(page, topic).committed.get("0") === records.length;
        },
        { what: `${topic} to be counted` },
      );
      const labels = ["provider", "scope", "code", "category", "outcome"];
      const sums = sumBy(parseMetrics(page), "dlr_receipts_total", (own) =>
        labels.map((label) => own[label]).join(" "),
      );
      return {
        counts: Object.fromEntries([...sums].filter(([, n]) => n > 0)),
        malformed: countedOf(page, topic).malformed,
      };
    } finally {
      await exporter.stop();
    }
  }

  it("are counted by themselves, as they were sent", async () => {
    const sent = [...forwarded, ...forwardedElse.filter(({ shape }) => shape === undefined)];
    const counted = await count(randomName("forwarded"), sent, {});
    expect(counted).toEqual({ counts: expectedOf(sent), malformed: {} });
  });

  it("are counted of every provider that is known, in one topic, by the tables of its own", async () => {
    const sent = samples
      .filter(({ method }) => method === undefined)
      .map(({ name, value, receipts }) => ({ name, value: Buffer.from(value), receipts }));
    expect(
      new Set(sent.flatMap(({ receipts }) => receipts.map(({ provider }) => provider))).size,
    ).toBeGreaterThan(20);
    const counted = await count(randomName("providers"), sent, {});
    expect(counted).toEqual({ counts: expectedOf(sent), malformed: {} });
  });

  it("are counted by one line of configuration, whatever the frame and the charset", async () => {
    const rows: readonly (readonly [string, Record<string, unknown>])[] = [
      ["GBK", { charset: "gbk" }],
      ["UTF-16 without a mark", { charset: "utf-16le" }],
      ["a frame of one's own", { at: "/envelope/text" }],
      ["a frame of one's own, for one format alone", { format: "tmc-sms", at: ["/new", "/old"] }],
      [
        "a shape of one's own in a string in a frame",
        {
          formats: ["aliyun-sms", "json"],
          scope: "sms_receipt",
          json: { receipts: "/items", code: "/c", flag: "/ok" },
        },
      ],
    ];
    for (const [name, settings] of rows) {
      const sent = forwardedElse.filter((one) => one.name === name);
      expect(sent).toHaveLength(1);
      const counted = await count(randomName("declared"), sent, settings);
      expect(counted, name).toEqual({ counts: expectedOf(sent), malformed: {} });
    }
  });

  it("and what is none by intent is counted by its kind, in the sum of what was passed", async () => {
    const topic = randomName("ignored");
    const sent = [
      { call_id: "1", record_url: "x" },
      { dest_code: "1", content: "TD", phone_number: "13900000000" },
      { kind: "heartbeat" },
      { before: {}, after: null, op: "d" },
    ].map((value) => ({ name: "", value: Buffer.from(JSON.stringify(value)), receipts: [] }));
    await count(topic, sent, { ignore: [{ at: "/kind", is: "heartbeat" }] });
    const exporter = await startExporter(runFlags(brokers, [topic]));
    try {
      await waitFor(async () => countedOf(await exporter.metrics(), topic).committed.get("0") === 4, {
        what: "the counts to be taken over",
      });
      const kinds = sumBy(
        parseMetrics(await exporter.metrics()),
        "dlr_ignored_records_total",
        ({ kind = "" }) => kind,
      );
      expect(Object.fromEntries([...kinds].filter(([, n]) => n > 0))).toEqual({
        recording: 1,
        uplink: 1,
        configured: 1,
        deleted: 1,
      });
    } finally {
      await exporter.stop();
    }
  });
});
