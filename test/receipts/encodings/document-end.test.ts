import { describe, expect, it } from "vitest";
import {
  behindBlanks,
  endsLine,
  findEnd,
  lineEnd,
  opensDocument,
} from "../../../src/receipts/encodings/document-end.ts";

describe("the end of a document", () => {
  const rows: readonly { text: string; start?: number; closed: boolean; at: number }[] = [
    { text: "{}", closed: true, at: 2 },
    { text: "{} {}", closed: true, at: 2 },
    { text: "x[]]", start: 1, closed: true, at: 3 },
    { text: '{"a":[{}]}x', closed: true, at: 10 },
    { text: '{"}":"]\\"}"}', closed: true, at: 12 },
    { text: '{"a\\\\":{}}', closed: true, at: 10 },
    { text: "{\n}", closed: true, at: 3 },
    { text: "{[}", closed: false, at: 3 },
    { text: "{", closed: false, at: 1 },
    { text: '{"a', closed: false, at: 3 },
    { text: '{"\\', closed: false, at: 3 },
    { text: '{"a\n"}', closed: false, at: 3 },
    { text: "{\u001e}", closed: false, at: 1 },
  ];
  it.each(rows)("$text", ({ text, start = 0, closed, at }) => {
    expect(findEnd(text, start, text.length)).toEqual({ closed, at });
  });

  it("is looked for up to a limit", () => {
    expect([findEnd("{}", 0, 1), findEnd('{"\\"}', 0, 3)]).toEqual([
      { closed: false, at: 1 },
      { closed: false, at: 3 },
    ]);
  });
});

it("lines end at newlines and record separators", () => {
  expect([lineEnd("ab\nc", 0), lineEnd("ab\u001ec", 1), lineEnd("ab", 1), lineEnd("\n", 0)]).toEqual([
    2, 2, 2, 0,
  ]);
  expect(Array.from("\n\u001e\r x", (char) => endsLine(char.charCodeAt(0)))).toEqual([
    ...[true, true],
    ...[false, false, false],
  ]);
});

it("blanks are passed over, to a limit", () => {
  expect([behindBlanks("{ \r\n\tx", 1, 6), behindBlanks("{  ", 1, 3), behindBlanks("   ", 0, 2)]).toEqual([
    5, 3, 2,
  ]);
});

it("a document is in braces or brackets", () => {
  expect(Array.from('{[}]"', (char) => opensDocument(char.charCodeAt(0)))).toEqual([
    ...[true, true],
    ...[false, false, false],
  ]);
});
