import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Report } from "../../src/replay/report/report.ts";
import { type TemporaryFolder, temporaryFolder } from "../lab/guarded.ts";
import { receiptOf } from "./counting.ts";
import { createTopic, produce, randomName } from "./harness.ts";
import { replayed, untilNow } from "./replaying.ts";
import { describeWithBroker } from "./with-broker.ts";

describeWithBroker("a replay of codes that the map does not list", ({ brokers }) => {
  let folder: TemporaryFolder;
  beforeAll(async () => {
    folder = await temporaryFolder("dlr-exporter-codes-");
  });
  afterAll(() => folder?.remove());

  it("names the commonest, and says how many it does not", async () => {
    const many = randomName("codes");
    await createTopic(brokers, many, 2);
    // each once, and the first fifty twice
    const values = Array.from({ length: 9_050 }, (_, n) => receiptOf(`X${n % 9_000}`));
    await produce(brokers, many, values);
    const args = [
      "--brokers",
      brokers.join(","),
      "--topic",
      many,
      ...untilNow(),
      "--quiet",
      "--workers",
      "2",
    ];
    const state = join(folder.path, "codes.state");
    const { code, stdout, stderr } = await replayed(...args, "--resume", state, "--report", "json");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(existsSync(state)).toBe(false);
    const report = JSON.parse(stdout) as Report;
    expect(report).toMatchObject({ receipts: 9_050, unnamed: { codes: 8_950, andMore: false } });
    const counts = report.counts.map(({ code, count }) => [code, count]);
    const named = Array.from({ length: 50 }, (_, n) => [`X${n}`, 2]);
    expect(Object.fromEntries(counts)).toEqual(Object.fromEntries([...named, ["_other", 8_950]]));
  });
});
