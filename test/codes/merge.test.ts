import { describe, expect, it } from "vitest";
import type { Layer } from "../../src/codes/layer.ts";
import { mergeLayers } from "../../src/codes/merge.ts";
import { parseMapLayer, readerOf } from "../../src/codes/parse.ts";
import { packSurroundings } from "./small-pack.ts";

/** A map of one scope with these codes, written one a line from the 7th on. */
function layerOf(file: string, codes: readonly string[], head = "sms_receipt: { channel: sms"): Layer {
  const [scope, rest] = head.split(": { ");
  const text = [
    ...["version: 1", "providers:", "  acme:", `    ${scope}:`],
    ...[`      ${(rest ?? "").replace(", ", "\n      ")}`, "      codes:"],
    ...codes.map((code) => `        ${code}`),
  ].join("\n");
  const around = { ...packSurroundings(), tables: new Map() };
  const whole = text.replace("      codes:", "      kind: receipt\n      title: T\n      codes:");
  const { layer, problems } = parseMapLayer(readerOf(whole, file), whole, file, around);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return layer;
}

const lower = layerOf("lower.yaml", [
  "A: { category: blacklist }",
  "B: { category: blacklist }",
  "D: { category: blacklist }",
]);
const upper = layerOf("upper.yaml", [
  "ｂ: { category: power_off }",
  "C: { category: power_off }",
  "D: { category: blacklist, en: Other words }",
]);

describe("layers", () => {
  it("are put together code by code: the later wins and stands first, whatever the spelling", () => {
    const [table, ...others] = mergeLayers([lower, upper]).tables;
    expect(others).toEqual([]);
    expect(table?.entries.map(({ code, category, en }) => `${code} ${category} ${en}`)).toEqual([
      ...[
        "ｂ power_off Powered off",
        "C power_off Powered off",
        "D blacklist Other words",
        "A blacklist Blacklist",
      ],
    ]);
    expect(table).not.toHaveProperty("place");
  });

  it("say who wins, with both places, and whether the two contradict each other", () => {
    const { overrides, problems } = mergeLayers([lower, upper]);
    const place = ({ file, line, entry }: (typeof overrides)[number]["winner"]) =>
      `${file}:${line} ${entry.category}`;
    expect(overrides.map(({ winner, loser, conflict }) => [place(winner), place(loser), conflict])).toEqual([
      ["upper.yaml:11 blacklist", "lower.yaml:11 blacklist", false],
      ["upper.yaml:9 power_off", "lower.yaml:10 blacklist", true],
    ]);
    expect(problems).toEqual([]);
  });

  it("contradict each other as well where only the outcome differs", () => {
    const mild = layerOf("mild.yaml", ["A: { category: blacklist, outcome: unknown }"]);
    expect(mergeLayers([lower, mild]).overrides.map(({ conflict }) => conflict)).toEqual([true]);
  });

  it("are each overridden by the last of three", () => {
    const top = layerOf("top.yaml", ["B: { category: blacklist }"]);
    const { overrides, tables } = mergeLayers([lower, upper, top]);
    expect(tables[0]?.entries.find(({ code }) => code === "B")?.category).toBe("blacklist");
    const losers = overrides
      .filter(({ winner }) => winner.file === "top.yaml")
      .map(({ loser }) => loser.file);
    expect(losers).toEqual(["lower.yaml", "upper.yaml"]);
  });

  it("may not make one table of two channels", () => {
    const voice = layerOf("voice.yaml", ["A: { category: blacklist }"], "sms_receipt: { channel: voice");
    expect(mergeLayers([lower, voice]).problems).toEqual([
      expect.objectContaining({
        file: "voice.yaml",
        line: 4,
        message: "channel of acme/sms_receipt is voice here and sms in lower.yaml:4",
      }),
    ]);
  });
});
