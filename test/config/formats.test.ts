import { describe, expect, it } from "vitest";
import { SettingsDocument } from "../../src/config/document.ts";
import { formatNames, resolveShape, wrongFormats } from "../../src/config/formats.ts";
import type { DescribedFormat } from "../../src/receipts/formats/named.ts";
import { namedShapeOf } from "../receipts/support.ts";

function format(name: string): DescribedFormat {
  const codes = [{ at: [`/${name}`], scope: "s" }];
  return { name, provider: "nimbus", reads: "its receipts", descriptions: [{ when: [], codes }] };
}
const described = [format("one"), format("two")];

describe("the formats that a topic names", () => {
  function namesOf(...formats: readonly string[]): string[] {
    return resolveShape(namedShapeOf({ formats }), described).formats.map(({ name }) => name);
  }

  it("are asked in their order, and for auto in the order of the packs, answers of an API last", () => {
    expect(namesOf("two", "one")).toEqual(["two", "one"]);
    expect(namesOf("auto")).toEqual(["one", "two", "top-response"]);
  });

  it("are asked once, where they are named first", () => {
    expect(namesOf("json", "two", "auto")).toEqual(["json", "two", "one", "top-response"]);
  });

  it("are plain data with what they stand for, and nothing for people", () => {
    const json = [{ when: [], codes: [] }];
    const shape = resolveShape(namedShapeOf({ formats: ["one", "json"], json }), described);
    expect(shape.formats).toEqual([
      { name: "one", descriptions: described[0]?.descriptions },
      { name: "json", descriptions: json },
    ]);
    expect(structuredClone(shape)).toEqual(shape);
  });

  it("say whether any scope may come", () => {
    expect(resolveShape(namedShapeOf({ formats: ["one", "auto"] }), described).auto).toBe(true);
    expect(resolveShape(namedShapeOf({ formats: ["one"] }), described).auto).toBe(false);
  });
});

describe("formats that are wrong", () => {
  function told(topics: string): string[] {
    const document = new SettingsDocument("f", `topics: [${topics}]\n`);
    return wrongFormats(described, document).map(
      ({ line, column, message, hint }) => `${line}:${column}: ${message} | ${hint}`,
    );
  }
  const known = formatNames(described).join(", ");
  const rows = [
    {
      name: "no pack has it",
      topics: "{ topic: a, format: tow }",
      problems: [`1:30: topics[0].format must be one of ${known}, not \`tow\` | Did you mean \`two\`?`],
    },
    {
      name: "no pack has it, nor one like it",
      topics: "{ topic: a, formats: [one, nimbus] }",
      problems: [
        `1:37: topics[0].formats[1] must be one of ${known}, not \`nimbus\` | ` +
          "Use one of these, or add the file that describes it to `code_maps`.",
      ],
    },
    {
      name: "it is named twice",
      topics: "{ topic: a, formats: [one, two, one] }",
      problems: [
        "1:42: topics[0].formats[2] names one again | Remove it: topics[0].formats[0] has it already.",
      ],
    },
    {
      name: "auto asks it already",
      topics: "{ topic: a, formats: [auto, top-response, one] }",
      problems: ["top-response", "one"].map(
        (name, index) =>
          `1:${38 + 14 * index}: topics[0].formats[${index + 1}] names ${name}, which auto already covers | ` +
          "Remove it, or put it before topics[0].formats[0] to try it first.",
      ),
    },
  ];
  it.each(rows)("$name", ({ topics, problems }) => {
    expect(told(topics)).toEqual(problems);
  });

  it("are none where json follows auto, or a format comes before it", () => {
    expect(told("{ formats: [two, auto, json] }, { format: one }, { topic: a }")).toEqual([]);
  });

  it("are told once where a flag names them for all topics", () => {
    const document = new SettingsDocument("f", "topics: [{ topic: a }, { topic: b }]\n");
    document.set(["topics", "*", "format"], "three", "--format");
    expect(wrongFormats(described, document).map(({ file }) => file)).toEqual(["--format"]);
  });
});
