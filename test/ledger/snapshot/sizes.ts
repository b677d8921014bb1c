import { words } from "../../../src/ledger/snapshot/dictionary2.ts";
import { encodeSnapshot } from "../../../src/ledger/snapshot/snapshot.ts";
import { createRandom } from "../../lab/random.ts";
import { encodeFormat1 } from "./format1-writer.ts";

/** How long a snapshot is, in characters. */
export interface Sizes {
  readonly codes: number;
  readonly format1: number;
  readonly format2: number;
  /** With codes that nobody has published, which the dictionary does not know. */
  readonly unpublished: number;
}

/** Where the codes begin in the dictionary: all before are names. */
const firstCode = words.indexOf("too_large") + 1;
const categories = words.slice(words.indexOf("delivered_partial"), words.indexOf("tombstone"));

/**
 * Measures the snapshot of a partition of SMS receipts with so many codes in use, at natural frequencies: the commonest came
 * 10,000,000 times, the second half as often, and so on.
 */
export function sizesOf(codes: number): Sizes {
  const random = createRandom(codes);
  const published = words
    .slice(firstCode)
    .map((code, at) => ({
      code,
      // Codes of a category stand together there.
      category: categories[Math.floor((at * categories.length) / (words.length - firstCode))] ?? "unknown",
      order: random.below(1_000_000),
    }))
    .sort((a, b) => a.order - b.order)
    .slice(0, codes);
  const stateOf = (codeOf: (code: string) => string) => ({
    ...{ next: 1_234_567_890, first: 0, logMark: 2 ** 51 + 12_345, zerosSeen: true },
    lastEventAt: 1_795_000_000_000,
    ...{ folded: undefined, carried: [] },
    counters: published.map(({ code, category }, rank) => ({
      counter: {
        ...{ kind: "receipts" as const, provider: "aliyun", channel: "sms" as const, scope: "sms_receipt" },
        ...{ code: codeOf(code), category, outcome: "failed" as const },
      },
      count: Math.ceil(10_000_000 / (rank + 1)) + random.below(20),
      seen: true,
    })),
  });
  const listed = stateOf((code) => code);
  return {
    codes,
    format1: encodeFormat1(listed).length,
    format2: encodeSnapshot(listed).length,
    unpublished: encodeSnapshot(stateOf(() => `X${random.below(36).toString(36)}:${random.below(10_000)}`))
      .length,
  };
}
