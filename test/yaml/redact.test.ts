import { describe, expect, it } from "vitest";
import { hiddenBehind, redactTokens, type ShownLine } from "../../src/yaml/redact.ts";

const markedIn = ({ text, spanOf }: ShownLine, start: number, end: number) => {
  const span = spanOf({ start, end });
  return text.slice(span.start, span.end);
};

describe("a line that is hidden from a place on", () => {
  const shown = hiddenBehind("key: ");

  it.each([
    { name: "in what is shown", from: 0, to: 3, marked: "key" },
    { name: "in what is hidden", from: 12, to: 14, marked: "(hidden)" },
    { name: "in both", from: 0, to: 14, marked: "key: (hidden)" },
  ])("has a part $name", ({ from, to, marked }) => {
    expect(shown.text).toBe("key: (hidden)");
    expect(markedIn(shown, from, to)).toBe(marked);
  });
});

describe("a line whose tokens are known", () => {
  const line = "a: &anchor [secret, plain] # note";
  const tokenOf = (word: string, shown: boolean) => {
    const start = line.indexOf(word);
    return { start, end: start + word.length, shown };
  };
  const shown = redactTokens([tokenOf("a", true), tokenOf("secret", false), tokenOf("plain", true)])(line, 0);

  it("shows those that may be shown, and signs", () => {
    expect(shown.text.trimEnd()).toBe("a: (hidden) [(hidden), plain]");
  });

  it.each([
    { part: "a", marked: "a" },
    { part: "&anchor", marked: "(hidden)" },
    { part: "chor", marked: "(hidden)" },
    { part: "secret", marked: "(hidden)" },
    { part: "plain", marked: "plain" },
    { part: "[secret, plain]", marked: "[(hidden), plain]" },
  ])("has $part where $marked is", ({ part, marked }) => {
    const start = line.indexOf(part);
    expect(markedIn(shown, start, start + part.length)).toBe(marked);
  });
});
