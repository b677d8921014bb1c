import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineSplitter, maxLineBytes } from "../../../src/commands/classify/lines.ts";

/** The lines of a stream of chunks; undefined for one that is too long. */
function linesOf(chunks: readonly (string | Buffer)[]): (string | undefined)[] {
  const lines: (string | undefined)[] = [];
  const splitter = new LineSplitter((line) => lines.push(line?.toString("latin1")));
  for (const chunk of chunks) splitter.push(Buffer.from(chunk));
  splitter.end();
  return lines;
}

const rows: { name: string; chunks: string[]; lines: string[] }[] = [
  { name: "nothing", chunks: [], lines: [] },
  { name: "lines", chunks: ["a\nb\n"], lines: ["a", "b"] },
  { name: "a last line without an end", chunks: ["a\nb"], lines: ["a", "b"] },
  { name: "CRLF", chunks: ["a\r\nb\r\n"], lines: ["a", "b"] },
  { name: "a CR at the very end", chunks: ["a\r"], lines: ["a"] },
  { name: "CR and LF in two chunks", chunks: ["a\r", "\nb"], lines: ["a", "b"] },
  { name: "a CR inside a line", chunks: ["a\rb\n"], lines: ["a\rb"] },
  { name: "empty lines", chunks: ["\n\r\na\n\n", "\nb\n\n"], lines: ["a", "b"] },
  { name: "a line of blanks", chunks: ["a\n  \nb"], lines: ["a", "  ", "b"] },
  { name: "a line over many chunks", chunks: ["a", "b", "", "c\nd"], lines: ["abc", "d"] },
];

describe("LineSplitter", () => {
  it.each(rows)("splits $name", ({ chunks, lines }) => {
    expect(linesOf(chunks)).toEqual(lines);
  });

  it("finds the same lines wherever the chunks are cut", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "\n", "\r"), maxLength: 60 });
    fc.assert(
      fc.property(text, fc.array(fc.nat({ max: 60 })), (whole, cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), whole.length];
        const chunks = places.slice(1).map((end, index) => whole.slice(places[index], end));
        const lines = whole.split("\n").map((line) => line.replace(/\r$/, ""));
        expect(linesOf(chunks)).toEqual(lines.filter((line) => line !== ""));
      }),
    );
  });

  it("gives up a line that is longer than the limit, and only that", () => {
    const limit = Buffer.alloc(maxLineBytes, "x");
    expect(linesOf([limit, "x\na\n", limit, "\nb\n"])).toEqual([undefined, "a", limit.toString(), "b"]);
    expect(linesOf([limit, limit, limit])).toEqual([undefined]);
  });
});
