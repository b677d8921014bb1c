import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCodeMap } from "../../src/codes/parse.ts";
import { renderProblems } from "../../src/diagnostics.ts";
import { badFiles, badMaps } from "./bad-maps.ts";
import { smallMap } from "./small-map.ts";

/** `line:column message | hint` of every problem, in the order found; none when the map is good. */
function problemsOf(text: string): string[] {
  const parsed = parseCodeMap(text, "map.yaml");
  if (!("problems" in parsed)) return [];
  return parsed.problems.map(({ line, column, message, hint }) => `${line}:${column} ${message} | ${hint}`);
}

/** The small map with one piece, which must occur in it, replaced where it occurs first. */
function withChange(from: string, to: string): string {
  expect(smallMap).toContain(from);
  return smallMap.replace(from, to);
}

describe("a good map", () => {
  test("is read with all its fields", () => {
    const parsed = parseCodeMap(smallMap, "map.yaml");
    if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
    expect(parsed.map.table("acme", "sms_receipt")).toEqual({
      provider: "acme",
      scope: "sms_receipt",
      channel: "sms",
      kind: "receipt",
      api: undefined,
      title: "SMS receipts",
      entries: [expect.objectContaining({ code: "012" }), expect.objectContaining({ code: "exp-1" })],
      contested: [],
    });
    expect(parsed.map.lookup("acme", "sms_receipt", "012")).toEqual({
      provider: "acme",
      scope: "sms_receipt",
      code: "012",
      category: "empty_number",
      outcome: "failed",
      fault: "recipient",
      retryable: false,
      zh: "空号",
      en: "Empty number",
      remedy: undefined,
      remedyEn: undefined,
      detail: undefined,
      note: "Not 12",
      confidence: "high",
      source: undefined,
      seedLine: undefined,
    });
    expect(parsed.map.categories.get("empty_number")).toEqual({ en: "Empty number", zh: "空号" });
    expect(parsed.tests).toHaveLength(1);
  });

  test.each([
    { name: "a code without quotes stays text", from: '"012":', to: "012:" },
    { name: "anchors and aliases", from: "accepted: { en: Accepted, zh: 已受理 }", to: "accepted: *d" },
    { name: "no tests", from: smallMap.slice(smallMap.indexOf("tests:")), to: "" },
    { name: "CRLF", from: "\n", to: "\r\n" },
  ])("may have: $name", ({ from, to }) => {
    const anchored = withChange(from, to).replace("delivered: {", "delivered: &d {");
    expect(problemsOf(anchored)).toEqual([]);
  });
});

describe("a bad map", () => {
  test.each(badMaps)("$name", ({ change: [from, to], problems }) => {
    expect(problemsOf(withChange(from, to))).toEqual(problems);
  });

  test.each(badFiles)("$name", ({ text, problems }) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  test("shows all its problems at once, each with its line", () => {
    const text = withChange("fault: recipient", "fault: recipent")
      .replace("kind: api", "kind: api\n      note: none")
      .replace("flag: failed", "flag: fail");
    const parsed = parseCodeMap(text, "map.yaml");
    const rendered = "problems" in parsed && renderProblems(parsed.problems);
    expect(rendered).toBe(`map.yaml:17:18: unknown fault "recipent"
              fault: recipent
                     ^^^^^^^^
    Did you mean \`recipient\`?
map.yaml:26:7: unknown key "note" in acme/send_api
          note: none
          ^^^^
    Use one of: channel, kind, title, codes, api.
map.yaml:32:60: unknown flag "fail"
      - { provider: acme, scope: sms_receipt, code: 012, flag: fail, category: empty_number, outcome: failed }
                                                               ^^^^
    Did you mean \`failed\`?
`);
  });

  test("is never an exception, whatever the text", () => {
    const pieces = smallMap.split(/(?<=[\s:{},])/);
    const mangled = fc
      .array(
        fc.tuple(fc.nat(pieces.length), fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary" }))),
        {
          minLength: 1,
          maxLength: 5,
        },
      )
      .map((edits) => edits.reduce((text, [at, piece]) => text.toSpliced(at, 1, piece), pieces).join(""));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), mangled), (text) => {
        const lines = text.split(/\r\n|\n/);
        const parsed = parseCodeMap(text, "map.yaml");
        if (!("problems" in parsed)) return;
        expect(parsed.problems.length).toBeGreaterThan(0);
        for (const { line, column } of parsed.problems) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeGreaterThanOrEqual(1);
        }
      }),
      { numRuns: 300 },
    );
  });

  test.each(["[", "- ", "{a: "])("nested 20,000 deep by %j is a problem, no crash", (piece) => {
    expect(problemsOf(piece.repeat(100_000))).not.toEqual([]);
  });
});
