import { describe, expect, it } from "vitest";
import { isMap, isNode } from "yaml";
import { renderProblems } from "../../src/diagnostics.ts";
import { spanOf } from "../../src/yaml/read.ts";
import { whole } from "../../src/yaml/redact.ts";
import { YamlSource } from "../../src/yaml/source.ts";

const open = (text: string) => new YamlSource("f.yaml", text, () => whole);

/** Where the value of `key` is, and what is underlined of its line. */
function marked(text: string): { place: string; part: string } {
  const source = open(text);
  const { contents } = source.read.document;
  const node = isMap(contents) ? contents.get("key", true) : undefined;
  if (!isNode(node)) throw new Error("there is no key");
  const { line, column, length, excerpt } = source.placeAt(spanOf(node));
  const shown = excerpt?.({ line, column, length: length ?? 1 });
  const part = shown?.text.slice(shown.at, shown.at + shown.length) ?? "";
  return { place: `${line}:${column}+${length}`, part };
}

describe("of a line is underlined", () => {
  it.each([
    { name: "a word", text: "key: word # comment", place: "1:6+4", part: "word" },
    {
      name: "several words",
      text: "a: b\nkey: three words here  \n",
      place: "2:6+16",
      part: "three words here",
    },
    { name: "a text with its quotes", text: 'key: "a # b"', place: "1:6+7", part: '"a # b"' },
    { name: "an alias", text: "a: &b c\nkey: *b\n", place: "2:6+2", part: "*b" },
    {
      name: "all of a flow mapping",
      text: "key: { a: 1, b: [2] }\n",
      place: "1:6+16",
      part: "{ a: 1, b: [2] }",
    },
    { name: "the beginning of a block mapping", text: "key:\n  a: 1\n  b: 2\n", place: "2:3+1", part: "a" },
    { name: "the beginning of a block sequence", text: "key:\n- a\n- b\n", place: "2:1+1", part: "-" },
    {
      name: "the first line of a text of several",
      text: "key: 'one\n  two'\n",
      place: "1:6+4",
      part: "'one",
    },
    { name: "the same in a file of Windows", text: "key: 'one\r\n  two'\r\n", place: "1:6+4", part: "'one" },
    { name: "the head of a block text", text: "key: |-\n  one\n", place: "1:6+2", part: "|-" },
    { name: "the place of a value that is none", text: "key:\nb: c\n", place: "1:5+1", part: "" },
  ])("$name", ({ text, place, part }) => {
    expect(marked(text)).toEqual({ place, part });
  });

  it("what the parser stumbles over", () => {
    expect(renderProblems(open("a: 1\nb: 'c' word\n").faults())).toMatch(
      /^f\.yaml:2:8: not valid YAML: .*\n {4}b: 'c' word\n {11}\^{4}\n/,
    );
    expect(renderProblems(open("a: 1\nb: [*none, 2]\n").faults())).toMatch(
      /^f\.yaml:2:5: alias without an anchor before it\n {4}b: \[\*none, 2\]\n {8}\^{5}\n/,
    );
  });
});

it("shows no line when nothing of the file may be shown", () => {
  const source = new YamlSource("f.yaml", "a: *b\n", () => undefined);
  expect(renderProblems(source.faults()).split("\n")).toHaveLength(3);
});
