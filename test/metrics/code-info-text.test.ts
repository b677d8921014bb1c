import { describe, expect, it } from "vitest";
import { CodeInfoText, type Described } from "../../src/metrics/code-info-text.ts";
import { mapWithPacks, packOf, smallPack } from "../codes/small-pack.ts";
import { parseMetrics } from "../lab/scrape.ts";
import { largeMap } from "../ledger/large-map.ts";
import { packagedMap } from "../ledger/support.ts";

/** Nothing but these providers. */
function of(...providers: readonly string[]): Described {
  return { providers: new Set(providers), borrowed: new Map() };
}

describe("dlr_code_info", () => {
  it("describes the codes of those providers alone whose receipts are read, as they come", () => {
    const codes = Array.from({ length: 100 }, (_, n) => `C${n}`);
    const strangers = Array.from({ length: 20 }, (_, n) => packOf(`stranger_${n}`, codes));
    const map = mapWithPacks(smallPack, ...strangers);
    const text = new CodeInfoText();
    const described = (...providers: readonly string[]) =>
      parseMetrics(text.write(map, of(...providers))).map(
        ({ labels }) => `${labels.provider} ${labels.code}`,
      );
    expect(described("acme")).toEqual(["acme 1"]);
    expect(described("nobody")).toEqual([]);
    expect(described("acme", "nimbus")).toEqual([
      ...["acme 1", "nimbus OK", "nimbus DB:0144", "nimbus db:0141", "nimbus 07", "nimbus 9", "nimbus 9"],
    ]);
  });

  it("says whose table has judged a code of another provider, in a series of the receipt's own", () => {
    const map = mapWithPacks(smallPack);
    const entry = map.lookup("nimbus", "sms_receipt", "DB:0144");
    if (entry === undefined) throw new Error("the pack lists it");
    const borrowed = new Map([["key", { provider: "acme", entry }]]);
    const text = new CodeInfoText();
    const before = parseMetrics(text.write(map, of("acme")));
    const samples = parseMetrics(text.write(map, { ...of("acme"), borrowed }));
    expect(samples.slice(0, -1)).toEqual(before);
    expect(samples.at(-1)?.labels).toMatchObject({
      ...{ provider: "acme", scope: "sms_receipt", code: "DB:0144", category: "blacklist" },
      ...{ fault: "recipient", description: "Blacklist", fallback: "nimbus" },
    });
    expect(before.every(({ labels }) => labels.fallback === undefined)).toBe(true);
  });

  it("has a series of 1 for each code of each table, with its words", () => {
    const map = packagedMap();
    const samples = parseMetrics(new CodeInfoText().write(map, of(...map.providers())));
    const scopes = map
      .providers()
      .flatMap((provider) => map.scopes(provider).map((scope) => ({ provider, scope })));
    const entries = scopes.flatMap(({ provider, scope }) => map.table(provider, scope)?.entries ?? []);
    expect(samples).toHaveLength(entries.length);
    expect(new Set(samples.map(({ value }) => value))).toEqual(new Set([1]));
    const entry = map.lookup("aliyun", "sms_receipt", "DB:0141");
    expect(samples.find(({ labels }) => labels.code === "DB:0141")?.labels).toEqual({
      ...{ provider: "aliyun", scope: "sms_receipt", code: "DB:0141", category: "blacklist" },
      ...{ fault: entry?.fault, description: entry?.en, description_zh: entry?.zh },
      ...{ remedy: entry?.remedyEn ?? "", remedy_zh: entry?.remedy ?? "" },
    });
  });

  it("is another one for another map", () => {
    const text = new CodeInfoText();
    const [one, two] = [1, 2].map((codes) => largeMap({ codes, categories: 1, seed: 1 }));
    if (one === undefined || two === undefined) throw new Error("no maps");
    const sizes = [one, two, two, one].map((map) => parseMetrics(text.write(map, of("aliyun"))).length);
    expect(sizes).toEqual([1, 2, 2, 1]);
  });
});
