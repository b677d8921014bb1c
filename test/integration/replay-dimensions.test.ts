import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Report } from "../../src/replay/report/report.ts";
import { type TemporaryFolder, temporaryFolder } from "../lab/guarded.ts";
import { createRandom } from "../lab/random.ts";
import { runFlags, untilCounted } from "./counting.ts";
import { createTopic, parseMetrics, produce, randomName, startExporter, sumBy } from "./harness.ts";
import { replayed, untilNow } from "./replaying.ts";
import { describeWithBroker } from "./with-broker.ts";

const partitions = 4;
const records = 2_000;
const dimensions = `
      signature: { from: /sign_name }
      tenant: { from: key }
      batch: { from: "header:batch", match: "^([A-Z]{2})-" }
      country: { from: number }`;

describeWithBroker("a replay of receipts by dimension", ({ brokers }) => {
  const topic = randomName("by-dimension");
  let folder: TemporaryFolder;
  let config = "";
  let asked: string[] = [];

  const path = (name: string) => join(folder.path, name);

  /** Few values of each dimension, so that nothing is folded, and many signatures beside. */
  beforeAll(async () => {
    folder = await temporaryFolder("dlr-exporter-dimensions-");
    config = path("dlr.yaml");
    await writeFile(
      config,
      `topics:\n  - topic: ${topic}\n    format: tmc-sms\n    dimensions:${dimensions}\n`,
    );
    const random = createRandom(7);
    const one = <T>(...from: T[]) => from[random.below(from.length)];
    const messages = Array.from({ length: records }, (_, n) => {
      if (n % 97 === 0) return { value: "no receipt", partition: n % partitions };
      const code = one("DELIVRD", "DELIVRD", "DB:0141", "MK:0010", "NEW:1") ?? "";
      const receipt = {
        ...{ state: code === "DELIVRD" ? "1" : "2", err_code: code, biz_id: `${n}^1` },
        ...{
          receiver: one("13800000000", "85290000000", undefined),
          sign_name: one("Shop", "Bank", "", undefined),
        },
      };
      return {
        value: JSON.stringify(receipt),
        partition: random.below(partitions),
        key: one("red", "blue", "13900000000") ?? "",
        headers: { batch: one("AB-1", "CD-2", "none") ?? "" },
      };
    });
    await createTopic(brokers, topic, partitions);
    await produce(brokers, topic, messages);
    asked = ["--config", config, "--brokers", brokers.join(","), "--topic", topic, ...untilNow(), "--quiet"];
  });
  afterAll(() => folder?.remove());

  async function reportOf(...args: string[]): Promise<Report> {
    const { code, stdout, stderr } = await replayed(...asked, "--report", "json", ...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return JSON.parse(stdout) as Report;
  }

  it("is what a run counts of the same log, whoever reads it", async () => {
    const exporter = await startExporter(["--config", config, ...runFlags(brokers, [topic])]);
    let live: ReadonlyMap<string, number>;
    try {
      await untilCounted(exporter, brokers, topic);
      live = sumBy(parseMetrics(await exporter.metrics()), "dlr_receipts_by_total", (own) =>
        [own.dimension, own.value, own.provider, own.channel, own.category, own.outcome].join(" "),
      );
    } finally {
      await exporter.stop();
    }
    const counted = Object.fromEntries([...live].filter(([, count]) => count > 0));
    const values = new Set(Object.keys(counted).map((key) => key.split(" ").slice(0, 2).join(" ")));
    expect([...values].sort()).toEqual([
      ...["batch AB", "batch CD", "batch _other"],
      ...["country +852", "country +86", "country _none"],
      ...["signature Bank", "signature Shop", "signature _none"],
      ...["tenant _redacted", "tenant blue", "tenant red"],
    ]);
    const report = await reportOf("--workers", "3");
    const replayedCounts = Object.entries(report.dimensions ?? {}).flatMap(([name, own]) =>
      own.map(({ value, provider, channel, category, outcome, count }) => [
        [name, value, provider, channel, category, outcome].join(" "),
        count,
      ]),
    );
    expect(Object.fromEntries(replayedCounts)).toEqual(counted);
    expect(report.unnamedValues).toEqual({ values: 0, andMore: false });
    expect(await reportOf()).toEqual(report);
    for (const own of Object.values(report.dimensions ?? {}))
      expect(own.reduce((sum, { count }) => sum + count, 0)).toBe(report.receipts);
  });

  it("has the result of a single one when machines share it, byte for byte", async () => {
    const whole = await replayed(...asked, "--report", "table", "--openmetrics", path("whole.txt"));
    expect(whole).toMatchObject({ code: 0, stderr: "" });
    expect(whole.stdout).toContain("\nDIMENSION  VALUE  RECEIPTS  DELIVERED  FAILS MOSTLY AS\nsignature  ");
    for (const choice of ["0,3", "1-2"])
      await reportOf("--partitions", choice, "--resume", path(`${choice}.state`), "--workers", "2");
    const merged = await replayed(
      ...["merge", path("1-2.state"), path("0,3.state"), "--quiet"],
      ...["--report", "table", "--openmetrics", path("merged.txt")],
    );
    expect(merged).toEqual(whole);
    const text = await readFile(path("merged.txt"), "utf8");
    expect(text).toBe(await readFile(path("whole.txt"), "utf8"));
    expect(text).toContain("# TYPE dlr_receipts_by counter\ndlr_receipts_by_total{");
    expect(text).not.toMatch(/\d{11}"/);
  });

  it("does not go on with a state of other dimensions", async () => {
    const part = ["--partitions", "0", "--resume", path("0.state")];
    await reportOf(...part);
    const other = path("other.yaml");
    await writeFile(other, (await readFile(config, "utf8")).replace("/sign_name", "/template_code"));
    const { code, stderr } = await replayed(...asked.map((arg) => (arg === config ? other : arg)), ...part);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `dlr-exporter: ${path("0.state")} is the state of a replay with different topics, dimensions, times, step or code map: use the same ones, or another file\n`,
    });
  });
});
