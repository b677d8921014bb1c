import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isPack, parsePack } from "../../src/codes/parse-pack.ts";
import { readerOf } from "../../src/codes/parse.ts";
import { smallMap } from "./small-map.ts";
import { packSurroundings, smallPack } from "./small-pack.ts";

const around = packSurroundings();

function parse(text: string) {
  return parsePack(readerOf(text, "nimbus.yaml"), text, "nimbus.yaml", around);
}

/** `line:column message | hint` of every problem, in the order found; none when the pack is good. */
function problemsOf(text: string): string[] {
  return parse(text).problems.map(
    ({ line, column, message, hint }) => `${line}:${column} ${message} | ${hint}`,
  );
}

function withChange(from: string, to: string): string {
  expect(smallPack).toContain(from);
  return smallPack.replace(from, to);
}

describe("a good pack", () => {
  const { layer, problems } = parse(smallPack);
  const [sms, api] = layer.tables;

  test("has the tables of its scopes, each with its place", () => {
    expect(problems).toEqual([]);
    expect(
      layer.tables.map(({ entries, contested, lines, place, ...head }) => ({ ...head, line: place.line })),
    ).toEqual([
      {
        ...{ provider: "nimbus", scope: "sms_receipt", channel: "sms", kind: "receipt" },
        ...{ title: "SMS receipts", api: undefined, line: 8 },
      },
      {
        ...{ provider: "nimbus", scope: "send_api", channel: "sms", kind: "api" },
        ...{ title: "Send", api: "nimbus.send", line: 22 },
      },
    ]);
    expect(sms?.lines).toEqual([15, 17, 18, 19]);
  });

  test("reads a code in its shortest form: all else is the category's, the source the scope's", () => {
    expect(sms?.entries[1]).toEqual({
      ...{ provider: "nimbus", scope: "sms_receipt", code: "DB:0144", category: "blacklist" },
      ...{ outcome: "failed", fault: "recipient", retryable: false, en: "Blacklist", zh: "黑名单" },
      ...{ confidence: "high", source: { title: "SMS codes", edition: "2024-12" } },
    });
  });

  test("adds a note to the category's words, and takes a code's own for all of them", () => {
    const [, , noted, own] = sms?.entries ?? [];
    expect(noted).toMatchObject({
      ...{ en: "Blacklist: The carrier's own", zh: "黑名单：运营商自有", note: "The carrier's own" },
      ...{ confidence: "medium", source: { title: "Draft", edition: "v2" } },
    });
    expect(own).toMatchObject({
      ...{ code: "07", outcome: "unknown", fault: "carrier", retryable: true, en: "Listed", zh: "在名单中" },
    });
  });

  test("refuses the request where an API's code says no more than a category that failed", () => {
    expect(api?.entries).toEqual([expect.objectContaining({ code: "9", outcome: "request_rejected" })]);
  });

  test("counts no suggestion, and keeps it with the document that it is from", () => {
    expect(layer.tables.flatMap(({ entries }) => entries.map(({ code }) => code))).not.toContain("UNDELIV");
    expect(layer.tables.map(({ contested }) => contested)).toEqual([
      [
        expect.objectContaining({
          ...{ provider: "nimbus", scope: "sms_receipt", code: "UNDELIV", category: "power_off" },
          ...{ outcome: "failed", confidence: "low", source: { title: "Draft", edition: "v2" } },
          ...{ en: "Powered off: Some say so", note: "Some say so" },
        }),
      ],
      [],
    ]);
  });

  test.each([
    { change: ", confidence: low", to: "", confidence: "low" },
    { change: "confidence: low", to: "confidence: medium", confidence: "medium" },
  ])("takes a suggestion's confidence, low where it says none: $confidence", ({ change, to, confidence }) => {
    const [table] = parse(smallPack.replace(change, to)).layer.tables;
    expect(table?.contested).toMatchObject([{ code: "UNDELIV", confidence }]);
  });

  test("is told from a code map", () => {
    expect([smallPack, smallMap, "a", ""].map((text) => isPack(readerOf(text, "f.yaml")))).toEqual([
      ...[true, false, false, false],
    ]);
  });
});

