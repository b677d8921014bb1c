import { type CodeEntry, CodeMap } from "../../src/codes/code-map.ts";
import { createRandom } from "../lab/random.ts";

/** What a made-up map has in its one table, `sms_receipt` of `aliyun`. */
export interface LargeMap {
  readonly codes: number;
  readonly categories: number;
  /** Which codes share a category. */
  readonly seed: number;
}

/** A map of codes `C0`, `C1` … of categories `cat_0`, `cat_1` …; each category has a code while there are enough. */
export function largeMap({ codes, categories, seed }: LargeMap): CodeMap {
  const { below } = createRandom(seed);
  const names = Array.from({ length: categories }, (_, n) => `cat_${n}`);
  const entries = Array.from({ length: codes }, (_, n): CodeEntry => ({
    ...{ provider: "aliyun", scope: "sms_receipt", code: `C${n}`, outcome: "failed", fault: "carrier" },
    category: names[n < categories ? n : below(categories)] ?? "unknown",
    ...{ retryable: false, zh: "码", en: "A code", remedy: undefined, remedyEn: undefined },
    ...{ detail: undefined, note: undefined, seedLine: undefined },
    ...{ confidence: "high", source: undefined },
  }));
  const usual = { outcome: undefined, fault: undefined, retryable: undefined };
  const categoriesOf = new Map(["unknown", ...names].map((name) => [name, { en: name, zh: name, ...usual }]));
  const table = {
    channel: "sms",
    kind: "receipt",
    api: undefined,
    title: "Codes",
    contested: [],
    entries,
  } as const;
  const tables = [{ provider: "aliyun", scope: "sms_receipt", ...table }];
  return new CodeMap({ hash: "0123456789ab", categories: categoriesOf, tables });
}
