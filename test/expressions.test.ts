import { expect, it } from "vitest";
import { compileExpression, expressionProblem } from "../src/expressions.ts";

it("finds what RE2 finds, groups and Chinese too", () => {
  const found = compileExpression("^【(\\p{Han}+)】").matcher("【阿里云】您好");
  expect([found.find(), found.group(1)]).toEqual([true, "阿里云"]);
});

it.each(["(?=x)", "(", "a".repeat(257)])("says what is wrong with %s", (pattern) => {
  expect(expressionProblem(pattern)).toMatch(/^a regular expression (?:as RE2 takes it \(|of at most 256)/);
});

it("takes no longer where others would try each of a billion ways", () => {
  expect(compileExpression("^(a|a)*(a+)+b$").matcher("a".repeat(5_000)).find()).toBe(false);
});
