import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { createRandom } from "../lab/random.ts";
import { settledSamples } from "./counting.ts";
import { Fleet } from "./fleet.ts";
import { connectProducer, createTopic, randomName, sumBy, waitFor } from "./harness.ts";
import { minute, replayed } from "./replaying.ts";
import { describeWithBroker } from "./with-broker.ts";

const records = 24_000;
const kills = 4;
const window = 700;
const partitions = 2;

/** What the log holds, offset by offset, and what of it came before: a list and a look back, and nothing clever. */
class Truth {
  duplicates = 0;
  unkeyed = 0;
  receipts = 0;
  readonly #logs: (string | undefined)[][] = Array.from({ length: partitions }, () => []);

  add(partition: number, id: string | undefined): void {
    const log = this.#logs[partition] ?? [];
    const again = id !== undefined && log.slice(-window).includes(id);
    log.push(id);
    if (again) this.duplicates++;
    else this.receipts++;
    if (id === undefined) this.unkeyed++;
  }
}

describeWithBroker("duplicates", ({ brokers }) => {
  let fleet: Fleet | undefined;
  let folder = "";
  afterAll(async () => {
    await fleet?.end();
    await rm(folder, { recursive: true, force: true });
  });

  it("are exact through kill -9 and takeovers, and a replay of the log counts the same", async () => {
    folder = await mkdtemp(join(tmpdir(), "dlr-exporter-duplicates-"));
    const topic = randomName("again");
    await createTopic(brokers, topic, partitions);
    const config = join(folder, "dlr-exporter.yaml");
    await writeFile(
      config,
      `topics: [{ topic: ${topic}, duplicates: { key: [/biz_id, /receiver], window: ${window} } }]\n`,
    );
    const group = randomName("group");
    const flags = ["--config", config, "--brokers", brokers.join(",")];
    fleet = new Fleet([...flags, "--group", group, "--commit-interval", "200"], {
      DLR_SESSION_TIMEOUT_MS: "6000",
    });
    const random = createRandom(7);
    const truth = new Truth();
    const recent: { readonly value: string; readonly id: string }[][] = Array.from(
      { length: partitions },
      () => [],
    );
    const producer = await connectProducer(brokers);
    /** One record: new, a repeat of one that is just in the window or just out of it, or one without a key. */
    const draw = (partition: number) => {
      const own = recent[partition] ?? [];
      const kind = random.below(10);
      const repeated = kind < 3 ? own.at(-1 - random.below(window + 100)) : undefined;
      if (repeated !== undefined) {
        own.push(repeated);
        truth.add(partition, repeated.id);
        return repeated.value;
      }
      const biz_id = `${random.digits(15)}^0`;
      const status = {
        state: "2",
        err_code: ["006", "12"][random.below(2)],
        rept_time: "2026-10-03 12:00:00",
      };
      const value = JSON.stringify({ ...status, biz_id, ...(kind === 9 ? {} : { receiver: "13800138000" }) });
      if (kind !== 9) own.push({ value, id: biz_id });
      truth.add(partition, kind === 9 ? undefined : biz_id);
      return value;
    };
    const begun = Date.parse("2026-10-03T12:00:00+08:00");
    let batch = 0;
    const send = async (count: number) => {
      for (let sent = 0; sent < count; sent += 500) {
        const partition = random.below(partitions);
        const timestamp = String(begun + minute * batch++);
        const messages = Array.from({ length: 500 }, () => ({
          value: draw(partition),
          partition,
          timestamp,
        }));
        await producer.send({ topic, messages });
      }
    };

    const counted = () => fleet?.total("dlr_receipts_total") ?? 0;
    let [first, second] = [await fleet.start(), await fleet.start()];
    for (let n = 0; n < kills; n++) {
      const sending = send(records / kills);
      const before = counted();
      await waitFor(() => counted() > before, { what: "more receipts counted" });
      await fleet.kill9(first);
      [first, second] = [second, await fleet.start()];
      await sending;
    }
    await producer.disconnect();
    const samples = await settledSamples([first, second], brokers, topic);
    const total = (name: string) => sumBy(samples, name, () => "").get("") ?? 0;
    expect(total("dlr_committed_offset")).toBe(records);
    expect(truth.duplicates).toBeGreaterThan(records / 10);
    const live = {
      receipts: total("dlr_receipts_total"),
      duplicates: total("dlr_duplicate_receipts_total"),
      unkeyed: total("dlr_unkeyed_receipts_total"),
    };
    expect(live).toEqual({ ...truth });
    const labels = samples.find(({ name, value }) => name === "dlr_duplicate_receipts_total" && value > 0);
    expect(labels?.labels).toMatchObject({ topic, provider: "aliyun", channel: "sms" });

    const replay = async (from: number, to: number) => {
      const span = ["--from", new Date(from).toISOString(), "--to", new Date(to).toISOString()];
      const ended = await replayed(...flags, ...span, "--by", "record", "--report", "json", "--workers", "2");
      const report = JSON.parse(ended.stdout) as Report;
      const [duplicates, unkeyed] = [sumOf(report.duplicates), sumOf(report.unkeyed)];
      return { receipts: report.receipts, duplicates, unkeyed, text: `${ended.stdout}${ended.stderr}` };
    };
    const [middle, end] = [begun + minute * Math.floor(batch / 2), begun + minute * batch];
    const { text, ...whole } = await replay(begun, end);
    expect(whole).toEqual(live);
    // A window that begins in the middle knows what came before it, as a takeover does.
    const [early, late] = [await replay(begun, middle), await replay(middle, end)];
    expect(late.duplicates).toBeGreaterThan(0);
    expect(early.duplicates + late.duplicates).toBe(live.duplicates);
    expect(early.receipts + late.receipts).toBe(live.receipts);
    const texts = [await first.metrics(), text, first.log(), second.log()].join("\n");
    expect(texts).not.toContain("13800138000");
  });
});

interface Report {
  readonly receipts: number;
  readonly duplicates: readonly { readonly count: number }[];
  readonly unkeyed: readonly { readonly count: number }[];
}

function sumOf(series: readonly { readonly count: number }[]): number {
  return series.reduce((sum, { count }) => sum + count, 0);
}
