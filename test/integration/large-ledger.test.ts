import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../lab/random.ts";
import { commitAs, countedOf, receiptOf, receiptsOf, runFlags, untilCounted } from "./counting.ts";
import {
  connectProducer,
  createTopic,
  type ExporterProcess,
  parseMetrics,
  produce,
  randomName,
  startExporter,
  sumBy,
  waitFor,
} from "./harness.ts";
import { categoryOf, codeOf, largeMapText } from "./large-map-text.ts";
import { describeWithBroker } from "./with-broker.ts";

const receipts = 48_000;
const kills = 5;
const codes = 2_000;
const categories = 30;

/** What one page shows of the topic: sums by category; undefined where its counts are left out of a page. */
function sumsOf(page: string, topic: string): Map<string, number> | undefined {
  // of the rest, which is most of a page, nothing is read
  const lines = page.split("\n").filter((line) => /^dlr_(?:receipts_total|committed_offset)\{/.test(line));
  const samples = parseMetrics(lines.join("\n")).filter(({ labels }) => labels.topic === topic);
  if (!samples.some(({ name }) => name === "dlr_committed_offset")) return undefined;
  return sumBy(samples, "dlr_receipts_total", ({ category = "" }) => category);
}

describeWithBroker("a ledger of more codes than a snapshot has room for", ({ brokers }) => {
  const folder = mkdtempSync(join(tmpdir(), "dlr-large-ledger-"));
  const map = join(folder, "map.yaml");
  const live = new Set<ExporterProcess>();

  beforeAll(() => writeFileSync(map, largeMapText(codes, categories)));
  afterEach(async () => {
    await Promise.all([...live].map((exporter) => exporter.kill9()));
    live.clear();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  describe.each([4_096, 1_024])("of %i characters", (limit) => {
    it("keeps every total by category through kill -9 and a move, and nothing goes back", async () => {
      const topic = randomName("folding");
      await createTopic(brokers, topic, 1);
      const flags = [...runFlags(brokers, [topic]), "--format", "tmc-sms", "--code-map", map];
      const env = { DLR_METADATA_LIMIT: String(limit), DLR_SESSION_TIMEOUT_MS: "6000" };
      const start = async () => {
        const exporter = await startExporter(flags, env);
        live.add(exporter);
        return exporter;
      };
      const random = createRandom(limit);
      const truth = new Map<string, number>();
      const producer = await connectProducer(brokers);
      /** Sends receipts of codes as they come in nature: the first codes are the commonest by far. */
      const send = async (count: number) => {
        for (let sent = 0; sent < count; sent += 1_000) {
          const numbers = Array.from({ length: 1_000 }, () => Math.floor(random.fraction() ** 4 * codes));
          for (const n of numbers)
            truth.set(categoryOf(n, categories), (truth.get(categoryOf(n, categories)) ?? 0) + 1);
          await producer.send({ topic, messages: numbers.map((n) => ({ value: receiptOf(codeOf(n)) })) });
        }
      };

      const highest = new Map<string, number>();
      let pages = 0;
      let page = "";
      /** Scrapes what is live, and holds each page against all before. */
      const scrape = async () => {
        for (const exporter of live) {
          page = await exporter.metrics().catch(() => "");
          const sums = sumsOf(page, topic);
          if (sums === undefined) continue;
          pages++;
          for (const [category, sum] of sums) {
            expect(sum, category).toBeGreaterThanOrEqual(highest.get(category) ?? 0);
            highest.set(category, sum);
          }
        }
      };
      // a page is large, and changes with a commit
      const everyMs = 300;
      const total = () => [...highest.values()].reduce((sum, count) => sum + count, 0);
      const untilMore = async () => {
        const before = total();
        await waitFor(async () => scrape().then(() => total() > before), {
          what: "more receipts counted",
          everyMs,
        });
      };

      let exporter = await start();
      for (let kill = 0; kill < kills; kill++) {
        const sending = send(receipts / (kills + 1));
        await untilMore();
        await sleep(random.below(400));
        live.delete(exporter);
        await exporter.kill9();
        await sending;
        exporter = await start();
      }
      // To another instance, while receipts come in.
      const sending = send(receipts - Math.floor(receipts / (kills + 1)) * kills);
      await untilMore();
      await start();
      live.delete(exporter);
      const stopped = exporter.stop();
      await sending;
      expect(await stopped).toBe(0);
      // what the other one has left to it may be nothing, and what a snapshot holds is shown with a commit of its own
      await send(1_000);
      await producer.disconnect();
      const sent = [...truth.values()].reduce((sum, count) => sum + count, 0);
      expect(sent).toBeGreaterThanOrEqual(receipts);
      await waitFor(async () => scrape().then(() => total() >= sent), {
        what: "all receipts counted",
        everyMs,
      });
      await scrape();

      expect(pages).toBeGreaterThan(kills);
      const shown = [...highest].filter(([, sum]) => sum > 0).sort();
      expect(Object.fromEntries(shown)).toEqual(Object.fromEntries([...truth].sort()));
      const last = parseMetrics(page);
      const one = (name: string) => sumBy(last, name, () => "").get("") ?? Number.NaN;
      expect(one("dlr_folded_codes")).toBeGreaterThan(100);
      expect(one("dlr_checkpoint_bytes")).toBeLessThanOrEqual(limit);
      expect(sumBy(last, "dlr_checkpoint_failures_total", ({ reason = "" }) => reason).get("uncounted")).toBe(
        0,
      );
    });
  });

  it("that has no room for the totals either commits nothing, says so, and loses nothing", async () => {
    const topic = randomName("short");
    await createTopic(brokers, topic, 1);
    const wide = join(folder, "wide.yaml");
    writeFileSync(wide, largeMapText(100, 100));
    await produce(
      brokers,
      topic,
      [...Array(300).keys()].map((n) => receiptOf(codeOf(n % 100))),
    );
    const flags = [...runFlags(brokers, [topic]), "--format", "tmc-sms", "--code-map", wide];
    const exporter = await startExporter(flags, { DLR_METADATA_LIMIT: "256" });
    live.add(exporter);
    const refusals = async () =>
      sumBy(
        parseMetrics(await exporter.metrics()),
        "dlr_checkpoint_failures_total",
        ({ reason = "" }) => reason,
      );
    await waitFor(async () => ((await refusals()).get("uncounted") ?? 0) > 0, { what: "a withheld commit" });
    const ready = await exporter.get("/-/ready");
    expect([ready.status, await ready.text()]).toEqual([
      503,
      expect.stringContaining("metadata_limit is 256"),
    ]);
    live.delete(exporter);
    // The last counts were not committed.
    expect(await exporter.stop()).toBe(1);
    expect(exporter.log()).toContain("the last counts were not committed");

    const next = await startExporter(flags);
    live.add(next);
    const { codes: counted } = await untilCounted(next, brokers, topic);
    expect(Object.values(counted)).toEqual(Array.from({ length: 100 }, () => 3));
  });

  it("takes a group over that the format of 0.1.0 wrote, and commits in its own", async () => {
    const topic = randomName("format1");
    await createTopic(brokers, topic, 1);
    await produce(brokers, topic, [...receiptsOf("12", 6), ...receiptsOf("024", 3), receiptOf("NEW:1")]);
    await commitAs(brokers, topic, "10", written010);
    await produce(brokers, topic, receiptsOf("12", 2));
    for (let life = 0; life < 2; life++) {
      const exporter = await startExporter(runFlags(brokers, [topic]));
      live.add(exporter);
      const { codes } = await untilCounted(exporter, brokers, topic);
      expect(codes).toEqual({ "12": 8, "024": 3, "NEW:1": 1 });
      expect(countedOf(await exporter.metrics(), topic).committed.get("0")).toBe(12);
      live.delete(exporter);
      expect(await exporter.stop()).toBe(0);
    }
  });
});

/** What 0.1.0 committed at offset 10: six receipts of 12, three of 024, one of the unlisted NEW:1. */
const written010 = "dlr1:ePkyogn2S1QwUDBUKMkvMCozISHsOc2IDg9OY6xKUcffufxcw60MOQ0Bauovkg";
