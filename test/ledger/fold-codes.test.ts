import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Counts } from "../../src/ledger/counts.ts";
import { PartitionLedger } from "../../src/ledger/partition-ledger.ts";
import type { Checkpoint } from "../../src/ledger/view.ts";
import { createRandom } from "../lab/random.ts";
import { largeMap } from "./large-map.ts";
import { nothing, scraped } from "./partitions.ts";
import { receipt } from "./support.ts";

/** What may happen to a partition. A commit that is lost was sent by an instance that was killed before it took effect. */
const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("count" as const), receipts: fc.nat(400) }) },
    { weight: 4, arbitrary: fc.constant({ kind: "commit" as const }) },
    { weight: 3, arbitrary: fc.constant({ kind: "scrape" as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: "lost commit" as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: "kill" as const }) },
  ),
  { minLength: 5, maxLength: 50 },
);

const world = fc.record({
  // Below 321 they are few enough to have a series each from the start.
  codes: fc.oneof(fc.integer({ min: 100, max: 256 }), fc.integer({ min: 1, max: 5_000 })),
  categories: fc.integer({ min: 1, max: 40 }),
  seed: fc.nat(),
  /** How much commoner a code is than the next: 0 makes all alike. */
  slope: fc.double({ min: 0, max: 2, noNaN: true }),
  limit: fc.oneof(fc.integer({ min: 512, max: 1_024 }), fc.integer({ min: 512, max: 8_192 })),
  steps,
});

/** A partition's records, as nothing that is killed can forget them. */
class Log {
  readonly #records: { readonly code: string; readonly category: string }[] = [];
  /** Counted up to which offset, with what. */
  #tally: { at: number; readonly of: Map<string, number> } = { at: 0, of: new Map() };

  /** The code at an offset, which is at most the log's end: then `next` says what is appended. */
  codeAt(offset: number, next: () => { readonly code: string; readonly category: string }): string {
    let record = this.#records[offset];
    if (record === undefined) {
      record = next();
      this.#records.push(record);
    }
    return record.code;
  }

  /** How many of each category lie before an offset. */
  before(offset: number): Map<string, number> {
    if (offset < this.#tally.at) this.#tally = { at: 0, of: new Map() };
    const { of } = this.#tally;
    for (const { category } of this.#records.slice(this.#tally.at, offset)) add(of, category, 1);
    this.#tally.at = offset;
    return new Map(of);
  }
}

function add(sums: Map<string, number>, key: string, more: number): void {
  sums.set(key, (sums.get(key) ?? 0) + more);
}

describe("a ledger of more codes than its snapshot has room for", () => {
  it("keeps every total by category exact, through folds and kills, and no series goes back", () => {
    let folds = 0;
    fc.assert(
      fc.property(world, ({ codes, categories, seed, slope, limit, steps }) => {
        const map = largeMap({ codes, categories, seed });
        const entries = map.table("aliyun", "sms_receipt")?.entries ?? [];
        const random = createRandom(seed);
        const log = new Log();
        let held = nothing;
        const open = () => {
          const counts = new Counts({ map, provider: undefined, unknownCodes: 50, scopes: ["sms_receipt"] });
          return new PartitionLedger("t", 0, counts, held, 0, 0);
        };
        let partition = open();
        /** The next record: mostly a code of the map, the first ones the commonest, at times one that it does not list. */
        const draw = () => {
          if (random.below(40) === 0) return { code: `X${random.below(200)}`, category: "unknown" };
          const rank = Math.floor((random.below(1_000_000) / 1_000_000) ** (1 + 2 * slope) * entries.length);
          return entries[rank] ?? expect.fail();
        };
        const countOne = () => {
          partition.count([receipt(log.codeAt(partition.next, draw))], undefined, Number.NaN);
          partition.next++;
        };
        const take = (): Checkpoint => {
          const before = partition.foldedCodes;
          const checkpoint = partition.checkpoint(limit, 0);
          if (partition.foldedCodes > before) folds++;
          expect(checkpoint.metadata.length).toBeLessThanOrEqual(limit);
          return checkpoint;
        };
        const totals = () => {
          const sums = new Map<string, number>();
          for (const { category, count } of partition.counts.cells()) add(sums, category, count);
          return sums;
        };
        const highest = new Map<string, number>();
        const scrape = () => {
          const { view, counters } = scraped(partition);
          const sums = new Map<string, number>();
          for (const { counter, value } of counters) {
            if (counter.kind !== "receipts") continue;
            add(sums, counter.category, value);
            const key = `${counter.code} ${counter.category}`;
            expect(value).toBeGreaterThanOrEqual(highest.get(key) ?? 0);
            // The first value of a series is 0: increase() sees all that follows.
            if (!highest.has(key)) expect(value).toBe(0);
            highest.set(key, value);
          }
          if (view === undefined) return;
          const truth = log.before(view.next);
          for (const [category, sum] of sums) expect(sum).toBe(truth.get(category) ?? 0);
          for (const category of truth.keys()) expect(sums.has(category)).toBe(true);
        };
        for (const step of steps) {
          switch (step.kind) {
            case "count":
              for (let n = 0; n < step.receipts; n++) countOne();
              break;
            case "scrape":
              scrape();
              break;
            case "commit": {
              const checkpoint = take();
              held = { offset: checkpoint.view.next, metadata: checkpoint.metadata };
              partition.confirm(checkpoint);
              break;
            }
            case "lost commit":
              take();
              partition = open();
              break;
            case "kill":
              partition = open();
              expect(partition.origin).toBe(held.offset < 0 ? "new" : "snapshot");
              expect(totals()).toEqual(log.before(partition.next));
              break;
          }
        }
      }),
      { numRuns: 100 },
    );
    expect(folds).toBeGreaterThan(0);
  });
});
