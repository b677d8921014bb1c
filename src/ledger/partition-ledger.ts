import type { ReceiptColumns } from "../receipts/columns.ts";
import type { Receipt, Unread } from "../receipts/receipt.ts";
import { type Committed, interpret, type Origin } from "./committed.ts";
import { counterKey } from "./counter.ts";
import type { Counts } from "./counts.ts";
import { DuplicateWindow } from "./duplicate-window.ts";
import { foldToFit, unfoldWithRoom } from "./fold-codes.ts";
import type { RecordFold } from "./fold-records.ts";
import { restoreCounts } from "./restore.ts";
import { encodeSnapshot } from "./snapshot/snapshot.ts";
import type { Section } from "./snapshot/state.ts";
import { allSeen, type Checkpoint, type Shown, type View } from "./view.ts";

/** The first offset in the log, and the one that its next record will get. */
export interface LogRange {
  readonly low: number;
  readonly high: number;
}

/** How long the first values wait for a scrape to see the zeros, in ms. */
const longestHold = 60_000;

/** After this many checkpoints, five minutes at the default interval, values of dimensions may be replaced. */
export const checkpointsPerTurn = 60;

/**
 * The ledger of one partition with its position in the log: what is counted, what is committed, what is shown.
 *
 * Only committed counts are ever shown, and a counter with a value only after a scrape has seen it at 0, since
 * Prometheus' `increase()` ignores the first value of a series. Which counters were seen is part of the snapshot, so
 * that neither a crash nor another owner shows a value and then a zero.
 */
export class PartitionLedger implements RecordFold {
  readonly topic: string;
  readonly partition: number;
  readonly counts: Counts;
  readonly origin: Origin;
  /** The offset of the first record counted: receipts, duplicates, malformed, ignored and skipped add up to `next - first`. */
  first: number;
  /** The offset of the next record to count. */
  next: number;
  readonly isFull = false;
  /** Finds duplicates; undefined if the topic does not look for them. */
  window: DuplicateWindow | undefined;
  /** Which log is counted: a mark made from Kafka's id of the topic. Undefined if that is not known. */
  logMark: number | undefined;

  #seen: number;
  #durable: View;
  /** Undefined until all counters of a view were seen, if others may have shown more than zeros. */
  #exposed: View | undefined;
  #candidate: View | undefined;
  #checkpointSize: number;
  #carried: readonly Section[];
  #pages = 0;
  #checkpoints = 0;
  readonly #openedAt: number;

