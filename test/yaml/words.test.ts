import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseCodeMap } from "../../src/codes/parse.ts";
import { loadSettings } from "../../src/config/load.ts";
import type { Problem } from "../../src/diagnostics.ts";
import { notYaml } from "../../src/yaml/words.ts";
import { smallMap } from "../codes/small-map.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlr-words-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function ofSettings(text: string): readonly Problem[] {
  const config = join(folder, "dlr.yaml");
  writeFileSync(config, text);
  const loaded = loadSettings({ flags: { config }, env: {} });
  return "problems" in loaded ? loaded.problems : [];
}

function ofMap(text: string): readonly Problem[] {
  const parsed = parseCodeMap(text, "map.yaml");
  return "problems" in parsed ? parsed.problems : [];
}

const told = (problems: readonly Problem[]) => problems.map(({ message, hint }) => `${message} | ${hint}`);

describe("a configuration file and a code map are told the same of", () => {
  it.each([
    {
      name: "an unknown key",
      settings: "ssl: {enabled: true, enabld: true}",
      map: smallMap.replace("kind: receipt", "kind: receipt\n      knd: api"),
      groups: ["ssl", "acme/sms_receipt"],
      words: ["enabld", "knd", "enabled", "kind"],
    },
    {
      name: "a key twice",
      settings: `${"\n".repeat(10)}port: 1\nport: 2`,
      map: smallMap.replace("kind: receipt", "kind: receipt\n      kind: receipt"),
      groups: ["the file", "acme/sms_receipt"],
      words: ["port", "kind"],
    },
    { name: "what is no mapping", settings: "- a", map: "- a", groups: ["the file", "the code map"] },
    {
      name: "what is no list",
      settings: "topics: word",
      map: smallMap.replace(/tests:.*/s, "tests: word"),
      groups: ["topics", "tests"],
    },
    {
      name: "what is no single value",
      settings: "log_level: [info]",
      map: smallMap.replace("channel: sms", "channel: [sms]"),
      groups: ["log_level", "channel"],
    },
    {
      name: "an empty text",
      settings: "group:",
      map: smallMap.replace("title: SMS receipts", "title:"),
      groups: ["group", "title"],
      hints: false,
    },
    { name: "an alias of nothing", settings: "group: *none", map: "group: *none" },
    { name: "what is no YAML", settings: "group: [\n", map: "group: [\n" },
    { name: "what is no YAML, and is quoted", settings: 'a: "\\q"', map: 'a: "\\q"' },
  ])("$name", ({ settings, map, groups = ["", ""], words = [], hints = true }) => {
    const [one = "", other = ""] = groups;
    const same = (text: string, group: string) =>
      words.reduce((left, word) => left.replaceAll(word, "_"), text.replaceAll(group || "\0", "GROUP"));
    const [fromSettings, fromMap] = [told(ofSettings(settings)), told(ofMap(map))];
    expect(fromSettings).toHaveLength(1);
    const shown = (text: string, group: string) => same(hints ? text : (text.split(" | ")[0] ?? ""), group);
    expect(fromSettings.map((text) => shown(text, one))).toEqual(fromMap.map((text) => shown(text, other)));
  });
});

describe("what the parser says of no YAML", () => {
  it.each([
    ['Unexpected scalar at node end: "hunter2"', "Unexpected scalar at node end"],
    ["Unresolved tag: !hunter2", "Unresolved tag"],
    ["Invalid escape sequence \\hunter2", "Invalid escape sequence"],
    [
      "Source contains multiple documents; please use YAML.parseAllDocuments()",
      "Source contains multiple documents",
    ],
  ])("is told without what it quotes and advises: %s", (message, words) => {
    expect(notYaml(message).message).toBe(`not valid YAML: ${words}`);
  });
});
