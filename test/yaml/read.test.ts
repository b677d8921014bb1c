import { describe, expect, it } from "vitest";
import { LineCounter } from "yaml";
import { deepestNesting } from "../../src/bounds.ts";
import { readYaml, type Span } from "../../src/yaml/read.ts";

const read = (text: string) => {
  const found = readYaml(text, new LineCounter());
  return { ...found, part: ({ start, end }: Span) => text.slice(start, end) };
};

it("every scalar is text", () => {
  const { document } = read("a: 002\nb: yes\nc: 0x1f\nd:\n");
  expect(document.toJS()).toEqual({ a: "002", b: "yes", c: "0x1f", d: "" });
});

describe("what is wrong is found where it stands", () => {
  it("a key that is in its mapping already, with the mapping and its first place", () => {
    const { repeated, part } = read('a:\n  - {x: 1}\n  - {b: {"c": 1, d: 2, c: 3}}\n');
    expect(repeated.map(({ at, first, path }) => [part(at), part(first), path])).toEqual([
      ["c", '"c"', ["a", 1, "b"]],
    ]);
  });

  it("a key that is a mapping or a sequence, by an alias too", () => {
    const { nested, part } = read("? {a: b}\n: c\n? [d]\n: &e [f]\n*e : g\n");
    expect(nested.map(part)).toEqual(["{a: b}", "[d]", "*e"]);
  });

  it("an alias of nothing, and one within what it stands for", () => {
    const { dangling, part } = read("a: *b\nc: &c [*c]\n");
    expect(dangling.map(part)).toEqual(["*b", "*c"]);
  });

  it("a second document", () => {
    const { syntax, part } = read("a: b\n---\nc: d\n");
    expect(syntax.map(({ at, message }) => [part(at), message])).toEqual([
      ["---", "Source contains multiple documents"],
    ]);
  });

  it("what is nested too deep", () => {
    const { limits, part } = read("[".repeat(100_000));
    expect(limits.map(({ at, message }) => [part(at), message])).toEqual([
      ["[", `nested more than ${deepestNesting} deep`],
    ]);
  });
});
