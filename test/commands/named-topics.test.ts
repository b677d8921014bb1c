import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadConfiguration } from "../../src/config/configuration.ts";
import { inProcess } from "./in-process.ts";

const folder = mkdtempSync(join(tmpdir(), "dlr-exporter-patterns-"));
const config = join(folder, "dlr.yaml");
writeFileSync(
  config,
  "topics:\n- {topic: sms.own, provider: infobip}\n- {pattern: 'sms\\..*', provider: tencent}\n" +
    "- {pattern: '.*', utc_offset: '+01:00'}\n",
);
afterAll(() => rmSync(folder, { recursive: true }));

describe("topics by pattern", () => {
  it.each(["find", "sample", "replay"])("have to be named for %s", async (command) => {
    const more = command === "find" ? [] : ["--from", "-1h"];
    const { code, stderr } = await inProcess([command, "--config", config, ...more]);
    expect(code).toBe(2);
    expect(stderr).toContain(
      "the configuration has topics by pattern (sms\\..*); say which ones with --topic, and each keeps its settings",
    );
  });

  it("keep the settings of their own entry, else of the first pattern, when they are named", async () => {
    const topic = ["sms.own", "sms.cn", "voice"];
    const loaded = await loadConfiguration({ flags: { config, topic }, env: {} });
    if (!("settings" in loaded)) throw new Error(JSON.stringify(loaded.problems));
    const { topics, patterns } = loaded.settings;
    expect(topics.map(({ topic, provider, shape }) => [topic, provider, shape.utcOffsetMinutes])).toEqual([
      ["sms.own", "infobip", 480],
      ["sms.cn", "tencent", 480],
      ["voice", undefined, 60],
    ]);
    expect(patterns).toEqual([]);
  });

  it("stand apart from those that are named", async () => {
    const loaded = await loadConfiguration({ flags: { config }, env: {} });
    if (!("settings" in loaded)) throw new Error(JSON.stringify(loaded.problems));
    expect(loaded.settings.topics.map(({ topic }) => topic)).toEqual(["sms.own"]);
    expect(loaded.settings.patterns.map(({ pattern, provider }) => [pattern, provider])).toEqual([
      ["sms\\..*", "tencent"],
      [".*", undefined],
    ]);
  });

  it("have their budgets told by check", async () => {
    const { stdout } = await inProcess(["check", "--config", config]);
    expect(stdout).toMatch(/topics\[1\]\.pattern +sms\\\.\.\*/);
    expect(stdout).toContain("topic matching sms\\..*: with all ");
  });
});
