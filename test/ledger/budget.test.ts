import { describe, expect, it } from "vitest";
import { budgetOf, shortageOf } from "../../src/ledger/budget.ts";
import { Counts } from "../../src/ledger/counts.ts";
import { PartitionLedger } from "../../src/ledger/partition-ledger.ts";
import { ignoredKinds, malformedReasons } from "../../src/receipts/receipt.ts";
import { largeMap } from "./large-map.ts";
import { nothing } from "./partitions.ts";
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

  it("has a line for duplicates, where they are looked for", () => {
    const options = { map, provider: undefined, unknownCodes: 50, scopes: ["sms_receipt"] };
    const [none, some] = [budgetOf(options, 4_096), budgetOf({ ...options, window: 10 }, 4_096)];
    expect(none.keys).toBe(0);
    expect(some.keys).toBeGreaterThan(5);
    expect(some.keys).toBeLessThan(60);
    expect(some.totals).toBeGreaterThan(none.totals);
  });

  it("has a line for the delays, which are given away before any code is folded", () => {
    const options = { map, provider: undefined, unknownCodes: 50, scopes: ["sms_receipt"] };
    const roomy = budgetOf(options, 4_096);
    expect(roomy.delays).toBeGreaterThan(50);
    expect(roomy.delays).toBeLessThan(300);
    expect(roomy.foldedDelays).toBe(0);
    expect(budgetOf(options, roomy.listed + 60)).toMatchObject({ foldedDelays: 2, folded: 0 });
    expect(budgetOf({ ...options, scopes: ["sms_send_api"] }, 4_096).delays).toBe(0);
  });

  it("has a line for the segments, whose categories are counted together before delays are given away", () => {
    const options = { map, provider: undefined, unknownCodes: 50, scopes: ["sms_receipt"], segments: true };
    const roomy = budgetOf(options, 4_096);
    expect(roomy.segments).toBeGreaterThan(50);
    expect(roomy.segments).toBeLessThan(300);
    expect(roomy).toMatchObject({ foldedSegments: false, foldedDelays: 0 });
    const full = roomy.listed + roomy.delays + roomy.segments;
    expect(budgetOf(options, full - 20)).toMatchObject({ foldedSegments: true, foldedDelays: 0, folded: 0 });
    expect(budgetOf({ ...options, segments: false }, 4_096)).toMatchObject({
      segments: 0,
      listed: roomy.listed,
    });
  });

  it("has room for two dimensions of 30 values in ten categories beside a hundred codes", () => {
    const codes = largeMap({ codes: 100, categories: 10, seed: 3 });
    const dimensions = ["signature", "template"];
    const options = { map: codes, provider: undefined, unknownCodes: 50, scopes: ["sms_receipt"] };
    const budget = budgetOf({ ...options, dimensions, dimensionValues: 30 }, 4_096);
    expect(budget).toMatchObject({ codes: 100, folded: 0, foldedValues: 0 });
    const sizes = budget.dimensions.map(({ size }) => size);
    expect(budget.listed + sizes.reduce((a, b) => a + b)).toBeLessThan(4_096);
    expect(Math.min(...sizes)).toBeGreaterThan(300);
    // with half of the room, values go and every code stays
    const tight = budgetOf({ ...options, dimensions, dimensionValues: 30 }, 2_048);
    expect(tight.folded).toBe(0);
    expect(tight.foldedValues).toBeGreaterThan(0);
    expect(tight.foldedValues).toBeLessThan(60);
  });

  it("is said to be too much where not even the totals fit", () => {
    const options = { map, provider: undefined, unknownCodes: 50, scopes: map.scopes("aliyun") };
    const budget = budgetOf(options, 64);
    expect(shortageOf("sms", budget, 64)).toBe(
      `the totals by category of topic sms can need ${budget.totals} characters, but metadata_limit is 64: raise ` +
        "offset.metadata.max.bytes on the brokers and metadata_limit here",
    );
  });

  it("reckons with every malformed reason and every kind of ignored records", () => {
    const options = { map, provider: "nobody", unknownCodes: 50, scopes: [] };
    const counts = new Counts(options);
    const partition = new PartitionLedger("t", 0, counts, nothing, 0, 0);
    partition.next = Number.MAX_SAFE_INTEGER;
    for (const unread of [...malformedReasons, ...ignoredKinds]) counts.fold([], unread);
    for (const slot of counts.bySlot.keys()) counts.bySlot[slot] = 1_000_000 + 7_919 * slot;
    const { metadata } = partition.checkpoint(4_096, 0);
    const { totals } = budgetOf(options, 4_096);
    expect(totals).toBeGreaterThanOrEqual(metadata.length);
    // which of the log it is takes a few characters, too
    expect(totals).toBeLessThan(metadata.length + 24);
  });

  it("is 0 for a topic whose codes no table lists, and its totals fit anywhere", () => {
    const options = { map, provider: "nobody", unknownCodes: 50, scopes: ["sms_receipt"] };
    expect(budgetOf(options, 256)).toMatchObject({ codes: 0, folded: 0 });
    expect(budgetOf(options, 256).totals).toBeLessThan(256);
  });
});
