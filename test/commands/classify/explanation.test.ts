import { describe, expect, it } from "vitest";
import type { CodeEntry } from "../../../src/codes/code-map.ts";
import { explanationOf, explanationRows, unlisted } from "../../../src/commands/classify/explanation.ts";

const entry: CodeEntry = {
  provider: "aliyun",
  scope: "sms_receipt",
  code: "DB:0141",
  category: "blacklist",
  outcome: "failed",
  fault: "recipient",
  retryable: false,
  zh: "黑名单",
  en: "Blacklisted",
  remedy: "停发",
  remedyEn: "Stop sending",
  detail: "not for this",
  note: "nor this",
  confidence: "medium",
  source: undefined,
  seedLine: 7,
};

describe("an explanation", () => {
  it("has the code as it was asked for beside the map's spelling, and nothing that the JSON does not promise", () => {
    expect(explanationOf(entry, "db:0141")).toEqual({
      input: "db:0141",
      scope: "sms_receipt",
      code: "DB:0141",
      category: "blacklist",
      outcome: "failed",
      fault: "recipient",
      retryable: false,
      description: { zh: "黑名单", en: "Blacklisted" },
      remedy: "停发",
      remedy_en: "Stop sending",
    });
  });

  it("has every member, whether anybody asked for the code and whether there is a remedy or not", () => {
    const bare = explanationOf({ ...entry, remedy: undefined, remedyEn: undefined });
    expect(bare).toMatchObject({ input: "DB:0141", remedy: "", remedy_en: "" });
    expect(Object.keys(unlisted("x", undefined)).sort()).toEqual(Object.keys(bare).sort());
  });

  it("of a code that no table lists blames nobody, and has the scope that was asked for", () => {
    const verdict = { category: "unknown", outcome: "unknown", fault: "none", retryable: false };
    expect(unlisted("x", undefined)).toMatchObject({ input: "x", code: "x", scope: null, ...verdict });
    expect(unlisted("x", "sms_receipt")).toMatchObject({ scope: "sms_receipt", ...verdict });
  });
});

describe("explanations for people", () => {
  it("have a head, and a row each with all words that there are", () => {
    const noRemedy = { ...entry, code: "12", retryable: true, remedyEn: undefined };
    expect(
      explanationRows([explanationOf(entry), explanationOf(noRemedy), unlisted("x", undefined)]),
    ).toEqual([
      ["CODE", "SCOPE", "CATEGORY", "OUTCOME", "FAULT", "RETRYABLE", "DESCRIPTION"],
      [
        ...["DB:0141", "sms_receipt", "blacklist", "failed", "recipient", "no"],
        "Blacklisted  黑名单  → Stop sending",
      ],
      ["12", "sms_receipt", "blacklist", "failed", "recipient", "yes", "Blacklisted  黑名单"],
      ["x", "-", "unknown", "unknown", "none", "no", ""],
    ]);
  });

  it("keep a code on its line and the terminal as it is", () => {
    const [, row] = explanationRows([unlisted("a\n\u001b[31mb", undefined)]);
    expect(row?.[0]).toBe("a\\n\\u001b[31mb");
  });
});
