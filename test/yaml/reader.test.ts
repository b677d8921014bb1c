import { describe, expect, it } from "vitest";
import { YamlReader } from "../../src/yaml/reader.ts";
import { YamlSource } from "../../src/yaml/source.ts";

const open = (text: string) => new YamlReader(new YamlSource("f.yaml", text, () => undefined));
const told = ({ problems }: YamlReader) =>
  problems.map(({ line, column, length, message }) => `${line}:${column}+${length} ${message}`);

it("reads what has the shape that is asked for", () => {
  const reader = open("name: &n one\nkinds: [a, b]\nother: *n\n");
  const { name, kinds, other } = reader.record(reader.root, "the file", ["name", "kinds"], ["other"]);
  expect(reader.text(name, "name")).toBe("one");
  expect(reader.items(kinds, "kinds").map((item) => reader.choice(item, "kind", ["a", "b"]))).toEqual([
    "a",
    "b",
  ]);
  expect(reader.scalar(other, "other")).toBe("one");
  expect(reader.problems).toEqual([]);
});

describe("each problem has the token that is wrong", () => {
  const shape = (text: string) => {
    const reader = open(text);
    const { name, kinds } = reader.record(reader.root, "the file", ["name", "kinds"]);
    reader.text(name, "name");
    for (const item of reader.items(kinds, "kinds")) reader.choice(item, "kind", ["right"]);
    return told(reader);
  };

  it.each([
    {
      name: "an unknown key",
      text: "name: n\nkinds: []\nwords: 1\n",
      problem: '3:1+5 unknown key "words" in the file',
    },
    {
      name: "a key twice",
      text: "name: n\nkinds: []\n'name': m\n",
      problem: '3:1+6 duplicate key "name" in the file',
    },
    { name: "a missing key", text: "name: n\n", problem: '1:1+1 the file lacks "kinds"' },
    {
      name: "what is no text",
      text: "name: {a: b}\nkinds: []\n",
      problem: "1:7+6 name must be a single value",
    },
    { name: "an empty text", text: "name: ''\nkinds: []\n", problem: "1:7+2 name must not be empty" },
    { name: "what is no list", text: "name: n\nkinds: right\n", problem: "2:8+5 kinds must be a list" },
    {
      name: "an unknown word",
      text: "name: n\nkinds: [right, wrnog]\n",
      problem: '2:16+5 unknown kind "wrnog"',
    },
    { name: "a tag", text: "name: !!int n\nkinds: []\n", problem: "1:7+5 not valid YAML: Unresolved tag" },
  ])("$name", ({ text, problem }) => {
    expect(shape(text)).toEqual([problem]);
  });
});

it("masks the numbers in what a problem quotes, since it may be logged", () => {
  const reader = open("13900000000: a\n");
  reader.record(reader.root, "the file", [], ["name"]);
  expect(told(reader)).toEqual(['1:1+11 unknown key "_redacted" in the file']);
});
