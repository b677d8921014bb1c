import { describe, expect, it } from "vitest";
import { isMatch, topicMatcher } from "../../src/config/topic-pattern.ts";
import { expressionProblem } from "../../src/expressions.ts";

describe("a pattern of topics", () => {
  it.each([
    ["^sms\\..*$", "sms.cn", true],
    ["sms\\.(cn|eu)(-\\d+)?", "sms.eu-12", true],
    ["sms", "sms.cn", false],
    ["sms\\..*", "my.sms.cn", false],
    [".*", "__consumer_offsets", false],
    ["__.*", "__transaction_state", false],
  ])("%s and the whole name %s", (pattern, topic, expected) => {
    expect(expressionProblem(pattern)).toBeUndefined();
    expect(topicMatcher(pattern)(topic)).toBe(expected);
    expect(isMatch(pattern, topic)).toBe(expected);
  });

  it.each([
    ["sms[", "missing closing ]: `[`"],
    ["(?=sms)", "invalid or unsupported Perl syntax: `(?=`"],
    ["(a)\\1", "invalid escape sequence: `\\1`"],
    ["((a{1,100}){1,100}){1,100}", "invalid repeat count: `{1,100}`"],
  ])("is refused: %s", (pattern, why) => {
    expect(expressionProblem(pattern)).toBe(`a regular expression as RE2 takes it (${why})`);
    expect(isMatch(pattern, "sms")).toBe(false);
  });

  it("is refused where it is longer than any that is needed", () => {
    expect(expressionProblem("a".repeat(257))).toBe("a regular expression of at most 256 characters");
  });

  it("takes no longer where others would try each of a billion ways", () => {
    const matches = topicMatcher("(a|a)*(a+)+(a*)*b");
    expect(matches("a".repeat(249))).toBe(false);
    expect(matches(`${"a".repeat(248)}b`)).toBe(true);
  });

  it("is no number and no mapping", () => {
    expect(isMatch(undefined, "sms")).toBe(false);
  });
});
