import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { createRandom } from "../lab/random.ts";
import { settledSamples } from "./counting.ts";
import { Fleet } from "./fleet.ts";
import {
  connectProducer,
  createTopic,
  parseMetrics,
  randomName,
  type Sample,
  sumBy,
  waitFor,
  withAdmin,
} from "./harness.ts";
import { describeWithBroker } from "./with-broker.ts";

const receipts = 60_000;
const kills = 6;
const names = Array.from({ length: 25 }, (_, n) => `商户${n}`);
const dimensions = ["signature", "app", "number_block", "line", "batch"];

/** A receipt of an event, and what it has to be counted as. */
function draw(random: ReturnType<typeof createRandom>) {
  const { below } = random;
  const name = names[Math.floor(random.fraction() ** 3 * names.length)] ?? "";
  const [sign_name, signature] = below(50) === 0 ? ["13800138000", "_redacted"] : [name, name];
  const [prefix = "", number_block = ""] = [
    ["138", "mobile"],
    ["186", "unicom"],
    ["192", "broadnet"],
  ][below(3)] as string[];
  const app = below(10) === 0 ? "_none" : `app ${below(4)}`;
  const [err_code, category] = [
    ["006", "blacklist"],
    ["12", "empty_number"],
  ][below(2)] as string[];
  const receiver = `${prefix}${random.digits(8)}`;
  const value = JSON.stringify({
    ...{ state: "2", err_code, sign_name, receiver, biz_id: `${random.digits(12)}^1` },
    ...{ extend: `B${below(300)}-${random.digits(9)}` },
  });
  const headers = app === "_none" ? {} : { app };
  return { message: { value, headers }, counted: { signature, app, number_block, category } };
}

describeWithBroker("receipts by dimension", ({ brokers }) => {
  let fleet: Fleet | undefined;
  let folder = "";
  afterAll(async () => {
    await fleet?.end();
    await rm(folder, { recursive: true, force: true });
  });

  it("add up on each page and are exact by value, through kill -9, takeovers and a full table", async () => {
    folder = await mkdtemp(join(tmpdir(), "dlr-exporter-dimensions-"));
    const topic = `sms.${randomName("by").replace(/[^a-z]/g, "")}`;
    const line = topic.slice("sms.".length);
    await createTopic(brokers, topic, 2);
    const config = join(folder, "dlr-exporter.yaml");
    await writeFile(
      config,
      `topics:
  - topic: ${topic}
    dimensions:
      signature: { from: /sign_name }
      app: { from: "header:app" }
      number_block: { from: number }
      line: { from: topic, match: "^sms\\\\.([a-z]+)$" }
      batch: { from: /extend, match: "^(B\\\\d+)-" }
`,
    );
    const flags = ["--config", config, "--brokers", brokers.join(","), "--group", randomName("group")];
    fleet = new Fleet([...flags, "--commit-interval", "200"], { DLR_SESSION_TIMEOUT_MS: "6000" });
    const random = createRandom(20);
    const truth = new Map<string, number>();
    const producer = await connectProducer(brokers);
    const send = async (count: number) => {
      for (let sent = 0; sent < count; sent += 500) {
        const drawn = Array.from({ length: 500 }, () => draw(random));
        for (const { category, ...values } of drawn.map(({ counted }) => counted)) {
          for (const [dimension, value] of Object.entries({ ...values, line })) {
            const key = `${dimension} ${value} ${category}`;
            truth.set(key, (truth.get(key) ?? 0) + 1);
          }
        }
        await producer.send({ topic, messages: drawn.map(({ message }) => message) });
      }
    };

    let pages = 0;
    const check = (text: string) => {
      pages++;
      const samples = parseMetrics(text).filter(({ labels }) => labels.topic === topic);
      expect(wrongSums(samples)).toEqual([]);
      return samples;
    };
    const counted = () => fleet?.total("dlr_receipts_total") ?? 0;
    let [first, second] = [await fleet.start(), await fleet.start()];
    for (let n = 0; n < kills; n++) {
      const sending = send(receipts / kills);
      const before = counted();
      await waitFor(() => counted() > before, { what: "more receipts counted" });
      for (const exporter of [first, second]) check(await exporter.metrics());
      await fleet.kill9(first);
      [first, second] = [second, await fleet.start()];
      check(await first.metrics());
      await sending;
    }
    await producer.disconnect();
    const ends = await withAdmin(brokers, (admin) => admin.fetchTopicOffsets(topic));
    expect(ends.reduce((sum, { high }) => sum + Number(high), 0)).toBe(receipts);
    const all = await settledSamples([first, second], brokers, topic, check);
    const total = (name: string) => sumBy(all, name, () => "").get("");
    expect(total("dlr_receipts_total")).toBe(receipts);

    const sums = sumBy(all, "dlr_receipts_by_total", keyOf);
    const exact = [...sums].filter(([key, n]) => !key.startsWith("batch ") && n > 0);
    expect(Object.fromEntries(exact.sort())).toEqual(Object.fromEntries([...truth].sort()));
    // the table of batches is full in each partition, and none of it is lost
    const batches = [...sums].filter(([key]) => key.startsWith("batch "));
    expect(batches.reduce((sum, [, count]) => sum + count, 0)).toBe(receipts);
    expect(sums.get("batch _other blacklist")).toBeGreaterThan(0);
    const perPartition = Map.groupBy(
      all.filter(({ labels }) => labels.dimension === "batch"),
      ({ labels }) => labels.partition,
    );
    for (const own of perPartition.values())
      expect(new Set(own.map(({ labels }) => labels.value)).size).toBeLessThanOrEqual(31);
    expect(pages).toBeGreaterThan(3 * kills);

    // nobody's number is anywhere to be seen
    const texts = [await first.metrics(), await second.metrics(), first.log(), second.log()].join("\n");
    expect(texts).not.toMatch(/(?<!\d)(?:138|186|192)\d{8}(?!\d)/);
  });
});

function keyOf({ dimension, value, category }: Sample["labels"]): string {
  return `${dimension} ${value} ${category}`;
}

/** Where the values of a dimension do not add up to the receipts of a partition, category and outcome. */
function wrongSums(samples: readonly Sample[]): string[] {
  const cell = ({ partition, provider, channel, category, outcome }: Sample["labels"]) =>
    [partition, provider, channel, category, outcome].join(" ");
  const receipts = sumBy(samples, "dlr_receipts_total", cell);
  return dimensions.flatMap((dimension) => {
    const own = samples.filter(({ labels }) => labels.dimension === dimension);
    const sums = sumBy(own, "dlr_receipts_by_total", cell);
    return [...receipts].flatMap(([key, count]) =>
      count === (sums.get(key) ?? 0) ? [] : [`${dimension}: ${sums.get(key) ?? 0} of ${count} of ${key}`],
    );
  });
}
