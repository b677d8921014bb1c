import { expect, it } from "vitest";
import { Buckets } from "../../src/ledger/buckets.ts";
import { delayBounds } from "../../src/ledger/delay-parts.ts";
import { delayBuckets } from "../../src/ledger/delays.ts";

it.each([[...delayBuckets], [...delayBounds], [4_095, 4_096, 4_097], []])(
  "each delay is in the first bucket whose bound it does not exceed: %s",
  (...bounds) => {
    const buckets = new Buckets(bounds);
    const slow = (ms: number) => {
      const found = bounds.findIndex((bound) => ms <= 1000 * bound);
      return found === -1 ? bounds.length : found;
    };
    const edges = bounds.flatMap((bound) => [-1, 0, 1].map((off) => 1000 * bound + off));
    for (const ms of [...edges, -5_000, -1, 0, 0.5, 1, 999, 4_094_999, 4_095_001, 30 * 86_400_000])
      expect(buckets.of(ms), `${ms} ms`).toBe(slow(ms));
  },
);
