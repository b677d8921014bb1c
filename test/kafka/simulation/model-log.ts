import type { LogRecords } from "../../../src/ledger/fold-records.ts";
import { none, values } from "./alphabet.ts";

/** What the leader of a partition has to say to a fetch. */
export interface Read {
  readonly records: LogRecords;
  /** Undefined when nothing came. */
  readonly end: number | undefined;
}

/** The log of one partition: what stands at each offset, and how much of it may be read. */
export class ModelLog {
  /** What stands at each offset: the kind of a record, or none. */
  readonly kinds: number[] = [];
  /** The first offset that is still there. */
  low = 0;
  /** Where each deletion ended: what came before it may be forgotten there, or be remembered by who had read it. */
  readonly cuts: number[] = [];
  /** Where it began when the group came. */
  startsAt = 0;
  /** Offsets below this that nobody had counted may have been deleted by retention. */
  deletedTo = 0;
  /** So many offsets are known to be on enough brokers, as the leader says. It says less when it is new to it. */
  #known = 0;
  /** The offsets of the transaction that is open. */
  #open: number[] | undefined;

  /** One more than the last offset. */
  get end(): number {
    return this.kinds.length;
  }

  get highWatermark(): number {
    return this.#known;
  }

  /** One more than the last offset that may be read: nothing behind the first record of an open transaction. */
  get lastStable(): number {
    return Math.min(this.#known, this.#open?.[0] ?? this.#known);
  }

  get hasOpenTransaction(): boolean {
    return this.#open !== undefined;
  }

  append(kinds: readonly number[]): void {
    this.kinds.push(...kinds);
    this.settle();
  }

  /** Records of the one transaction that can be open. */
  appendOpen(kinds: readonly number[]): void {
    this.#open ??= [];
    for (const kind of kinds) this.#open.push(this.kinds.push(kind) - 1);
    this.settle();
  }

  /** Ends the transaction: its marker takes an offset, and what was aborted is no record. */
  endTransaction(commit: boolean): void {
    if (this.#open === undefined) return;
    if (!commit) for (const offset of this.#open) this.kinds[offset] = none;
    this.#open = undefined;
    this.kinds.push(none);
    this.settle();
  }

  /** All that is written is on enough brokers, and its leader knows. */
  settle(): void {
    this.#known = this.kinds.length;
  }

  /** Another broker leads, which has all records and does not know yet how many of them the others have. */
  unsettle(offsets: number): void {
    this.#known = Math.max(this.low, this.kinds.length - offsets);
  }

  /** Whether the leader knows how far its log goes. */
  get settled(): boolean {
    return this.#known === this.kinds.length;
  }

  /** Retention. @param counted everything before this is counted for certain, by whoever comes */
  deleteTo(offset: number, counted: number): void {
    if (offset <= this.low) return;
    this.low = offset;
    this.cuts.push(offset);
    if (offset > counted) this.deletedTo = offset;
  }

  /** @param back so many offsets before the one that was asked for lie in the same batch */
  read(from: number, most: number, back: number): Read {
    const end = Math.min(this.lastStable, from + most);
    if (from >= end) return { records: nothing, end: undefined };
    return { records: new ModelRecords(this.kinds, Math.max(this.low, from - back), end), end };
  }
}

/** Records of a log, as they were when they were read. */
class ModelRecords implements LogRecords {
  offset: number;
  readonly timestamp = Number.NaN;
  bytes: Buffer | null = null;
  readonly start = 0;
  end = 0;
  readonly method = undefined;
  readonly oversized = false;
  #shown = 0;
  readonly #kinds: readonly number[];
  readonly #end: number;

  constructor(kinds: readonly number[], from: number, end: number) {
    this.#kinds = kinds;
    this.#end = end;
    this.offset = from - 1;
  }

  /** After so few records that most fetches are not read to their end. */
  get isPaused(): boolean {
    return this.#shown >= 3;
  }

  advance(): boolean {
    while (++this.offset < this.#end) {
      const kind = this.#kinds[this.offset] ?? none;
      if (kind === none) continue;
      this.bytes = values[kind] ?? null;
      this.end = this.bytes?.length ?? 0;
      this.#shown++;
      return true;
    }
    return false;
  }
}

const nothing = new ModelRecords([], 0, 0);