  /**
   * Opens the ledger at the committed state.
   *
   * @param counts new ones; the committed counts are loaded into them
   * @param start where a partition without a commit starts
   * @param now monotonic, in ms
   * @throws UnreadableSnapshotError when the metadata is not a snapshot of this program and version
   */
  constructor(
    topic: string,
    partition: number,
    counts: Counts,
    committed: Committed,
    start: number,
    now: number,
  ) {
    this.topic = topic;
    this.partition = partition;
    this.counts = counts;
    this.#openedAt = now;
    const { origin, state } = interpret(topic, partition, committed);
    this.origin = origin;
    this.#checkpointSize = origin === "snapshot" ? (committed.metadata?.length ?? 0) : 0;
    this.next = state?.next ?? (committed.offset >= 0 ? committed.offset : start);
    this.first = state?.first ?? this.next;
    this.logMark = state?.logMark;
    if (counts.window !== undefined) {
      this.window = new DuplicateWindow(counts.window);
      this.window.beginBefore(this.next);
    }
    this.#carried = state?.carried ?? [];
    this.#seen = state === undefined ? 0 : restoreCounts(counts, state);
    this.#durable = this.#view();
    if (this.#seen === 0) this.#exposed = { ...this.#durable, next: this.first, counts: [], lastEventAt: 0 };
    else if (allSeen(this.#durable, this.#seen)) this.#exposed = this.#durable;
  }

  count(
    receipts: readonly Receipt[],
    unread: Unread | undefined,
    recordedAt: number,
    again?: readonly Receipt[],
  ): void {
    this.counts.fold(receipts, unread, recordedAt, again);
  }

  countRun(columns: ReceiptColumns): void {
    this.counts.skip(columns.end - this.next - columns.records);
    this.counts.foldRun(columns);
    this.next = columns.end;
  }

  /** Skips offsets without a record for us, and counts them. */
  skipTo(offset: number): void {
    if (offset <= this.next) return;
    this.counts.skip(offset - this.next);
    this.next = offset;
  }

  /**
   * Skips records that retention has deleted before they were counted.
   *
   * @returns how many offsets were deleted
   */
  passDeleted(low: number): number {
    const deleted = Math.max(0, low - this.next);
    this.skipTo(low);
    this.window?.skipTo(low);
    return deleted;
  }

  /**
   * Continues at an offset of which no record has been counted, and keeps the counts: the topic was recreated, or its
   * log was truncated.
   *
   * @param low the first offset of the log
   */
  goOnAt(offset: number, low: number): void {
    this.first = offset - (this.next - this.first);
    this.next = offset;
    this.window?.beginBefore(offset, low);
  }

  /** Whether there is anything to commit. */
  get dirty(): boolean {
    const { first, next, seen, logMark } = this.#durable;
    // A recreated log may have been counted up to the very offset that was committed for the previous one.
    return this.next !== next || this.first !== first || this.#seen !== seen || this.logMark !== logMark;
  }

  /** Whether committed values are held back only until a commit of the zeros that a scrape has seen. */
  get heldBack(): boolean {
    return this.#candidate !== undefined && this.#seen > this.#durable.seen;
  }

  /** How many pages with this ledger have reached a scraper. */
  get pages(): number {
    return this.#pages;
  }

  /** The committed state, whether or not a scrape may show it yet. */
  get durable(): View {
    return this.#durable;
  }

  /** The committed offset. */
  get committedOffset(): number {
    return this.#durable.next;
  }

  /** The size of the last snapshot in characters, including the one that was loaded; 0 before the first. */
  get checkpointSize(): number {
    return this.#checkpointSize;
  }

  /** How many codes were folded into `_other` for lack of room. */
  get foldedCodes(): number {
    return this.counts.folded?.codes ?? 0;
  }

  /**
   * Takes the current state for a commit. If it does not fit, delay buckets are dropped, and the rarest values and
   * codes are folded into `_other`.
   *
   * @param limit the broker's `offset.metadata.max.bytes`, in characters
   * @returns one that exceeds the limit when not even the totals by category and outcome fit: don't commit it
   */
  checkpoint(limit: number, now: number): Checkpoint {
    if (this.#seen === 0 && now - this.#openedAt >= longestHold) this.#seen = this.counts.counters.length;
    unfoldWithRoom(this.counts, limit);
    this.counts.turnValues(++this.#checkpoints % checkpointsPerTurn === 0);
    let metadata = this.#encode();
    if (metadata.length > limit) {
      // Sections of a later version don't fit; it can do without them.
      this.#carried = [];
      metadata = foldToFit(this.counts, limit, () => this.#encode());
    }
    this.#checkpointSize = metadata.length;
    return { view: this.#view(), metadata };
  }

  /** Notes that the broker has accepted the checkpoint. */
  confirm(checkpoint: Checkpoint): void {
    this.counts.kept(this.#durable.counts, checkpoint.view.counts);
    this.#durable = checkpoint.view;
  }

  /**
   * What a scrape shows: the newest committed view whose counters have all been seen at 0, as a whole, so that counts
   * and offset are consistent. `seen` is called when the whole page has reached a scraper: then every counter on it
   * counts as seen.
   *
   * After a takeover there may be no such view: then only the unseen counters are shown, at 0. Counters that others
   * have seen are left out until all can be shown: they would not add up without the rest, and at 0 would go back.
   */
  expose(): {
    readonly view: View | undefined;
    readonly counters: readonly Shown[];
    readonly seen: () => void;
  } {
    const durable = this.#durable;
    if (allSeen(durable, durable.seen)) {
      this.#exposed = durable;
      this.#candidate = undefined;
    } else if (this.#candidate !== undefined && allSeen(this.#candidate, durable.seen)) {
      this.#exposed = { ...this.#candidate, seen: durable.seen };
      this.#candidate = durable;
    } else {
      this.#candidate ??= durable;
    }
    const onPage = this.counts.counters.length;
    const view = this.#exposed;
    const shown = view ?? { seen: 0, counts: [] };
    const hidden = view === undefined ? durable.seen : 0;
    const counters: Shown[] = [];
    const leaving = new Set<string>();
    for (const [slot, counter] of this.counts.counters.entries()) {
      if (slot < hidden) continue;
      const value = slot < shown.seen ? (shown.counts[slot] ?? 0) : 0;
      // A folded counter is gone; one opened since the view is at 0.
      const isFolded = this.counts.bySlot[slot] === -1;
      if (value < 0 || (isFolded && value === 0)) continue;
      // A series has one line: if a value was folded and named again, the old counter shows while the view has it.
      if (isFolded) leaving.add(counterKey(counter));
      else if (value === 0 && leaving.size > 0 && leaving.has(counterKey(counter))) continue;
      counters.push({ slot, counter, value });
    }
    const seen = () => {
      this.#pages++;
      this.#seen = Math.max(this.#seen, onPage);
    };
    return { view, counters, seen };
  }

  #view(): View {
    const { first, next, logMark } = this;
    const { bySlot, lastEvent } = this.counts;
    return { first, next, counts: [...bySlot], seen: this.#seen, lastEventAt: lastEvent.at, logMark };
  }

  #encode(): string {
    const { counters, bySlot, lastEvent } = this.counts;
    return encodeSnapshot({
      next: this.next,
      first: this.first,
      logMark: this.logMark,
      zerosSeen: this.#seen > 0,
      lastEventAt: lastEvent.at,
      folded: this.counts.folded,
      carried: this.#carried,
      counters: counters.map((counter, slot) => ({
        counter,
        count: bySlot[slot] ?? 0,
        seen: slot < this.#seen,
      })),
    });
  }
}
