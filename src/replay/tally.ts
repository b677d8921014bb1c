import type { CodeMap } from "../codes/code-map.ts";
import { type CellOptions, Cells, otherCode } from "../ledger/cells.ts";
import type { Counter, KeyCounter, ReceiptCounter } from "../ledger/counter.ts";
import { type DelaySeries, Delays, observeDelay } from "../ledger/delays.ts";
import type { Marginals } from "../ledger/marginals.ts";
import { bucketOf, type DelayColumn, secondsOf } from "../ledger/receipt-delays.ts";
import type { Target } from "../ledger/targets.ts";
import { type Columns, columnsOf, type ReceiptColumns } from "../receipts/columns.ts";
import { noValue, otherValue, valuePlaceholders } from "../receipts/dimensions/dimension.ts";
import type { Receipt, Unread } from "../receipts/receipt.ts";
import { type Aside, countUnread, emptyAside } from "./aside.ts";
import { type DelaySums, DelaySummer } from "./delay-sums.ts";
import { type MoveCounts, OtherMap } from "./other-map.ts";
import { type Row, Rows } from "./rows.ts";
import { type Blocks, blockOf, placeOf, Timeline, totalsOf } from "./timeline.ts";
import { countedAt, type ReplayWindow } from "./window.ts";

/** How many blocks of a timeline the codes may take that the map does not list: about 100 MB. */
const unlistedBlocks = 1_000_000;

/** How many the values of dimensions may take: about 200 MB. */
const valueBlocks = 2_000_000;

/** A tally as plain data: what a worker sends, and what a state file holds. */
export interface TallyState {
  readonly topic: string;
  readonly counters: readonly Counter[];
  /** The counters under the other map; empty without one. */
  readonly otherCounters: readonly Counter[];
  readonly blocks: Blocks;
  readonly delays: readonly DelaySeries[];
  readonly delaySums: DelaySums;
  readonly aside: Aside;
  readonly moves: MoveCounts;
}

/** Where a tally's receipts come from, and what they are held against. */
export interface TallyOptions {
  readonly topic: string;
  readonly window: ReplayWindow;
  readonly cells: CellOptions;
  /** Another map, to count which receipts it places elsewhere. */
  readonly compare: CodeMap | undefined;
  /** Where a local day begins. */
  readonly utcOffsetMinutes: number;
  /** The most blocks for unlisted codes; see {@link Tally}. */
  readonly unlistedBlocks?: number;
  /** The most blocks for named values of dimensions. */
  readonly valueBlocks?: number;
}

/**
 * The receipts of one topic by cell and step, and by the values of its dimensions. Any order of records gives the same.
 *
 * Its memory is bounded: when the codes that the map does not list take too much, the rarer half of them folds into
 * `_other`, and no new ones are named from there on; so do the values of dimensions. No receipt is lost by that, but which
 * names are kept depends on the order of records then.
 */
export class Tally {
  readonly topic: string;
  readonly #window: ReplayWindow;
  readonly #cells: Cells;
  readonly #rows: Rows;
  readonly #other: OtherMap | undefined;
  readonly #delays = new Delays();
  readonly #unlistedBlocks: number;
  readonly #valueBlocks: number;
  readonly #timeline = new Timeline();
  /** How many blocks are for codes that the map does not list. */
  #unlisted = 0;
  /** How many are for values that have a name. */
  #named = 0;
  /** Apart from the timeline, whose numbers end at 4,294,967,295: 1,700 receipts that took a month. */
  readonly #delaySums = new DelaySummer();
  readonly #aside: Aside = emptyAside();

  constructor(options: TallyOptions) {
    const { topic, window, cells, compare, utcOffsetMinutes } = options;
    this.topic = topic;
    this.#unlistedBlocks = options.unlistedBlocks ?? unlistedBlocks;
    this.#valueBlocks = options.valueBlocks ?? valueBlocks;
    this.#window = window;
    this.#cells = new Cells(cells, this.#delays, true);
    this.#cells.marginals?.reserve();
    this.#rows = new Rows(this.#cells, this.#timeline, this.#delaySums);
    this.#other =
      compare === undefined ? undefined : new OtherMap({ ...cells, map: compare }, utcOffsetMinutes);
  }

