import { describe, expect, it } from "vitest";
import { CodeInfoText } from "../../src/metrics/code-info-text.ts";
import { parseMetrics } from "../lab/scrape.ts";
import { largeMap } from "../ledger/large-map.ts";
import { packagedMap } from "../ledger/support.ts";

describe("dlr_code_info", () => {
  it("has a series of 1 for each code of each table, with its words", () => {
    const map = packagedMap();
    const samples = parseMetrics(new CodeInfoText().write(map));
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
    const sizes = [one, two, two, one].map((map) => parseMetrics(text.write(map)).length);
    expect(sizes).toEqual([1, 2, 2, 1]);
  });
});
