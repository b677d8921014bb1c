import { expect } from "vitest";
import type { Committed } from "../../src/ledger/committed.ts";
import type { Counter } from "../../src/ledger/counter.ts";
import type { PartitionLedger } from "../../src/ledger/partition-ledger.ts";
import type { Shown } from "../../src/ledger/view.ts";
import { createRandom } from "../lab/random.ts";
import { commit, limit, nothing, scraped } from "./partitions.ts";

/** What is counted beside the receipts, and how it is held to them. */
export interface Lives {
  /** How many are lived through; half of them have hardly any room for snapshots. */
  readonly seeds: number;
  readonly open: (committed: Committed) => PartitionLedger;
  /** Counts one receipt of a code. */
  readonly countOne: (partition: PartitionLedger, code: string, below: (end: number) => number) => void;
  /** What does not add up on a page. */
  readonly wrong: (counters: readonly Shown[]) => readonly string[];
  /** The counters that never go back while there is room. */
  readonly kinds: readonly Counter["kind"][];
}

/** Commits and scrapes until all that is counted is shown. */
export function shownOf(partition: PartitionLedger): readonly Shown[] {
  for (let round = 0; round < 3; round++) {
    commit(partition);
    scraped(partition);
  }
  return scraped(partition).counters;
}

/** Lives of a ledger, with commits that are lost or not answered, scrapes that are, takeovers and folds. */
export function liveThrough({ seeds, open, countOne, wrong, kinds }: Lives): void {
  for (let seed = 1; seed <= seeds; seed++) {
    const { below } = createRandom(seed);
    let committed: Committed = nothing;
    let partition = open(committed);
    let highest = new Map<string, number>();
    const isTight = seed % 2 === 0;
    const tight = 120 + below(300);
    for (let step = 0; step < 150; step++) {
      const what = below(12);
      if (what < 6) {
        const [code = ""] = ["006", "12", "DELIVRD", "DELIVRD", `X${below(20)}`].slice(below(5));
        for (let n = below(8); n > 0; n--) countOne(partition, code, below);
      } else if (what < 9) {
        const checkpoint = partition.checkpoint(isTight && below(2) === 0 ? tight : limit, 0);
        // the broker may have taken it, and its answer be lost
        const isTaken = below(4) > 0;
        if (isTaken) committed = { offset: checkpoint.view.next, metadata: checkpoint.metadata };
        if (isTaken && below(4) > 0) partition.confirm(checkpoint);
      } else if (what < 11) {
        const { view, counters, seen } = partition.expose();
        if (view !== undefined) expect(wrong(counters), `seed ${seed}, step ${step}`).toEqual([]);
        const now = new Map<string, number>();
        for (const { counter, value } of counters) {
          if (!kinds.includes(counter.kind)) continue;
          const key = JSON.stringify(counter);
          now.set(key, value);
          // what was dropped, or folded without a commit, may start over with another owner
          if (!isTight) expect(value, `seed ${seed}, ${key}`).toBeGreaterThanOrEqual(highest.get(key) ?? 0);
        }
        highest = new Map([...highest, ...now]);
        if (below(3) > 0) seen();
      } else {
        partition = open(committed);
      }
    }
  }
}
