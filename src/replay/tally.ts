import type { CodeMap } from "../codes/code-map.ts";
import { type CellOptions, Cells } from "../ledger/cells.ts";
import type { Counter } from "../ledger/counter.ts";
import { type DelaySeries, Delays, observeDelay } from "../ledger/delays.ts";
import { type MalformedReason, malformedReasons, type Receipt } from "../receipts/receipt.ts";
import { type Piece, Timeline } from "./timeline.ts";
import type { ReplayWindow } from "./window.ts";

/** What is counted beside the series. */
export interface Aside {
  records: number;
  conflicts: number;
  before: number;
  after: number;
  late: number;
  undated: number;
  /** By index in `malformedReasons`. */
  malformed: number[];
}

/** Receipts by `slot under the other map, slot, day`: the day in days since the epoch, local to the topic. */
export type MoveCounts = Map<string, number>;

/** A tally as plain data: what a worker sends, and what a state file holds. */
export interface TallyState {
  readonly topic: string;
  readonly counters: readonly Counter[];
  /** The counters under the other map; empty without one. */
  readonly otherCounters: readonly Counter[];
  readonly pieces: readonly Piece[];
  readonly delays: readonly DelaySeries[];
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
}

const dayMs = 86_400_000;

/** The receipts of one topic by cell and step. Any order of records gives the same. */
export class Tally {
  readonly topic: string;
  readonly #window: ReplayWindow;
  readonly #cells: Cells;
  readonly #other: Cells | undefined;
  readonly #dayShift: number;
  readonly #delays = new Delays();
  readonly #timeline = new Timeline();
  readonly #moves: MoveCounts = new Map();
  readonly #aside: Aside = emptyAside();

  constructor({ topic, window, cells, compare, utcOffsetMinutes }: TallyOptions) {
    this.topic = topic;
    this.#window = window;
    this.#cells = new Cells(cells, this.#delays);
    // Its delays are thrown away: each receipt is observed once, where it counts.
    this.#dayShift = utcOffsetMinutes * 60_000;
    this.#other = compare === undefined ? undefined : new Cells({ ...cells, map: compare }, new Delays());
  }

  /**
   * Counts what one record held.
   *
   * @param recordedAt the record's time in ms since the epoch
   */
  count(receipts: readonly Receipt[], malformed: MalformedReason | undefined, recordedAt: number): void {
    const { from, to, slack, by } = this.#window;
    const aside = this.#aside;
    aside.records++;
    if (malformed !== undefined && recordedAt >= from && recordedAt < to) {
      const index = malformedReasons.indexOf(malformed);
      aside.malformed[index] = (aside.malformed[index] ?? 0) + 1;
    }
    for (const receipt of receipts) {
      const dated = by === "record" || !Number.isNaN(receipt.receivedAt);
      const at = by === "record" || !dated ? recordedAt : receipt.receivedAt;
      if (at < from) aside.before++;
      else if (at >= to) aside.after++;
      else {
        this.#add(receipt, at);
        if (!dated) aside.undated++;
        if (slack > 0 && recordedAt >= to + 0.9 * slack) aside.late++;
      }
    }
  }

  /** This tally as plain data; shares its memory. */
  state(): TallyState {
    return {
      topic: this.topic,
      counters: this.#cells.counters,
      otherCounters: this.#other?.counters ?? [],
      pieces: [...this.#timeline.pieces()],
      delays: [...this.#delays.all()],
      aside: this.#aside,
      moves: this.#moves,
    };
  }

  #add(receipt: Receipt, at: number): void {
    const { from, step } = this.#window;
    const target = this.#cells.target(receipt);
    this.#timeline.add(target.slot, Math.floor((at - from) / step));
    if (target.conflict !== -1) this.#aside.conflicts++;
    observeDelay(target.delay, receipt.receivedAt - receipt.sentAt);
    if (this.#other === undefined) return;
    const other = this.#other.target(receipt).slot;
    const key = `${other} ${target.slot} ${Math.floor((at + this.#dayShift) / dayMs)}`;
    this.#moves.set(key, (this.#moves.get(key) ?? 0) + 1);
  }
}

export function emptyAside(): Aside {
  const malformed = malformedReasons.map(() => 0);
  return { records: 0, conflicts: 0, before: 0, after: 0, late: 0, undated: 0, malformed };
}
