import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { inTurns } from "../bench/compare.ts";
import { type Program, replay, run, yardstick } from "../bench/programs.ts";
import { steadyCosts } from "../bench/steady-costs.ts";
import { type BenchTopic, withTopics } from "../bench/topic.ts";
import { usual, type Workload } from "../bench/workload.ts";
import { withAdmin } from "../integration/harness.ts";
import { describeWithBroker } from "../integration/with-broker.ts";
import { ending } from "../lab/guarded.ts";
import { findProducer } from "../lab/producers.ts";

const benchModule = fileURLToPath(new URL("../bench/main.ts", import.meta.url));

describeWithBroker("the benchmark", ({ brokers }) => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "dlr-bench-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The topics and groups of benchmarks. */
  function leftovers(): Promise<string[]> {
    return withAdmin(brokers, async (admin) => {
      const { groups } = await admin.listGroups();
      const names = [...(await admin.listTopics()), ...groups.map(({ groupId }) => groupId)];
      return names.filter((name) => name.startsWith("dlr.bench.")).sort();
    });
  }

  /** Runs the benchmark to its end. */
  async function bench(name: string, ...args: string[]) {
    const results = join(folder, name);
    const child = spawn(process.execPath, [benchModule, ...args, "--rounds", "1", "--results", results], {
      env: { ...process.env, KAFKA_BROKERS: brokers.join(",") },
    });
    const { stdout, stderr, code } = await ending(child);
    return { stdout, stderr, code, results };
  }

  it("measures shapes in two sizes, the start apart, and leaves nothing behind", async () => {
    const before = await leftovers();
    const size = ["--messages", "1000", "--partitions", "2"];
    const { stdout, stderr, code, results } = await bench(
      "shapes.md",
      "shapes",
      "start",
      ...size,
      "--shapes",
      "mixed",
    );
    expect(code, stderr).toBe(0);
    const written = readFileSync(results, "utf8");
    expect(written).toContain("\n## Shapes: 1,000 and 5,000 receipts, 2 partitions, 200 codes\n");
    expect(written).toContain("\n## Start: 2 empty partitions, 200 codes\n");
    const rows = written.match(/^\|.*\|$/gm) ?? [];
    expect(rows.filter((row) => !stdout.includes(row))).toEqual([]);
    expect(rows.filter((row) => row.startsWith("| `mixed` |"))).toHaveLength(2);
    expect(written).toMatch(/^\| `run` until it is ready, and its end \| [1-9]\d* \(.*\) \| [1-9]\d* \|$/m);
    expect(rows.filter((row) => row.includes("NaN"))).toEqual([]);
    expect(stderr.match(/^round 1: .*: [15],000 receipts, mixed, /gm)).toHaveLength(6);
    expect(await leftovers()).toEqual(before);
  });

  it("measures batches as a producer that is not ours writes them", async () => {
    const before = await leftovers();
    const kcat = typeof (await findProducer("kcat")) !== "string" || process.env.CI === "true";
    const producer = kcat ? "kcat" : "kafkajs";
    const chosen = ["--producers", producer, "--codecs", "none,zstd", "--batches", "16384"];
    const size = ["--messages", "3000", "--shapes", "aliyun-sms-10"];
    const { stderr, code, results } = await bench("batches.md", "batches", ...size, ...chosen);
    expect(code, stderr).toBe(0);
    const written = readFileSync(results, "utf8");
    expect(written).toContain(
      "\n## Batches: 3,000 receipts of the shape aliyun-sms-10, 4 partitions, 200 codes\n",
    );
    const rows = written.match(/^\|.*\|$/gm)?.slice(2) ?? [];
    expect(rows.map((row) => row.split(" | ").slice(0, 3).join(" "))).toEqual([
      `| ${producer} none 16`,
      `| ${producer} zstd 16`,
    ]);
    expect(written).toMatch(/^`run`: the best is \w+ by \w+ in 16 KiB with /m);
    expect(await leftovers()).toEqual(before);
  });

  it("measures a Java program beside its own", async (context) => {
    if (spawnSync("javac", ["--version"]).error !== undefined && process.env.CI !== "true")
      return context.skip("no compiler of Java");
    const before = await leftovers();
    const { stderr, code, results } = await bench("java.md", "java", "--messages", "1000");
    expect(code, stderr).toBe(0);
    const written = readFileSync(results, "utf8");
    expect(written).toContain(
      "\n## Beside Java: 5,000 receipts of the shape foreign, 4 partitions, 200 codes\n",
    );
    expect(written.match(/^\| .* \| \d+\.\d\d \(.*\) \| [\d,]+ \| [1-9]\d* \|$/gm)).toHaveLength(3);
    expect(written).toMatch(
      /^`run` takes \d+\.\d\d of the CPU that the Java program takes, `replay` \d+\.\d\d\.$/m,
    );
    expect(await leftovers()).toEqual(before);
  });

  it("measures what is spent by the second, and how old counts are when they are committed", async () => {
    const before = await leftovers();
    const base: Workload = { ...usual, partitions: 2, codes: 20, distinct: 20 };
    const { body } = await steadyCosts(brokers, base, 1, () => {}, 6);
    const shares = [...body.matchAll(/^\| (.+?) \| ([\d.]+) % \(/gm)].map(([, name, share]) => [
      name,
      Number(share),
    ]);
    expect(shares.map(([name]) => name)).toEqual([
      "idle, 2 partitions",
      "idle, 1,000 partitions",
      "2,000 receipts/s in batches of 10, 2 partitions",
    ]);
    // Idle with two partitions it may take less in six seconds than the system counts by, 10 ms.
    expect(shares.slice(1).filter(([, share]) => !(Number(share) > 0))).toEqual([]);
    expect(body).toMatch(/^\| 2,000 .* \| [1-9][\d.]* s \| [1-9][\d.]* s \|$/m);
    expect(await leftovers()).toEqual(before);
  });

  it("fails when a program has counted anything but what was sent", async () => {
    const workload: Workload = { ...usual, messages: 500, partitions: 1, codes: 20, distinct: 20 };
    await withTopics(brokers, [workload], async (topics) => {
      const compared = (program: Program, changed: Partial<BenchTopic>) =>
        inTurns(
          topics.map((topic) => ({ program, topic: { ...topic, ...changed } })),
          1,
          () => {},
        );
      const delivered = topics[0]?.expected.get("DELIVRD") ?? 0;
      const expected = new Map(topics[0]?.expected).set("DELIVRD", delivered + 1).set("XA:9999", 2);
      for (const program of [run, replay])
        await expect(compared(program, { expected })).rejects.toThrow(
          `${program.name} has counted ${delivered} of DELIVRD, but ${delivered + 1} were sent; 0 of XA:9999, but 2 were sent`,
        );
      await expect(compared(yardstick, { records: 499 })).rejects.toThrow(
        "has read 500 records, but 499 were sent",
      );
    });
  });
});
