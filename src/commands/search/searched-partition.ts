import type { StretchReader } from "../../kafka/history-reading.ts";
import type { LogStretch } from "../../kafka/stretches.ts";
import { foldRecords, type LogRecords, type RecordFold } from "../../ledger/fold-records.ts";
import type { Decoder, RawRecord } from "../../receipts/decode.ts";
import type { Receipt, Unread } from "../../receipts/receipt.ts";
import { RecordOrder, unseen } from "../../replay/order.ts";

/** A record that a search has reached, with what was decoded from it. */
export interface SeenRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** In ms since the epoch. */
  readonly recordedAt: number;
  /** As in the log, valid until the next record; undefined for a batch too large to unpack. */
  readonly raw: RawRecord | undefined;
  /** Cleared for the next record. */
  readonly receipts: readonly Receipt[];
  /** Why the record, or a part of it, is not a receipt. */
  readonly unread: Unread | undefined;
}

/** A search in stretches of a log. */
export interface Search {
  /** The end of the period, exclusive, in ms since the epoch; undefined: up to the log's end. */
  readonly to: number | undefined;
  /** Whether enough was found. */
  readonly isFull: boolean;
  /** Checks the next record. */
  see(record: SeenRecord): void;
}

/** A stretch that is searched until it ends, or enough was found in all stretches together. */
export class SearchedPartition implements StretchReader, RecordFold {
  readonly stretch: LogStretch;
  next: number;
  readonly #search: Search;
  readonly #decode: Decoder;
  readonly #order: RecordOrder;
  #records = 0;
  /** The record being decoded; undefined for a batch too large to unpack. */
  #record: RawRecord | undefined;

  constructor(stretch: LogStretch, search: Search, decode: Decoder) {
    this.stretch = stretch;
    this.next = stretch.start;
    this.#search = search;
    this.#decode = decode;
    this.#order = new RecordOrder(search.to, unseen);
  }

  /** How many of its records were read. */
  get records(): number {
    return this.#records;
  }

  /** Whether it is past the end of the period. */
  get isPast(): boolean {
    return this.#order.isPast;
  }

  get isFull(): boolean {
    return this.#search.isFull || this.isPast;
  }

  get end(): number {
    return this.isFull ? this.next : this.stretch.end;
  }

  get position(): number {
    return this.next;
  }

  take(records: LogRecords, end: number): void {
    const decode: Decoder = (record, receipts) => {
      this.#record = record;
      return this.#decode(record, receipts);
    };
    foldRecords(this, decode, records, end);
  }

  skipTo(offset: number): void {
    if (offset > this.next) this.next = offset;
  }

  lose(end: number): void {
    this.next = end;
  }

  count(receipts: readonly Receipt[], unread: Unread | undefined, recordedAt: number): void {
    const raw = this.#record;
    this.#record = undefined;
    this.#records++;
    this.#order.see(recordedAt);
    const { topic, partition } = this.stretch;
    this.#search.see({ topic, partition, offset: this.next, recordedAt, raw, receipts, unread });
  }
}
