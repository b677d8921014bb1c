import type { CodeMap } from "../codes/code-map.ts";
import type { Outcome } from "../codes/verdict.ts";
import { columnsOf, type ReceiptColumns } from "../receipts/columns.ts";
import { isIgnored, malformedReasons, type Receipt, type Unread } from "../receipts/receipt.ts";
import { Cells, otherCode } from "./cells.ts";
import { addOne, type Counting, countReceipts, openAt0 } from "./count-receipts.ts";
import type { Counter, ReceiptCounter } from "./counter.ts";
import type { CountsOptions } from "./counts-options.ts";
import { Delays } from "./delays.ts";
import { LastEvent } from "./last-event.ts";
import { otherCategory } from "./receipt-segments.ts";
import type { Folded } from "./snapshot/state.ts";

/**
 * The counts of one partition (or of one file): a growing list of counters, and a number for each.
 *
 * The totals by category and outcome depend on the records and the code map alone; which codes have a number of their own
 * depends on the room that snapshots have, too.
 */
export class Counts {
  /** The number of each counter, by slot; -1 marks a counter that was folded into `_other`. */
  readonly bySlot: number[] = [];
  readonly lastEvent: LastEvent;
  /** The window for duplicates, in offsets; undefined if the topic does not look for them. */
  readonly window: number | undefined;
  #folded: Folded | undefined;
  readonly #cells: Cells;
  readonly #counting: Counting;
  readonly #scopes: readonly string[];
  readonly #dimensions: readonly string[];
  readonly #whenKept: CountsOptions["whenKept"];

  constructor(options: CountsOptions) {
    this.#cells = new Cells(options, options.delays ?? new Delays(), true);
    this.#scopes = options.scopes ?? [];
    this.#dimensions = options.dimensions ?? [];
    this.window = options.window;
    this.lastEvent = new LastEvent(options.clock ?? Date.now);
    this.#counting = { cells: this.#cells, bySlot: this.bySlot, lastEvent: this.lastEvent };
    this.#whenKept = options.whenKept;
    for (const reason of malformedReasons) this.slot({ kind: "malformed", reason });
    this.slot({ kind: "skipped" });
    this.openListed();
  }

  /** Set while codes without a counter of their own count as `_other`; undefined while there is room. */
  get folded(): Folded | undefined {
    return this.#folded;
  }

  /** How many delay columns (provider, channel, outcome) were dropped for lack of room. */
  get foldedDelays(): number {
    return this.#cells.receiptDelays?.folded ?? 0;
  }

  /** Whose receipts have a counter, and the codes that a fallback has judged. */
  get met(): Pick<Cells, "providers" | "borrowed"> {
    return this.#cells;
  }

  /** The topic's dimensions. */
  get dimensions(): readonly string[] {
    return this.#dimensions;
  }

  /** How many values of dimensions have counters of their own. */
  get namedValues(): number {
    return this.#cells.marginals?.named ?? 0;
  }

  /** The counters, by slot. */
  get counters(): readonly Counter[] {
    return this.#cells.counters;
  }