  /**
   * Counts what one record held.
   *
   * @param unread why the record, or a part of it, gives no receipt
   * @param recordedAt the record's time in ms since the epoch
   * @param again its duplicates; undefined if the topic does not look for them
   */
  count(
    receipts: readonly Receipt[],
    unread: Unread | undefined,
    recordedAt: number,
    again?: readonly Receipt[],
  ): void {
    if (again !== undefined) this.#countKeys(receipts, again, recordedAt);
    const { from, to } = this.#window;
    this.#aside.records++;
    if (unread !== undefined && recordedAt >= from && recordedAt < to) countUnread(this.#aside, unread);
    for (const receipt of receipts) this.#countReceipts(columnsOf(receipt, recordedAt), 1);
  }

  /**
   * Counts the receipts of records that were read at once, as {@link count} does those of each.
   *
   * @param records, receipts how many, from the first on
   */
  countColumns(columns: ReceiptColumns, records: number, receipts: number): void {
    this.#aside.records += records;
    this.#countReceipts(columns, receipts);
  }

  /** This tally as plain data; shares its memory except the blocks. */
  state(): TallyState {
    return {
      topic: this.topic,
      counters: this.#cells.counters,
      otherCounters: this.#other?.counters ?? [],
      blocks: this.#timeline.blocks(),
      delays: [...this.#delays.all()],
      delaySums: this.#delaySums.sums(),
      aside: this.#aside,
      moves: this.#other?.moves ?? new Map(),
    };
  }

  /** All that is done for each receipt, in one place: calls cost as much as what they do. */
  #countReceipts(columns: Columns, receipts: number): void {
    const { numbers, kinds, values } = columns;
    const { sentAt: sentTimes, receivedAt: receivedTimes, recordedAt: recordedTimes } = columns;
    const { from, to, step: stepMs, slack = 0, by } = this.#window;
    const lateFrom = slack > 0 ? to + 0.9 * slack : Number.POSITIVE_INFINITY;
    const { marginals } = this.#cells;
    const timeline = this.#timeline;
    const rows = this.#rows;
    for (let i = 0; i < receipts; i++) {
      const sentAt = sentTimes[i] ?? Number.NaN;
      const receivedAt = receivedTimes[i] ?? Number.NaN;
      const recordedAt = recordedTimes[i] ?? Number.NaN;
      const at = countedAt(receivedAt, recordedAt, by);
      if (!(at >= from && at < to)) {
        this.#aside[at < from ? "before" : "after"]++;
        continue;
      }
      if (by === "event" && Number.isNaN(receivedAt)) this.#aside.undated++;
      if (recordedAt >= lateFrom) this.#aside.late++;
      const step = Math.floor((at - from) / stepMs);
      const place = placeOf(step);
      const number = numbers[i] ?? 0;
      const row =
        rows.find(number, kinds[number], blockOf(step)) ?? this.#openRow(number, kinds, blockOf(step));
      const { target, sums } = row;
      timeline.addAt(row.own + place);
      if (row.state !== -1) timeline.addAt(row.state + place);
      if (row.segments !== -1) timeline.addAt(row.segments + place, row.receipt?.segments);
      if (target.conflict !== -1) this.#aside.conflicts++;
      if (target.measured !== undefined && sums !== undefined) {
        const bucket = bucketOf(sentAt, receivedAt);
        if (bucket === -1) this.#addUnmeasured(target.measured, sentAt, receivedAt, step);
        else {
          timeline.addAt(rows.bucket(row, bucket) + place);
          sums[place] = (sums[place] ?? 0) + secondsOf(sentAt, receivedAt);
        }
      }
      observeDelay(target.delay, receivedAt - sentAt);
      if (marginals !== undefined) this.#addValues(marginals, target, values, i * marginals.size, step);
      if (this.#other !== undefined)
        this.#compare(this.#other, this.#other.targets.ofKind(number, kinds), target.slot, at);
    }
  }

  /** Counts the duplicates within the replay's window, and the receipts without a key. */
  #countKeys(receipts: readonly Receipt[], again: readonly Receipt[], recordedAt: number): void {
    const { from, to, step, by } = this.#window;
    const add = (kind: KeyCounter["kind"], receipt: Receipt) => {
      const at = countedAt(receipt.receivedAt, recordedAt, by);
      if (at < from || at >= to) return;
      this.#timeline.add(this.#cells.keySlot(kind, receipt), Math.floor((at - from) / step));
    };
    for (const receipt of again) add("duplicates", receipt);
    for (const receipt of receipts) if (receipt.key === undefined) add("unkeyed", receipt);
  }

  /** Where receipts of a kind count in a block from here on. */
  #openRow(number: number, kinds: readonly Receipt[], block: number): Row {
    const target = this.#cells.targets.ofKind(number, kinds);
    const { size } = this.#timeline;
    const own = this.#timeline.position(target.slot, block);
    const isNew = this.#timeline.size > size;
    if (isNew && this.#isUnlisted(target.slot) && ++this.#unlisted > this.#unlistedBlocks) {
      this.#foldCodes();
      // Its code may be one of those that were folded.
      return this.#openRow(number, kinds, block);
    }
    return this.#rows.open(number, kinds[number], target, block, own);
  }

