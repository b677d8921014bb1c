import { describe, expect, it } from "vitest";
import { Excerpts } from "../../src/yaml/excerpts.ts";
import { type Redact, whole } from "../../src/yaml/redact.ts";

/** What is shown of a text of one line, for a part that occurs in it once. */
function shownOf(line: string, part: string) {
  const excerpts = new Excerpts(line, [0], whole);
  const { text, at, length } = excerpts.show({
    line: 1,
    column: line.indexOf(part) + 1,
    length: part.length,
  });
  return { text, marked: text.slice(at, at + length) };
}

describe("an excerpt", () => {
  it("has the line and what is wrong in it", () => {
    expect(shownOf("en: Expired  ", "Expired")).toEqual({ text: "en: Expired", marked: "Expired" });
  });

  it("of a long line has the part around it, and of a long word its beginning", () => {
    const far = shownOf(`${"word ".repeat(5_000)}here ${"more ".repeat(5_000)}`, "here");
    expect(far.text.length).toBeLessThanOrEqual(200);
    expect(far.marked).toBe("here");
    const long = shownOf(`a: ${"x".repeat(5_000)}`, "x".repeat(5_000));
    expect(long).toEqual({ text: `a: ${"x".repeat(197)}`, marked: "x".repeat(197) });
  });

  it.each([
    { name: "that is wrong", line: "code: 13900000000 # c", part: "13900000000", marked: "_redacted" },
    { name: "before what is wrong", line: "en: 13900000000, zn: x", part: "zn", marked: "zn" },
    { name: "behind what is wrong", line: "cod: 13900000000", part: "cod", marked: "cod" },
  ])("has no number $name", ({ line, part, marked }) => {
    expect(shownOf(line, part)).toEqual({ text: line.replace("13900000000", "_redacted"), marked });
  });

  it("has its mark within the line where it ends in what is masked as one number", () => {
    const excerpts = new Excerpts("2026-01-01 12345678901", [0], whole);
    expect(excerpts.show({ line: 1, column: 1, length: 10 })).toEqual({
      text: "_redacted",
      at: 0,
      length: 9,
    });
  });

  it("has no part of a number where a long line is cut", () => {
    for (let blanks = 80; blanks < 120; blanks++) {
      const line = `${"x".repeat(500)} 13900000000${" ".repeat(blanks)}y${" ".repeat(blanks)}13900000000 ${"x".repeat(500)}`;
      expect(shownOf(line, "y").text).not.toMatch(/\d/);
    }
  });

  it("is made when it is asked for, and its line is looked at once for all that is wrong in it", () => {
    const lines: string[] = [];
    const redact: Redact = (line) => {
      lines.push(line);
      return whole(line);
    };
    const excerpts = new Excerpts("a b c\r\nd e f\r\n", [0, 7], redact);
    expect(lines).toEqual([]);
    for (const column of [1, 3, 5]) excerpts.show({ line: 2, column });
    excerpts.show({ line: 1, column: 1 });
    expect(lines).toEqual(["d e f", "a b c"]);
  });
});
