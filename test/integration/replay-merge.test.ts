import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { smallMap } from "../codes/small-map.ts";
import { receiptOf, timedReceiptOf } from "./counting.ts";
import { createTopic, produce, randomName } from "./harness.ts";
import { replayed, untilNow } from "./replaying.ts";
import { describeWithBroker } from "./with-broker.ts";

describeWithBroker("a replay that several machines share", ({ brokers }) => {
  const topic = randomName("shared");
  const direct = ["--brokers", brokers.join(",")];
  let folder = "";
  let asked: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "dlr-exporter-merge-"));
    const before = join(folder, "before.yaml");
    await writeFile(before, smallMap.replaceAll("acme", "aliyun"));
    await createTopic(brokers, topic, 6);
    const records = Array.from({ length: 3_000 }, (_, n) => {
      if (n % 97 === 0) return "no receipt";
      // codes without a place in the map, more in some partitions than in others
      return n % 3 === 0 ? receiptOf(`NEW:${n % 40}`) : timedReceiptOf(["012", "12", "DELIVRD"][n % 3] ?? "");
    });
    await produce(
      brokers,
      topic,
      records.map((value, n) => ({ value, partition: (n * n) % 6 })),
    );
    asked = ["--topic", topic, ...untilNow(), "--compare", before, "--report", "json", "--quiet"];
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const path = (name: string) => join(folder, name);

  it("has the result of a single one, byte for byte", async () => {
    const whole = await replayed(...direct, ...asked, "--openmetrics", path("whole.txt"));
    expect(whole).toMatchObject({ code: 0, stderr: "" });
    const parts = ["0-1", "5,2", "3-4"];
    for (const [index, partitions] of parts.entries()) {
      const part = [
        "--partitions",
        partitions,
        "--resume",
        path(`${index}.state`),
        "--workers",
        `${1 + (index % 2)}`,
      ];
      expect(await replayed(...direct, ...asked, ...part)).toMatchObject({ code: 0, stderr: "" });
    }
    const states = parts.map((_, index) => path(`${index}.state`));
    const merged = await replayed(
      "merge",
      ...states,
      "--report",
      "json",
      "--openmetrics",
      path("merged.txt"),
      "--quiet",
    );
    expect(merged).toEqual(whole);
    expect(await readFile(path("merged.txt"), "utf8")).toBe(await readFile(path("whole.txt"), "utf8"));
    // the states are there for another report, and one that is missing is told
    const [first = "", second = ""] = states;
    expect((await replayed("merge", ...states)).code).toBe(0);
    expect(await replayed("merge", first, second)).toEqual({
      code: 1,
      stdout: "",
      stderr: `dlr-exporter: partitions 3-4 of topic ${topic} are missing from the files: replay them with --partitions 3-4\n`,
    });
  });

  it("has no part of partitions that are not there", async () => {
    const part = ["--partitions", "4-6", "--resume", path("none.state")];
    expect(await replayed(...direct, ...asked, ...part)).toEqual({
      code: 1,
      stdout: "",
      stderr: `dlr-exporter: there is no partition 6: ${topic} has 0-5\n`,
    });
  });

  it("goes on with no state of other partitions", async () => {
    const part = (partitions: string) => [
      ...asked,
      "--partitions",
      partitions,
      "--resume",
      path("other.state"),
    ];
    expect((await replayed(...direct, ...part("0"))).code).toBe(0);
    expect((await replayed(...direct, ...part("1"))).stderr).toBe(
      `dlr-exporter: ${path("other.state")} is the state of a replay of partitions 0, not of partitions 1: use the same partitions, or another file\n`,
    );
  });
});
