import { describe, expect, it } from "vitest";
import { commonTable, onlyTopic } from "../../../src/commands/classify/judging.ts";
import { UsageError } from "../../../src/commands/command.ts";
import { resolveTopics } from "../../../src/config/formats.ts";
import { loadSettings } from "../../../src/config/load.ts";
import type { Settings } from "../../../src/config/schema.ts";

/** Settings with a topic for each of these, which says no more than this. */
function settingsOf(...said: readonly { readonly provider?: string; readonly scope?: string }[]): Settings {
  const loaded = loadSettings({ flags: { topic: said.map((_, index) => `t${index}`) }, env: {} });
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems));
  const topics = loaded.settings.topics.map((topic, index) => ({
    ...topic,
    provider: said[index]?.provider,
    shape: { ...topic.shape, scope: said[index]?.scope },
  }));
  return { ...loaded.settings, ...resolveTopics(topics, []) };
}

describe("the topic of a file of records", () => {
  it("is the only one that is configured", () => {
    expect(onlyTopic(settingsOf({})).topic).toBe("t0");
  });

  it("has to be told among several, which are named", () => {
    expect(() => onlyTopic(settingsOf({}, {}))).toThrow(UsageError);
    expect(() => onlyTopic(settingsOf({}, {}))).toThrow("several topics (t0, t1)");
  });
});

describe("the table for codes without a topic is what every topic says", () => {
  const rows = [
    { name: "nothing", said: [{}], table: { provider: undefined } },
    { name: "its own", said: [{ provider: "a", scope: "s" }], table: { provider: "a", scope: "s" } },
    {
      name: "the same of all",
      said: [
        { provider: "a", scope: "s" },
        { provider: "a", scope: "s" },
      ],
      table: { provider: "a", scope: "s" },
    },
    {
      name: "no scope where they differ",
      said: [
        { provider: "a", scope: "s" },
        { provider: "a", scope: "r" },
      ],
      table: { provider: "a" },
    },
    {
      name: "no provider where one says none",
      said: [{ provider: "a", scope: "s" }, { scope: "s" }],
      table: { provider: undefined, scope: "s" },
    },
    {
      name: "nothing of what the first does not say",
      said: [{}, { provider: "a", scope: "s" }],
      table: { provider: undefined },
    },
  ];
  it.each(rows)("$name", ({ said, table }) => {
    const common = commonTable(settingsOf(...said));
    expect(common).toEqual(table);
    // a scope that is there but undefined would be looked up
    expect("scope" in common).toBe("scope" in table);
  });
});
