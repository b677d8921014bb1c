import { describe, expect, it } from "vitest";
import { budgetOf, shortageOf } from "../../src/ledger/budget.ts";
import { largeMap } from "./large-map.ts";
import { packagedMap } from "./support.ts";

const map = packagedMap();

describe("what a topic's counts take", () => {
  it("fits the packaged map with all its tables in use into a quarter of what brokers take", () => {
    const options = { map, provider: undefined, unknownCodes: 50, scopes: map.scopes("aliyun") };
    const { codes, listed, totals, folded } = budgetOf(options, 1_024);
    expect(codes).toBe(114);
    expect(listed).toBeLessThan(1_024);
    expect(totals).toBeLessThan(listed);
    expect(folded).toBe(0);
    expect(shortageOf("t", budgetOf(options, 1_024), 1_024)).toBeUndefined();
  });

  it.each([1_024, 4_096])("of 5,000 codes is folded at %i, and its totals fit", (limit) => {
    const large = largeMap({ codes: 5_000, categories: 40, seed: 3 });
    const options = { map: large, provider: undefined, unknownCodes: 50, scopes: ["sms_receipt"] };
    const budget = budgetOf(options, limit);
    expect(budget.listed).toBeGreaterThan(limit);
    expect(budget.folded).toBeGreaterThan(4_000);
    expect(budget.folded).toBeLessThan(5_000);
    expect(budget.totals).toBeLessThan(1_024);
  });

  it("is said to be too much where not even the totals fit", () => {
    const options = { map, provider: undefined, unknownCodes: 50, scopes: map.scopes("aliyun") };
    const budget = budgetOf(options, 64);
    expect(shortageOf("sms", budget, 64)).toBe(
      `the totals by category of topic sms can take ${budget.totals} characters, and metadata_limit is 64: raise ` +
        "offset.metadata.max.bytes on the brokers and metadata_limit here",
    );
  });

  it("is 0 for a topic whose codes no table lists, and its totals fit anywhere", () => {
    const options = { map, provider: "nobody", unknownCodes: 50, scopes: ["sms_receipt"] };
    expect(budgetOf(options, 256)).toMatchObject({ codes: 0, folded: 0 });
    expect(budgetOf(options, 256).totals).toBeLessThan(256);
  });
});