describe("a bad pack", () => {
  test.each([
    {
      name: "misspelt key",
      change: ["scopes:", "scope:"],
      problems: ['7:1 unknown key "scope" in the provider pack | Did you mean `scopes`?'],
    },
    {
      name: "missing names",
      change: ["names: { en: Nimbus, zh: 雨云 }\n", ""],
      problems: ['1:1 the provider pack lacks "names" | Add `names:`.'],
    },
    {
      name: "version of another release",
      change: ["version: 1", "version: 2"],
      problems: ['1:10 version "2" is not known | This release reads `version: 1`.'],
    },
    {
      name: "name that is no label",
      change: ["provider: nimbus", "provider: Nimbus Inc."],
      problems: [
        '2:11 "Nimbus Inc." is not a valid name for a provider | Begin with a letter; use a-z, 0-9 and _, at most 64.',
      ],
    },
    {
      name: "unknown category, near another",
      change: ["      blacklist:\n", "      blacklst:\n"],
      problems: ['16:7 unknown category "blacklst" | Did you mean `blacklist`?'],
    },
    {
      name: "category that the code map does not have",
      change: ["      blacklist:\n", "      tariff_barred:\n"],
      problems: [
        '16:7 unknown category "tariff_barred" | Add it to the categories of the code map, or use one of: delivered, accepted, unknown, blacklist, power_off, bare.',
      ],
    },
    {
      name: "category without defaults",
      change: ["blacklist: [", "bare: ["],
      problems: ["outcome", "fault", "retryable"].map(
        (key) => `28:14 code "9" lacks "${key}" | Add \`${key}:\`.`,
      ),
    },
    {
      name: "misspelt key of a code: one problem",
      change: ["confidence: medium", "confidnce: medium"],
      problems: ['18:30 unknown key "confidnce" in a code | Did you mean `confidence`?'],
    },
    {
      name: "low confidence among the codes that count",
      change: ["confidence: medium", "confidence: low"],
      problems: ['18:42 unknown confidence "low" | Use one of: high, medium.'],
    },
    {
      name: "code twice, in two categories and spellings",
      change: ["        - OK\n", "        - OK\n        - ＤＢ:0141\n"],
      problems: [
        '19:19 code "db:0141" is listed twice in nimbus/sms_receipt | Remove one: it is already in line 16 as "ＤＢ:0141".',
      ],
    },
    {
      name: "phone number as a code",
      change: ["        - OK\n", '        - "13900000000"\n'],
      problems: [
        '15:11 code "_redacted" looks like a phone number or a message id | Remove it: receipts with it count as `_redacted`. Codes have at most 9 digits.',
      ],
    },
    {
      name: "phone number in the note of a suggestion",
      change: ["Some say so", "Call 13900000000"],
      problems: ["21:85 note contains what looks like a phone number | Remove it from the text."],
    },
    {
      name: "unknown source",
      change: ["source: sms\n", "source: smss\n"],
      problems: ['12:13 unknown source "smss" | Did you mean `sms`?'],
    },
    {
      name: "API without its kind",
      change: ["kind: api", "kind: receipt"],
      problems: [
        "22:3 nimbus/send_api has only one of `kind: api` and `api` | Write both `kind: api` and `api:` with the API's name, or neither.",
      ],
    },
    {
      name: "mapping for a list",
      change: ['blacklist: ["9"]', "blacklist: { 9: x }"],
      problems: [
        '28:18 the codes of category "blacklist" must be a list | Write lines that begin with `- `.',
      ],
    },
    {
      name: "derived scope",
      change: ["  send_api:", "  api:"],
      problems: ['22:3 scope "api" is reserved | Remove it: it is built from the API tables.'],
    },
    {
      name: "broken YAML: nothing else is said",
      change: ["names: {", "names: ["],
      problems: [expect.stringMatching(/^3:\d+ not valid YAML: /)],
    },
  ] as const)("$name", ({ change: [from, to], problems }) => {
    expect(problemsOf(withChange(from, to))).toEqual(problems);
  });

  test("says nothing of categories where the code map has problems of its own", () => {
    const none = { categories: new Map(), tables: new Map() };
    const { problems } = parsePack(readerOf(smallPack, "n.yaml"), smallPack, "n.yaml", none);
    expect(problems).toEqual([]);
  });

  test("is never an exception, whatever the text", () => {
    const pieces = smallPack.split(/(?<=[\s:{},])/);
    const edit = fc.tuple(
      fc.nat(pieces.length),
      fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary" })),
    );
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 5 }), (edits) => {
        const text = edits.reduce((all, [at, piece]) => all.toSpliced(at, 1, piece), pieces).join("");
        for (const { line, column } of parse(text).problems) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(column).toBeGreaterThanOrEqual(1);
        }
      }),
      { numRuns: 60 },
    );
  });
});

test("no word of a table is copied without need: the packaged categories have words and defaults for all", () => {
  const text = readFileSync("config/code-map.yaml", "utf8");
  const categories = text.slice(text.indexOf("\ncategories:"), text.indexOf("\nproviders:"));
  expect(categories.match(/^ {2}\w+:$/gm)?.length).toBe(categories.match(/^ {4}outcome: /gm)?.length);
});
