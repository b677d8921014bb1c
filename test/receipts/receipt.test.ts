import { expect, it } from "vitest";
import { ignoredKinds, isIgnored, malformedReasons } from "../../src/receipts/receipt.ts";

it("no record is malformed and ignored by the same word", () => {
  const words = [...malformedReasons, ...ignoredKinds];
  expect(new Set(words).size).toBe(words.length);
});

it("tells what gives no receipt by intent from what could not be read", () => {
  expect(ignoredKinds.filter(isIgnored)).toEqual([...ignoredKinds]);
  expect(malformedReasons.filter(isIgnored)).toEqual([]);
});
