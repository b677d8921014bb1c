import type { Receipt, Unread } from "../receipts/receipt.ts";
import { type Committed, interpret, type Origin } from "./committed.ts";
import { type Counter, counterKey } from "./counter.ts";
import type { Counts } from "./counts.ts";
import { DuplicateWindow } from "./duplicate-window.ts";
import { foldToFit, unfoldWithRoom } from "./fold-codes.ts";
import type { RecordFold } from "./fold-records.ts";
import { restoreCounts } from "./restore.ts";
import { encodeSnapshot } from "./snapshot/snapshot.ts";
import type { Section } from "./snapshot/state.ts";

/** The first offset that the log still holds, and the one that its next record will get. */
export interface LogRange {
  readonly low: number;
  readonly high: number;
}

/** A state of the ledger that was, or is to be, committed. Its slots are the ledger's. */
export interface View {
  readonly first: number;
  readonly next: number;
  readonly counts: readonly number[];
  /** So many leading counters have been seen at 0 by a scrape, and may be shown with a value. */
  readonly seen: number;
  readonly lastEventAt: number;
  readonly logMark: number | undefined;
}

/** A view and the text that makes it durable. */
export interface Checkpoint {
  readonly view: View;
  readonly metadata: string;
}

/** How long the first values wait for a scrape to see the zeros, in ms. */
const longestHold = 60_000;

/** After so many checkpoints, five minutes at the default interval, values of dimensions may change places. */
export const checkpointsPerTurn = 60;

/** One counter as a scrape shows it. */
export interface Shown {
  /** Its place in the ledger's list; never another's. */
  readonly slot: number;
  readonly counter: Counter;
  readonly value: number;
}

/**
 * The ledger of one partition with its place in the log: what is counted, what is durable, what is shown.
 *
 * Only durable counts are ever shown, and a counter with a value only after a scrape saw it at 0, since
 * Prometheus' `increase()` is blind to the first value of a series. Which counters were seen is part of the
 * snapshot, so that neither a crash nor another owner shows a value and then a zero.
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
  /** Finds receipts that came before; undefined where nobody looks for them. */
  window: DuplicateWindow | undefined;
  /** Which log is counted: a mark of Kafka's id of the topic. Undefined where that is not known. */
  logMark: number | undefined;

  #seen: number;
  #durable: View;
  /** Undefined until there is one whose counters were all seen, where others may have shown more than zeros. */
  #exposed: View | undefined;
  #candidate: View | undefined;
  #checkpointSize: number;
  #carried: readonly Section[];
  #pages = 0;
  #checkpoints = 0;
  readonly #openedAt: number;

  /**
   * Opens the ledger at what was committed.
   *
   * @param counts fresh ones; the committed counts are put into it
   * @param start where a partition begins of which nothing is committed
   * @param now in ms, of a clock that never goes back
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

  /** Moves past offsets that hold no record for us, and counts them as skipped. */
  skipTo(offset: number): void {
    if (offset <= this.next) return;
    this.counts.skip(offset - this.next);
    this.next = offset;
  }

  /**
   * Moves past records that retention has deleted uncounted.
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
   * Goes on counting at another offset that nothing of is counted yet, without taking back what is counted: the topic
   * was made anew, or its log was cut off.
   *
   * @param low the first offset that the log holds
   */
  goOnAt(offset: number, low: number): void {
    this.first = offset - (this.next - this.first);
    this.next = offset;
    this.window?.beginBefore(offset, low);
  }

  /** Whether there is something that a commit would make durable. */
  get dirty(): boolean {
    const { first, next, seen, logMark } = this.#durable;
    // A log that was made anew can be counted up to the very offset that was committed of the one before.
    return this.next !== next || this.first !== first || this.#seen !== seen || this.logMark !== logMark;
  }

  /** Whether values that are durable are held back for nothing but a commit of the zeros that a scrape has seen. */
  get heldBack(): boolean {
    return this.#candidate !== undefined && this.#seen > this.#durable.seen;
  }

  /** How many pages that showed it have reached a scraper. */
  get pages(): number {
    return this.#pages;
  }

  /** What the broker has, whether or not a scrape may show it yet. */
  get durable(): View {
    return this.#durable;
  }

  /** The next offset as the broker has it. */
  get committedOffset(): number {
    return this.#durable.next;
  }

  /** The size of the last snapshot in characters, this one's or the one that it goes on from; 0 before the first. */
  get checkpointSize(): number {
    return this.#checkpointSize;
  }

  /** How many codes were folded into `_other`, since not all of them fit. */
  get foldedCodes(): number {
    return this.counts.folded?.codes ?? 0;
  }

  /**
   * Takes the state of this moment for a commit. Where it does not fit, delay buckets are given away, and the rarest values
   * and codes are folded into `_other`.
   *
   * @param limit the broker's `offset.metadata.max.bytes`, in characters
   * @returns one that is longer than the limit when not even the totals by category and outcome fit: not to be committed
   */
  checkpoint(limit: number, now: number): Checkpoint {
    if (this.#seen === 0 && now - this.#openedAt >= longestHold) this.#seen = this.counts.counters.length;
    unfoldWithRoom(this.counts, limit);
    this.counts.turnValues(++this.#checkpoints % checkpointsPerTurn === 0);
    let metadata = this.#encode();
    if (metadata.length > limit) {
      // What a later version wrote has no room: it may be passed over.
      this.#carried = [];
      metadata = foldToFit(this.counts, limit, () => this.#encode());
    }
    this.#checkpointSize = metadata.length;
    return { view: this.#view(), metadata };
  }

  /** Takes note that the broker has accepted the checkpoint. */
  confirm(checkpoint: Checkpoint): void {
    this.counts.kept(this.#durable.counts, checkpoint.view.counts);
    this.#durable = checkpoint.view;
  }

  /**
   * What a scrape shows: the newest durable view whose counters have all been seen at 0, as a whole, so that
   * counts and offset always agree. `seen` is called when the page has reached a scraper as a whole: from there on
   * every counter that was on it counts as seen, whatever other pages were under way meanwhile.
   *
   * After a takeover there may be none: no view, and of the counters the unseen ones at 0. What others have seen is
   * left out until all can be shown, since without the rest it would not add up, and at 0 it would go back.
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
      // A folded counter is gone; one opened since the view stands at 0.
      const isFolded = this.counts.bySlot[slot] === -1;
      if (value < 0 || (isFolded && value === 0)) continue;
      // One series has one line: of a value that has got its name back the old counter shows as long as the view has it.
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
    const { bySlot, lastEventAt } = this.counts;
    return { first, next, counts: [...bySlot], seen: this.#seen, lastEventAt, logMark };
  }

  #encode(): string {
    const { counters, bySlot, lastEventAt } = this.counts;
    return encodeSnapshot({
      next: this.next,
      first: this.first,
      logMark: this.logMark,
      zerosSeen: this.#seen > 0,
      lastEventAt,
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

function allSeen(view: View, seen: number): boolean {
  for (let slot = seen; slot < view.counts.length; slot++) {
    if ((view.counts[slot] ?? 0) > 0) return false;
  }
  return true;
}
