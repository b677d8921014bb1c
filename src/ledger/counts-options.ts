import type { CellOptions } from "./cells.ts";
import type { Counter } from "./counter.ts";
import type { Delays } from "./delays.ts";

/** How the counts of a partition, or of a file, are made. */
export interface CountsOptions extends CellOptions {
  /** Scopes whose listed codes get a counter at 0 at once; none by default. */
  readonly scopes?: readonly string[];
  readonly delays?: Delays;
  /** The window for duplicates, in offsets; undefined looks for none. */
  readonly window?: number | undefined;
  /** Called when counts become durable, with the counts by slot before and after. */
  readonly whenKept?: (
    counters: readonly Counter[],
    before: readonly number[],
    after: readonly number[],
  ) => void;
  /** In ms since the epoch; the machine's by default. */
  readonly clock?: () => number;
}
