import { describe, expect, it } from "vitest";
import type { MemberTest } from "../../../src/receipts/formats/description.ts";
import { compileTests, namesOf, wordOf } from "../../../src/receipts/formats/recognise.ts";

describe("tests of members", () => {
  const value = { a: null, b: { c: 1 }, type: "Uplink", text: '{"d":[2]}' };
  const rows: readonly { tests: readonly MemberTest[]; passes: boolean }[] = [
    { tests: [], passes: true },
    { tests: [{ has: ["/a"] }], passes: true },
    { tests: [{ has: ["/x", "/b/c"] }], passes: true },
    { tests: [{ has: ["/x"] }], passes: false },
    { tests: [{ has: [] }], passes: false },
    { tests: [{ has: ["/text/d/0"] }], passes: true },
    { tests: [{ lacks: ["/x", "/y"] }], passes: true },
    { tests: [{ lacks: ["/x", "/a"] }], passes: false },
    { tests: [{ at: "/type", is: ["mo", "uplink"] }], passes: true },
    { tests: [{ at: "/type", is: ["mo"] }], passes: false },
    { tests: [{ at: "/a", is: ["null"] }], passes: true },
    { tests: [{ at: "/b", is: ["[object Object]"] }], passes: false },
    { tests: [{ has: ["/a"] }, { lacks: ["/b"] }], passes: false },
    { tests: [{ has: ["/toString"] }], passes: false },
  ];
  it.each(rows)("$tests: $passes", ({ tests, passes }) => {
    expect(compileTests([tests])(value)).toBe(passes);
  });

  it("pass when one set passes, and not where there is none", () => {
    expect(compileTests([[{ has: ["/x"] }], [{ has: ["/a"] }]])(value)).toBe(true);
    expect(compileTests([])(value)).toBe(false);
  });

  it.each([1, "x", null, undefined, [], [1]])("have no member of %j", (other) => {
    expect(compileTests([[{ has: ["/a"] }]])(other)).toBe(false);
  });
});

describe("a word", () => {
  it.each([
    { value: " TRUE ", word: "true" },
    { value: true, word: "true" },
    { value: 1, word: "1" },
    { value: null, word: "null" },
    { value: undefined, word: undefined },
    { value: {}, word: undefined },
    { value: [1], word: undefined },
  ])("$value: $word", ({ value, word }) => {
    expect(wordOf(value)).toBe(word);
  });
});

describe("the members that are asked for", () => {
  it.each([
    {
      sets: [[{ has: ["/a", "/b/c"] }, { has: ["/d"] }], [{ at: "/e", is: ["1"] }]],
      members: ["a", "b", "e"],
    },
    { sets: [[{ lacks: ["/x"] }, { at: "/a~1b", is: ["1"] }]], members: ["a/b"] },
    { sets: [[{ has: ["/a"] }], [{ lacks: ["/x"] }]], members: undefined },
    { sets: [[{ has: ["", "/a"] }]], members: undefined },
    { sets: [], members: [] },
  ])("$sets", ({ sets, members }) => {
    expect(namesOf(sets)).toEqual(members);
  });
});