  /**
   * Counts one record.
   *
   * @param receipts the decoded receipts
   * @param unread why the record, or a part of it, is not a receipt; a new ignored kind gets its counter now, like an
   *   unlisted code
   * @param recordedAt the record's time in ms since the epoch: used for {@link lastEvent} if an event has no time, or
   *   one more than ten minutes later, by a wrong clock. NaN, or a time in the future, leaves that unchanged
   * @param again duplicates, which count as nothing else; undefined if the topic does not look for them
   */
  fold(
    receipts: readonly Receipt[],
    unread: Unread | undefined,
    recordedAt: number = Number.NaN,
    again?: readonly Receipt[],
  ): void {
    if (again !== undefined) this.#foldKeys(receipts, again);
    for (const receipt of receipts) {
      countReceipts(this.#counting, columnsOf(receipt, recordedAt), 1);
    }
    if (unread === undefined) return;
    if (isIgnored(unread)) addOne(this.#counting, this.#cells.slot({ kind: "ignored", what: unread }));
    else addOne(this.#counting, malformedReasons.indexOf(unread));
  }

  /** Counts the receipts of records that were read at once, as {@link fold} counts those of each. */
  foldRun(columns: ReceiptColumns): void {
    countReceipts(this.#counting, columns, columns.size);
  }

  /** Counts offsets that held no record: compacted away, transaction markers, deleted by retention. */
  skip(offsets: number): void {
    const slot = malformedReasons.length;
    this.bySlot[slot] = (this.bySlot[slot] ?? 0) + offsets;
  }

  /** Reports that counts became durable, by slot; -1 for a folded counter. */
  kept(before: readonly number[], after: readonly number[]): void {
    this.#whenKept?.(this.counters, before, after);
  }

  /** Uses another map from now on: opens the counters of newly listed codes, moves nothing. */
  adopt(map: CodeMap): void {
    this.#cells.adopt(map);
    this.openListed();
  }

  /** Opens at 0 what the map foresees in the scopes, and is not open yet. */
  openListed(): void {
    this.#cells.openListed(this.#scopes);
    if (this.window !== undefined) this.#cells.openKeys();
    openAt0(this.#counting);
  }

  /** The slot of a counter, opened at 0 when it is new; -1 for what the topic does not count. */
  slot(counter: Counter): number {
    const slot = this.#slotOf(counter);
    openAt0(this.#counting);
    return slot;
  }

  /** The counter of a cell that was counted before: today's map gives its channel, today's rules its label. */
  cell(provider: string, scope: string, code: string, category: string, outcome: Outcome): ReceiptCounter {
    return this.#cells.cellAgain(provider, scope, code, category, outcome);
  }

  /**
   * Moves the counts of the rarest codes, listed or not, into `_other` of their category and outcome. From then on only
   * codes with a count of their own keep their counter. Among equally rare codes, unlisted ones go first.
   *
   * @param share which part of them, 0 to 1; at least one
   * @param limit what their snapshot outgrew, in characters
   * @returns how many were folded; 0 when there is none left
   */
  foldRarest(share: number, limit: number): number {
    const ranked = this.#singleCodes((count) => count > 0)
      .map((single) => ({ ...single, listed: this.#cells.isUnlisted(single.counter) ? 0 : 1 }))
      .sort((a, b) => a.count - b.count || a.listed - b.listed);
    const folded = ranked.slice(0, Math.ceil(ranked.length * share));
    for (const { counter, slot, count } of folded) {
      const other = this.slot({ ...counter, code: otherCode });
      this.bySlot[other] = (this.bySlot[other] ?? 0) + count;
      this.bySlot[slot] = -1;
    }
    this.#cells.close(folded.map(({ counter }) => counter));
    this.closeIdle({ codes: (this.#folded?.codes ?? 0) + folded.length, limit });
    return folded.length;
  }

  /** See `Marginals.foldRarest`. */
  foldRarestValues(share: number): number {
    return this.#cells.marginals?.foldRarest(this.bySlot, share) ?? 0;
  }

  /**
   * Drops the delay buckets of one provider, channel and outcome: their receipts are `not_kept` from now on.
   *
   * @returns false when no column with receipts is left
   */
  foldDelays(): boolean {
    const closed = this.#cells.receiptDelays?.foldLeast(this.bySlot) ?? [];
    for (const slot of closed) this.#cells.closeOne(slot);
    return closed.length > 0;
  }

  /**
   * Counts the segments of all categories of a provider, channel and outcome together from here on.
   *
   * @returns false when they are already, or none are counted
   */
  foldSegments(): boolean {
    const segments = this.#cells.receiptSegments;
    if (segments === undefined || segments.isFolded || !segments.isInUse(this.bySlot)) return false;
    this.#cells.foldSegments(this.bySlot);
    return true;
  }

  /** Whether segments are counted. */
  get countsSegments(): boolean {
    return this.#cells.receiptSegments !== undefined;
  }

  /** Whether the segments of all categories are counted together, since those of each had no room. */
  get hasFoldedSegments(): boolean {
    return this.#cells.receiptSegments?.isFolded ?? false;
  }

  /** See `Marginals.turn`. */
  turnValues(decide: boolean): void {
    this.#cells.marginals?.turn(this.bySlot, decide);
  }

  /** Accepts no new codes from now on. */
  closeIdle(folded: Folded): void {
    this.#folded = folded;
    const idle = this.#singleCodes((count) => count === 0);
    for (const { slot } of idle) this.bySlot[slot] = -1;
    this.#cells.close(idle.map(({ counter }) => counter));
  }

  /** Accepts all codes again; folded ones start at 0. */
  unfold(): void {
    this.#folded = undefined;
    this.#cells.reopen();
    this.openListed();
  }

  /** The cells that hold a receipt. */
  *cells(): Iterable<ReceiptCounter & { readonly count: number }> {
    for (const [slot, counter] of this.counters.entries()) {
      const count = this.bySlot[slot] ?? 0;
      if (counter.kind === "receipts" && count > 0) yield { ...counter, count };
    }
  }

  #slotOf(counter: Counter): number {
    if (counter.kind === "receiptsBy") return this.#cells.marginals?.slotAgain(counter) ?? -1;
    if (counter.kind === "delays" || counter.kind === "unmeasured")
      return this.#cells.receiptDelays?.slotAgain(counter) ?? -1;
    if (counter.kind === "segments" || counter.kind === "segmentReceipts") {
      if (counter.category === otherCategory) this.#cells.foldSegments(this.bySlot);
      return this.#cells.receiptSegments?.slotAgain(counter) ?? -1;
    }
    return this.#cells.slot(counter);
  }

  /** The open counters of single codes. */
  #singleCodes(
    wanted: (count: number) => boolean,
  ): { readonly counter: ReceiptCounter; readonly slot: number; readonly count: number }[] {
    return this.counters.flatMap((counter, slot) => {
      const count = this.bySlot[slot] ?? 0;
      return counter.kind === "receipts" && counter.code !== otherCode && wanted(count)
        ? [{ counter, slot, count }]
        : [];
    });
  }

  /** Counts the duplicates of a record, and the receipts without a key. */
  #foldKeys(receipts: readonly Receipt[], again: readonly Receipt[]): void {
    for (const receipt of again) addOne(this.#counting, this.#cells.keySlot("duplicates", receipt));
    for (const receipt of receipts) {
      if (receipt.key === undefined) addOne(this.#counting, this.#cells.keySlot("unkeyed", receipt));
    }
  }
}
