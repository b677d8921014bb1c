import { expect, it } from "vitest";
import type { Layer } from "../../src/codes/layer.ts";
import { mergeFormats } from "../../src/codes/merge-formats.ts";
import { askedFirst } from "../../src/receipts/formats/named.ts";
import { described } from "../receipts/packaged-formats.ts";

function layer(file: string, provider: string, formats: Readonly<Record<string, string>>): Layer {
  return {
    ...{ file, digest: file, tables: [] },
    formats: Object.entries(formats).map(([name, at], index) => ({
      ...{ name, provider, reads: name, descriptions: [{ when: [], codes: [{ at: [at], scope: "s" }] }] },
      place: { file, line: index + 1, column: 3 },
    })),
  };
}

it("asks the formats that the order names before others, and gateways behind all", () => {
  const layers = [
    layer("a", "a", { smpp: "/c", mine: "/c", twilio: "/c" }),
    layer("b", "b", { "tmc-sms": "/c" }),
  ];
  expect(mergeFormats(layers).formats.map(({ name }) => name)).toEqual(["tmc-sms", "twilio", "mine", "smpp"]);
});

it("takes the later of two that one provider describes, and tells it where they differ", () => {
  const { formats, overrides, problems } = mergeFormats([
    layer("a", "p", { one: "/c", two: "/c" }),
    layer("b", "p", { one: "/c", two: "/d" }),
  ]);
  expect(formats.map(({ place }) => place.file)).toEqual(["b", "b"]);
  expect(overrides.map(({ winner, loser }) => [winner.name, winner.place.file, loser.place.file])).toEqual([
    ["two", "b", "a"],
  ]);
  expect(problems).toEqual([]);
});

it("refuses a name that two providers give, with both places", () => {
  const { problems } = mergeFormats([
    layer("a", "p", { one: "/c" }),
    layer("b", "q", { two: "/c", one: "/c" }),
  ]);
  expect(problems).toEqual([
    {
      ...{ file: "b", line: 2, column: 3 },
      message: 'format "one" is p\'s already, in a:1',
      hint: "Give it another name, or remove one of the two files.",
    },
  ]);
});

it("gives every packaged format its place in auto, the commonest first", () => {
  expect(described.map(({ name }) => name)).toEqual(askedFirst.filter((name) => name !== "*"));
  expect(askedFirst.slice(0, 6)).toEqual([
    ...["tmc-sms", "aliyun-sms", "aliyun-voice", "tmc-voice", "tencent", "yunpian"],
  ]);
});
