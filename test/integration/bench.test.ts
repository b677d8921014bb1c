import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { compare } from "../bench/compare.ts";
import { createBenchTopic, removeBenchTopic } from "../bench/topic.ts";
import type { Workload } from "../bench/workload.ts";
import { ending } from "../lab/guarded.ts";
import { withAdmin } from "./harness.ts";
import { describeWithBroker } from "./with-broker.ts";

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

  it("measures all three programs, writes down what it found, and leaves nothing behind", async () => {
    const before = await leftovers();
    const results = join(folder, "RESULTS.md");
    const size = ["--messages", "20000", "--partitions", "2", "--codec", "lz4", "--per-record", "4"];
    const child = spawn(process.execPath, [benchModule, ...size, "--rounds", "1", "--results", results], {
      env: { ...process.env, KAFKA_BROKERS: brokers.join(",") },
    });
    const { stdout, stderr, code } = await ending(child);
    expect(code, stderr).toBe(0);
    const written = readFileSync(results, "utf8");
    expect(written).toContain("\n## 20,000 receipts, 2 partitions, lz4, 4 a record, 200 codes\n");
    const table = /^\| program[\s\S]*/m.exec(written)?.[0] ?? "";
    expect(stdout).toContain(table);
    const [, , ...rows] = table.trim().split("\n");
    expect(rows.map((row) => row.split(" | ")[0])).toEqual([
      "| kafkajs `eachBatch`, drain only (the yardstick)",
      "| dlr-exporter `run`",
      "| dlr-exporter `replay`",
    ]);
    for (const row of rows)
      expect(row).toMatch(/ \| [1-9][\d,]* \| \d+\.\d\d \(.*\) \| \d+\.\d\d \| [1-9]\d* \|$/);
    expect(await leftovers()).toEqual(before);
  });

  it("fails when a program has counted anything but what was sent", async () => {
    const workload: Workload = {
      ...{ messages: 500, partitions: 1, codec: "none", perRecord: 1 },
      ...{ codes: 20, distinct: 20 },
    };
    const topic = await createBenchTopic(brokers, workload);
    const compared = (changed: Partial<typeof topic>) => compare({ ...topic, ...changed }, 1, () => {});
    try {
      const delivered = topic.expected.get("DELIVRD") ?? 0;
      const expected = new Map(topic.expected).set("DELIVRD", delivered + 1).set("XA:9999", 2);
      await expect(compared({ expected })).rejects.toThrow(
        `\`run\` has counted ${delivered} of DELIVRD, but ${delivered + 1} were sent; 0 of XA:9999, but 2 were sent`,
      );
      await expect(compared({ records: 499 })).rejects.toThrow("has read 500 records, but 499 were sent");
    } finally {
      await removeBenchTopic(topic);
    }
  });
});
