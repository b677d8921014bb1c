import { describe, expect, it } from "vitest";
import type { Category, TableKind } from "../../src/codes/code-map.ts";
import { readVerdict, type VerdictFields } from "../../src/codes/defaults.ts";
import { readerOf } from "../../src/codes/parse.ts";

const blacklist: Category = {
  ...{ en: "Blacklist", zh: "黑名单", outcome: "failed", fault: "recipient", retryable: false },
};
const bare: Category = {
  ...{ en: "Bare", zh: "无", outcome: undefined, fault: undefined, retryable: undefined },
};

function read(text: string, category: Category, kind: TableKind) {
  const reader = readerOf(text, "f.yaml");
  const fields: VerdictFields = reader.record(reader.root, "it", [], ["outcome", "fault", "retryable"]);
  const verdict = readVerdict(reader, fields, category, kind, { at: reader.root.at, what: "it" });
  return { verdict, told: reader.problems.map(({ message }) => message) };
}

describe("what became of a message with a code", () => {
  it("is what the category says where the code says nothing", () => {
    const usual = { outcome: "failed", fault: "recipient", retryable: false };
    expect(read("{}", blacklist, "receipt")).toEqual({ verdict: usual, told: [] });
    expect(read("{ fault: carrier }", blacklist, "receipt").verdict).toEqual({ ...usual, fault: "carrier" });
  });

  it("is a refused request where an API answers with a category that failed, unless the code says otherwise", () => {
    expect(read("{}", blacklist, "api").verdict?.outcome).toBe("request_rejected");
    expect(read("{ outcome: failed }", blacklist, "api").verdict?.outcome).toBe("failed");
    const done: Category = { ...blacklist, outcome: "delivered" };
    expect(read("{}", done, "api").verdict?.outcome).toBe("delivered");
  });

  it("is asked for where neither says it, each once", () => {
    expect(read("{ fault: none }", bare, "receipt")).toEqual({
      verdict: undefined,
      told: ['it lacks "outcome"', 'it lacks "retryable"'],
    });
  });

  it("is no default where the code says something wrong", () => {
    expect(read("{ fault: recipent }", blacklist, "receipt")).toEqual({
      verdict: undefined,
      told: ['unknown fault "recipent"'],
    });
  });
});
