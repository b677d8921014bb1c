import fc from "fast-check";
import { expect, it } from "vitest";
import { begin, hold, undoEscapes, unescapedEnd, view } from "../../../src/receipts/scan/memory.ts";

const broken = -1;

/** The content of a string, whose bytes end before `to`, and where it ends, from its opening quote. */
function unescaped(text: Buffer, to: number): { end: number; content: string } {
  const record = hold(text);
  const at = begin(record, 0, text.length);
  const from = unescapedEnd();
  const end = undoEscapes(at + 1, at + to);
  const content = Buffer.from(view.buffer, from, unescapedEnd() - from).toString();
  return { end: end === broken ? broken : end - at, content };
}

// What JSON in a string has: quotes above all; and what ends a word of 16 bytes anywhere.
const part = fc.constantFrom(
  '"',
  "\\",
  "/",
  "\n",
  "\u0007",
  "报",
  "é",
  "a",
  '"code":"DELIVRD",',
  "0123456789",
);
const content = fc.array(part, { maxLength: 40 }).map((parts) => parts.join(""));

it("the content of a string is what JSON.parse reads, whatever follows it", () => {
  fc.assert(
    fc.property(content, content, (text, after) => {
      const json = JSON.stringify(text);
      const record = Buffer.from(`${json},${JSON.stringify(after)}`);
      const end = Buffer.byteLength(json);
      expect(unescaped(record, record.length)).toEqual({ end: end - 1, content: text });
      // Without its last quote it is no string, though there are others after the record's end.
      expect(unescaped(record, end - 1).end).toBe(broken);
    }),
    { numRuns: 5_000 },
  );
});

it("escapes that JSON does not have are not undone", () => {
  for (const escape of ["\\x", "\\'", "\\u12g4", "\\ud800", "\u0001"]) {
    for (let before = 0; before < 40; before++) {
      const record = Buffer.from(`"${"x".repeat(before)}\\"${escape}y"`);
      expect(unescaped(record, record.length).end, `${before} ${escape}`).toBe(broken);
    }
  }
});
