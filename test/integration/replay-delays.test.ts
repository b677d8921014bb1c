import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Report } from "../../src/replay/report/report.ts";
import { type TemporaryFolder, temporaryFolder } from "../lab/guarded.ts";
import { createRandom } from "../lab/random.ts";
import { runFlags, untilCounted } from "./counting.ts";
import { createTopic, parseMetrics, produce, randomName, type Sample, startExporter } from "./harness.ts";
import { fewCodes, replayed, untilNow } from "./replaying.ts";
import { describeWithBroker } from "./with-broker.ts";

const partitions = 3;
const records = 1_500;
const delays = [0, 4, 5, 6, 30, 299, 301, 40_000, 90_000, 3_000_000, -4, -40, undefined];

const inWords = (seconds: number) => new Date(1000 * seconds).toISOString().slice(0, 19).replace("T", " ");

/** The delays of a scrape or a replay, whichever partition, job and instance they are of; what is 0 left out. */
function delaysOf(samples: readonly Sample[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { name, labels, value } of samples) {
    if (!/^dlr_(?:receipt_delay_seconds|unmeasured_delays)/.test(name) || value === 0) continue;
    const { provider, channel, outcome, le, reason } = labels;
    const key = [name, provider, channel, outcome, le, reason].join(" ");
    sums[key] = (sums[key] ?? 0) + value;
  }
  return sums;
}

describeWithBroker("a replay of delays", ({ brokers }) => {
  const topic = randomName("replayed-delays");
  let folder: TemporaryFolder;
  let asked: string[] = [];
  const path = (name: string) => join(folder.path, name);

  beforeAll(async () => {
    folder = await temporaryFolder("dlr-exporter-delays-");
    const random = createRandom(11);
    const messages = Array.from({ length: records }, () => {
      const delay = delays[random.below(delays.length)];
      const sent = 1_700_000_000 + random.below(7_200);
      const arrived = random.below(4) > 0;
      const receipt = {
        ...{ state: arrived ? "1" : "2", err_code: arrived ? "DELIVRD" : "DB:0141", biz_id: "1^1" },
        send_time: delay === undefined ? undefined : inWords(sent),
        rept_time: random.below(20) === 0 ? undefined : inWords(sent + (delay ?? 0)),
      };
      return { value: JSON.stringify(receipt), partition: random.below(partitions) };
    });
    await createTopic(brokers, topic, partitions);
    await produce(brokers, topic, messages);
    asked = [...fewCodes, "--brokers", brokers.join(","), "--topic", topic, ...untilNow(), "--quiet"];
  });
  afterAll(() => folder?.remove());

  it("is what a run counts of the same log, whoever reads it", async () => {
    const exporter = await startExporter([...fewCodes, ...runFlags(brokers, [topic])]);
    let live: Record<string, number>;
    try {
      await untilCounted(exporter, brokers, topic);
      live = delaysOf(parseMetrics(await exporter.metrics()));
    } finally {
      await exporter.stop();
    }
    expect(Object.keys(live).some((key) => key.includes("negative"))).toBe(true);
    const outputs: string[] = [];
    for (const workers of ["1", "3"]) {
      const file = path(`${workers}.txt`);
      const { code, stdout, stderr } = await replayed(
        ...[...asked, "--workers", workers, "--report", "json", "--openmetrics", file],
      );
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      outputs.push(stdout + (await readFile(file, "utf8")));
    }
    expect(outputs[1]).toBe(outputs[0]);
    const text = await readFile(path("1.txt"), "utf8");
    const last = Math.max(...[...text.matchAll(/ (\d+)$/gm)].map(([, at]) => Number(at)));
    const atEnd = text
      .split("\n")
      .filter((line) => line.endsWith(` ${last}`))
      .map((line) => line.slice(0, line.lastIndexOf(" ")));
    expect(delaysOf(parseMetrics(atEnd.join("\n")))).toEqual(live);
    const report = JSON.parse((outputs[0] ?? "").split("\n")[0] ?? "") as Report;
    const sumOf = (name: string) =>
      Object.entries(live).reduce((sum, [key, count]) => sum + (key.startsWith(name) ? count : 0), 0);
    expect(report.receiptDelays.reduce((sum, { count }) => sum + count, 0)).toBe(
      sumOf("dlr_receipt_delay_seconds_count"),
    );
    expect(report.receiptDelays.reduce((sum, { unmeasured }) => sum + unmeasured, 0)).toBe(
      sumOf("dlr_unmeasured_delays_total"),
    );
  });

  it("has the result of a single one when machines share it, byte for byte", async () => {
    const whole = await replayed(...asked, "--report", "table", "--openmetrics", path("whole.txt"));
    expect(whole).toMatchObject({ code: 0, stderr: "" });
    for (const choice of ["0,2", "1"]) {
      const part = ["--partitions", choice, "--resume", path(`${choice}.state`)];
      expect(await replayed(...asked, ...part)).toMatchObject({ code: 0 });
    }
    const merged = await replayed(
      ...["merge", path("1.state"), path("0,2.state"), "--quiet"],
      ...["--report", "table", "--openmetrics", path("merged.txt")],
    );
    expect(merged).toEqual(whole);
    expect(await readFile(path("merged.txt"), "utf8")).toBe(await readFile(path("whole.txt"), "utf8"));
  });
});