  #compare(map: OtherMap, other: Target, slot: number, at: number): void {
    if (map.compare(other, slot, this.#cells.counters[slot], at)) this.#aside.unmoved++;
  }

  #addUnmeasured(column: DelayColumn, sentAt: number, receivedAt: number, step: number): void {
    const slot = this.#cells.receiptDelays?.reasonSlot(column, sentAt, receivedAt);
    if (slot !== undefined) this.#timeline.add(slot, step);
  }

  #addValues(
    marginals: Marginals,
    { column }: Target,
    values: readonly string[],
    first: number,
    step: number,
  ): void {
    if (column === undefined) return;
    for (let place = 0; place < marginals.size; place++) {
      const value = values[first + place] ?? noValue;
      const slot = marginals.slot(column, place, value);
      const opened = this.#timeline.add(slot, step);
      const counter = this.#cells.counters[slot];
      if (counter?.kind === "receiptsBy" && counter.value !== value) this.#aside.unnamed++;
      if (opened && isNamedValue(counter) && ++this.#named > this.#valueBlocks) this.#foldValues(marginals);
    }
  }

  #isUnlisted(slot: number): boolean {
    const counter = this.#cells.counters[slot];
    return counter !== undefined && this.#cells.isUnlisted(counter);
  }

  /** Moves the rarer half of the codes that the map does not list into `_other`. */
  #foldCodes(): void {
    const blocks = this.#timeline.blocks();
    const totals = totalsOf(blocks);
    const rarest = [...new Set(blocks.slots)]
      .filter((slot) => this.#isUnlisted(slot))
      .sort((a, b) => (totals[a] ?? 0) - (totals[b] ?? 0));
    const folded = new Map<number, number>();
    const closed: ReceiptCounter[] = [];
    for (const slot of rarest.slice(0, Math.ceil(rarest.length / 2))) {
      const counter = this.#cells.counters[slot];
      if (counter?.kind !== "receipts") continue;
      folded.set(slot, this.#cells.slot({ ...counter, code: otherCode }));
      closed.push(counter);
    }
    this.#cells.closeUnlisted(closed);
    this.#move(folded);
  }

  /** Moves the rarer half of the values, those of all dimensions together, into `_other` of their dimension. */
  #foldValues(marginals: Marginals): void {
    const totals = totalsOf(this.#timeline.blocks());
    const after = totals.slice();
    marginals.foldRarerHalf(after);
    const folded = new Map<number, number>();
    for (const [slot, counter] of this.#cells.counters.entries()) {
      if (after[slot] !== -1 || counter.kind !== "receiptsBy") continue;
      folded.set(slot, this.#cells.slot({ ...counter, value: otherValue }));
      this.#aside.unnamed += totals[slot] ?? 0;
    }
    this.#move(folded);
  }

  /** Moves what some slots count to others. */
  #move(slots: ReadonlyMap<number, number>): void {
    this.#timeline.move((slot) => slots.get(slot) ?? slot);
    this.#rows.forget();
    const kept = [...this.#timeline.blocks().slots];
    this.#unlisted = kept.filter((slot) => this.#isUnlisted(slot)).length;
    this.#named = kept.filter((slot) => isNamedValue(this.#cells.counters[slot])).length;
  }
}

/** Whether a counter is of one value: those that stand for none or for many are few, and always kept. */
function isNamedValue(counter: Counter | undefined): boolean {
  return counter?.kind === "receiptsBy" && !valuePlaceholders.includes(counter.value);
}
