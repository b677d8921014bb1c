import fc from "fast-check";
import { channels, outcomes } from "../../../src/codes/verdict.ts";
import { counterKey } from "../../../src/ledger/counter.ts";
import { delayParts, unmeasuredReasons } from "../../../src/ledger/delay-parts.ts";
import { words } from "../../../src/ledger/snapshot/dictionary2.ts";
import type { SnapshotCounter, SnapshotState } from "../../../src/ledger/snapshot/state.ts";
import { ignoredKinds, malformedReasons } from "../../../src/receipts/receipt.ts";

/** What a label may be: any text without control characters. */
const label = fc
  .string({ unit: "binary", minLength: 1, maxLength: 64 })
  .filter((text) => !/\p{Cc}/u.test(text));

/** Any counter, with a code of the dictionary or with another. */
const counter = fc.oneof(
  fc.record({
    kind: fc.constant("receipts" as const),
    provider: label,
    channel: fc.constant("unknown" as const),
    scope: label,
    code: fc.oneof(label, fc.constantFrom(...words.slice(-300))),
    category: label,
    outcome: fc.constantFrom(...outcomes),
  }),
  fc.record({
    kind: fc.constant("receiptsBy" as const),
    provider: label,
    channel: fc.constantFrom(...channels),
    category: label,
    outcome: fc.constantFrom(...outcomes),
    dimension: label,
    // `_other` follows from the receipts: see restore.test.ts
    value: label.filter((text) => text !== "_other"),
  }),
  fc.record({
    kind: fc.constant("delays" as const),
    provider: label,
    channel: fc.constantFrom(...channels),
    outcome: fc.constantFrom(...outcomes),
    part: fc.constantFrom(...delayParts),
  }),
  fc.record({
    kind: fc.constant("unmeasured" as const),
    provider: label,
    channel: fc.constantFrom(...channels),
    outcome: fc.constantFrom(...outcomes),
    // so does `not_kept`
    reason: fc.constantFrom(...unmeasuredReasons.filter((reason) => reason !== "not_kept")),
  }),
  fc.record({ kind: fc.constant("malformed" as const), reason: fc.constantFrom(...malformedReasons) }),
  fc.record({ kind: fc.constant("ignored" as const), what: fc.constantFrom(...ignoredKinds) }),
  fc.record({ kind: fc.constant("conflicts" as const), scope: label }),
  fc.constant({ kind: "skipped" as const }),
);

/** Any state of a ledger. */
export const state: fc.Arbitrary<SnapshotState> = fc
  .record({
    next: fc.maxSafeNat(),
    first: fc.maxSafeInteger(),
    logMark: fc.option(fc.maxSafeNat(), { nil: undefined }),
    zerosSeen: fc.boolean(),
    folded: fc.option(fc.record({ codes: fc.nat(5_000), limit: fc.integer({ min: 64, max: 65_536 }) }), {
      nil: undefined,
    }),
    carried: fc.array(
      fc.record({
        tag: fc.constantFrom(8, 10, 1_000),
        body: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
      }),
      { maxLength: 2 },
    ),
    lastEventAt: fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1000),
    counters: fc.uniqueArray(
      fc.record({ counter, count: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), seen: fc.boolean() }),
      { selector: (entry) => counterKey(entry.counter), maxLength: 60 },
    ),
  })
  .map((drawn) => ({
    ...drawn,
    counters: drawn.counters.map((entry) => ({ ...entry, seen: entry.seen && drawn.zerosSeen })),
  }));

export const byKey = (a: SnapshotCounter, b: SnapshotCounter) =>
  counterKey(a.counter) < counterKey(b.counter) ? -1 : 1;
