import { expect, it } from "vitest";
import { quoted } from "../../src/commands/shell-words.ts";

it.each([
  ["kafka-1:9092", "kafka-1:9092"],
  ["", "''"],
  ["my file", "'my file'"],
  ["it's $(here)", "'it'\\''s $(here)'"],
])("%j is %s to a shell", (text, words) => {
  expect(quoted(text)).toBe(words);
});
