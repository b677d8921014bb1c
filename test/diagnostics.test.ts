import { describe, expect, it } from "vitest";
import { mostProblems } from "../src/bounds.ts";
import { parseCodeMap } from "../src/codes/parse.ts";
import { firstProblems, type Problem, renderProblems, sentence } from "../src/diagnostics.ts";

describe("sentence", () => {
  it("shows of what is quoted at length its beginning and its end", () => {
    const told = sentence(`format must be auto, not \`${"x".repeat(5_000)}\``);
    expect(told).toHaveLength(1_000);
    expect(told).toMatch(/^format must be auto, not `x+…x+`$/);
  });

  it("shows no part of a phone number where it cuts", () => {
    for (let before = 780; before < 820; before++) {
      expect(sentence(`${"x".repeat(before)}13900000000${"y".repeat(500)}`)).not.toMatch(/\d/);
    }
  });

  it("leaves what is short as it is", () => {
    expect(sentence("topics[0].format is missing")).toBe("topics[0].format is missing");
  });
});

describe("firstProblems", () => {
  const problems = (count: number): Problem[] =>
    Array.from({ length: count }, (_, n) => ({ file: "f", line: n + 1, column: 2, message: "m", hint: "h" }));

  it.each([0, 1, mostProblems])("gives all of %i", (count) => {
    expect(firstProblems(problems(count))).toEqual(problems(count));
  });

  it.each([
    { more: 1, message: "1 more problem not shown" },
    { more: 200_000, message: "200000 more problems not shown" },
  ])("says of $more more how many they are", ({ more, message }) => {
    const told = firstProblems(problems(mostProblems + more));
    expect(told.slice(0, -1)).toEqual(problems(mostProblems));
    expect(told.at(-1)).toEqual({
      ...{ file: "f", line: mostProblems, column: 2 },
      ...{ message, hint: "Fix these first." },
    });
  });
});

describe("renderProblems", () => {
  it.each([
    ["a key", (long: string) => `${long}: 1\n`],
    ["a category", (long: string) => `version: 1\ncategories:\n  ${long}: {outcome: failed}\n`],
    ["an alias", (long: string) => `version: *${long}\n`],
  ])("keeps a problem with %s of 100,000 characters readable", (_, write) => {
    const text = write("x".repeat(100_000));
    const parsed = parseCodeMap(text, "map.yaml");
    if (!("problems" in parsed)) throw new Error("such a map was taken");
    const { problems } = parsed;
    expect(renderProblems(problems).length).toBeLessThan(problems.length * 2_500);
  });

  it.each([
    { name: "letters", text: "port: 70000", part: "70000", under: "      ^^^^^" },
    { name: "full-width characters", text: "zh: 空号, en: x", part: "空号", under: "    ^^^^" },
    {
      name: "what stands behind full-width ones",
      text: "zh: 空号，ｅｎ 한 カ x",
      part: "x",
      under: `${" ".repeat(21)}^`,
    },
    { name: "half-width ones", text: "zh: ｶﾅ x", part: "x", under: "       ^" },
    { name: "emoji and combining marks", text: "e\u0301 😀 x", part: "x", under: "     ^" },
    { name: "a place behind tabs", text: "a:\t\tb", part: "b", under: "  \t\t^" },
    { name: "a place where nothing stands", text: "port:", part: "", under: "     ^" },
  ])("underlines $name", ({ text, part, under }) => {
    const at = part === "" ? text.length : text.indexOf(part);
    const excerpt = () => ({ text, at, length: part.length });
    const problem = { file: "f", line: 1, column: at + 1, message: "m", hint: "h", excerpt };
    expect(renderProblems([problem])).toBe(`f:1:${at + 1}: m\n    ${text}\n    ${under}\n    h\n`);
  });
});
