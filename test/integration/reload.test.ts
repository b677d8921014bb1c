import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { logEntries, receiptsOf, runFlags, untilCounted } from "./counting.ts";
import {
  createTopic,
  type ExporterProcess,
  parseMetrics,
  produce,
  randomName,
  startExporter,
  sumBy,
  waitFor,
} from "./harness.ts";
import { describeWithBroker } from "./with-broker.ts";

describeWithBroker("a code map that is changed while the exporter runs", ({ brokers }) => {
  const topic = randomName("reload");
  let folder: string;
  let file: string;
  let original: string;
  let exporter: ExporterProcess;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "dlr-reload-"));
    file = join(folder, "code-map.yaml");
    original = await readFile("config/code-map.yaml", "utf8");
    await writeFile(file, original);
    await createTopic(brokers, topic, 1);
    await produce(brokers, topic, receiptsOf("12", 5));
    exporter = await startExporter([...runFlags(brokers, [topic]), "--code-map", file]);
    await untilCounted(exporter, brokers, topic);
  });

  afterAll(async () => {
    await exporter?.stop();
    await rm(folder, { recursive: true });
  });

  const reload = () => fetch(`http://127.0.0.1:${exporter.port}/-/reload`, { method: "POST" });

  /** The counts of code 12 by category. */
  async function categories(): Promise<Record<string, number>> {
    const samples = parseMetrics(await exporter.metrics()).filter(({ labels }) => labels.code === "12");
    return Object.fromEntries(sumBy(samples, "dlr_receipts_total", ({ category = "" }) => category));
  }

  async function gauge(name: string): Promise<number | undefined> {
    return parseMetrics(await exporter.metrics()).find((sample) => sample.name === name)?.value;
  }

  it("is kept out when it is wrong: 500 with the place, the old one in use, the gauge at 0", async () => {
    const succeededAt = await gauge("dlr_config_last_reload_success_timestamp_seconds");
    const entry = '        "12":\n          category: ';
    expect(original).toContain(`${entry}empty_number`);
    const broken = original.replace(`${entry}empty_number`, `${entry}empty_numbre`);
    await writeFile(file, broken);
    const response = await reload();
    expect(response.status).toBe(500);
    const line = broken.slice(0, broken.indexOf("empty_numbre")).split("\n").length;
    const place = `${file}:${line}:21: `;
    expect(await response.text()).toContain(
      `the code map was not reloaded; the previous one stays in use\n${place}`,
    );
    expect(logEntries(exporter.log())).toContainEqual(
      expect.objectContaining({
        level: 50,
        msg: "the code map was not reloaded; the previous one stays in use",
      }),
    );
    expect(await gauge("dlr_config_last_reload_successful")).toBe(0);
    expect(await gauge("dlr_config_last_reload_success_timestamp_seconds")).toBe(succeededAt);

    await produce(brokers, topic, receiptsOf("12", 1));
    await untilCounted(exporter, brokers, topic);
    expect(await categories()).toEqual({ empty_number: 6 });
    expect((await exporter.get("/-/ready")).status).toBe(200);
  });

  it("counts new receipts by it when it is right, and leaves the old counts where they are", async () => {
    const hash = () => exporter.metrics().then((text) => /dlr_code_map_info\{hash="(\w+)"\}/.exec(text)?.[1]);
    const before = await hash();
    await writeFile(file, recategorised(original, "suspended"));
    const response = await reload();
    expect({ status: response.status, body: await response.text() }).toEqual({
      status: 200,
      body: "code map reloaded\n",
    });
    expect(await hash()).not.toBe(before);
    expect(await gauge("dlr_config_last_reload_successful")).toBe(1);
    expect(await categories()).toEqual({ empty_number: 6, suspended: 0 });

    await produce(brokers, topic, receiptsOf("12", 2));
    const { codes } = await untilCounted(exporter, brokers, topic);
    expect(await categories()).toEqual({ empty_number: 6, suspended: 2 });
    expect(codes).toEqual({ "12": 8 });
  });

  it("holds up nothing while it is read, however large: answers and commits go on", async () => {
    const lines = Array.from(
      { length: 10_000 },
      (_, i) =>
        `        "XA:${i}": { category: unknown, outcome: failed, fault: carrier, retryable: no, zh: 未知, en: New }\n`,
    );
    await writeFile(
      file,
      recategorised(original, "suspended").replace('        "12":', `${lines.join("")}$&`),
    );
    const start = performance.now();
    let done = false;
    const reloading = reload().finally(() => {
      done = true;
    });
    let longest = 0;
    let answers = 0;
    for (let last = start; !done; answers++) {
      await (await exporter.get("/-/healthy")).text();
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }
    expect((await reloading).status).toBe(200);
    const took = performance.now() - start;
    expect(answers).toBeGreaterThan(20);
    expect(longest / took).toBeLessThan(0.5);
    await produce(brokers, topic, receiptsOf("XA:9999", 1));
    const { codes } = await untilCounted(exporter, brokers, topic);
    expect(codes).toMatchObject({ "12": 8, "XA:9999": 1 });
  });

  it("is read on SIGHUP too", async () => {
    await writeFile(file, recategorised(original, "unreachable"));
    process.kill(exporter.pid, "SIGHUP");
    await waitFor(async () => "unreachable" in (await categories()), { what: "the new map" });
    await produce(brokers, topic, receiptsOf("12", 1));
    await untilCounted(exporter, brokers, topic);
    expect(await categories()).toEqual({ empty_number: 6, suspended: 2, unreachable: 1 });
  });

  it("does not take back what was counted by an older one, over a restart", async () => {
    await exporter.stop();
    exporter = await startExporter([...runFlags(brokers, [topic]), "--code-map", file]);
    await untilCounted(exporter, brokers, topic);
    expect(await categories()).toEqual({ empty_number: 6, suspended: 2, unreachable: 1 });
  });
});

/** The map with another category for code 12, and without the test rows, one of which holds the old one. */
function recategorised(map: string, category: string): string {
  return map
    .slice(0, map.indexOf("\ntests:"))
    .replace(
      '        "12":\n          category: empty_number',
      `        "12":\n          category: ${category}`,
    );
}
