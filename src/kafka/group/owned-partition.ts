import type { Logger } from "pino";
import type { Origin } from "../../ledger/committed.ts";
import { foldRecords, positionOf } from "../../ledger/fold-records.ts";
import { type LogRange, PartitionLedger } from "../../ledger/partition-ledger.ts";
import { partitionKey } from "../partition-id.ts";
import type { CommittedEntry, FetchedPartition } from "./asks.ts";
import { isFilled, keepWindow, shortenWindow } from "./filling.ts";
import type { TopicPlan } from "./topic-plan.ts";

/** Why the range of the log is needed. */
type Need =
  /** Nothing is committed: where does the log start? */
  | "start"
  /** The next offset is not in the log. */
  | "gone"
  /** The topic was recreated. */
  | "anew";

/** The state of an owned partition. */
export type Standing =
  /** Its committed counts have to be read. */
  | { readonly name: "loading" }
  /** The range of its log has to be asked for. */
  | { readonly name: "locating"; readonly need: Need }
  /** Its records are read and counted. */
  | { readonly name: "reading"; readonly anew?: Anew };

/** The log of a topic that seems to be recreated: it is trusted once its leader returns records of it. */
interface Anew {
  readonly low: number;
  readonly logMark: number;
}

/** Why an owned partition is not being read. */
export interface Obstacle {
  readonly kind: "damaged" | "refused" | "failing";
  /** The words after "partition 3 of topic x ". */
  readonly words: string;
}

/** How long a partition pauses after a failure, in ms: damage and missing rights last for a while. */
const restMs = { damaged: 5_000, refused: 5_000, failing: 500 } as const;

/**
 * One partition that this member owns in one generation of the group: its ledger, and its reading state. It makes no
 * decisions about time and sends no requests itself.
 */
export class OwnedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  standing: Standing = { name: "loading" };
  /**
   * The counts to show. Until they are loaded they are those of an earlier generation, and nothing is counted in
   * them.
   */
  ledger: PartitionLedger | undefined;
  obstacle: Obstacle | undefined;
  /** No request before this time, in ms. */
  restsUntil = 0;
  /** When the last answered fetch was sent, in ms; before the first, the time of the assignment. */
  answeredAt: number;
  /** When the last request was sent that the leader answered about it, good or bad, in ms. */
  heardAt: number;
  /** Whether a fetch was answered in this generation. */
  fetched = false;
  /** The log's end according to the last answered fetch. */
  logEnd: number | undefined;
  /** Fetches with records that can't be read. */
  unreadable = 0;
  /** How often the committed counts were older than known. */
  staleReads = 0;

  readonly #plan: TopicPlan;
  readonly #log: Logger;
  /** Whether the log's end was seen before the counted offset, once. */
  #short = false;
  /** Whether the log's end has to be heard of before the window is filled. */
  #asksEnd = false;

  /** @param before the same partition in the previous generation, if this member owned it */
  constructor(
    plan: TopicPlan,
    partition: number,
    before: OwnedPartition | undefined,
    now: number,
    log: Logger,
  ) {
    this.topic = plan.topic;
    this.partition = partition;
    this.key = partitionKey(this);
    this.answeredAt = before?.answeredAt ?? now;
    this.heardAt = before?.heardAt ?? now;
    this.ledger = before?.ledger;
    this.unreadable = before?.unreadable ?? 0;
    this.logEnd = before?.logEnd;
    this.#plan = plan;
    this.#log = log;
  }

  /** The ledger, once its counts were loaded in this generation: it may be counted in, and committed. */
  get loaded(): PartitionLedger | undefined {
    return this.standing.name === "loading" ? undefined : this.ledger;
  }

  /** The offset to read next: before the one to count next while the ledger's window is filled. */
  get position(): number {
    const { ledger, standing } = this;
    const anew = standing.name === "reading" ? standing.anew : undefined;
    if (ledger === undefined) return anew?.low ?? 0;
    return anew?.low ?? (this.#asksEnd ? ledger.next : positionOf(ledger));
  }

  /**
   * Takes the committed counts.
   *
   * @param goOn keep the previous ledger if nothing is committed: Kafka has deleted it with the topic
   * @throws UnreadableSnapshotError
   */
  load(committed: CommittedEntry, goOn: boolean, now: number): void {
    if (committed.offset >= 0) {
      this.#open(committed, committed.offset, now);
      this.standing = { name: "reading" };
    } else if (goOn && this.ledger !== undefined) {
      this.standing = { name: "reading" };
    } else {
      this.standing = { name: "locating", need: "start" };
      this.ledger = undefined;
    }
  }

  /**
   * Compares the counted log with the existing one. The metadata may be older than what is counted, which another
   * member may have started: the leader decides.
   *
   * @returns whether it has just turned out to be another
   */
  recognise(logMark: number | undefined): boolean {
    const { loaded: ledger, standing } = this;
    if (ledger === undefined || logMark === undefined) return false;
    ledger.logMark ??= logMark;
    const locating = standing.name === "locating" && standing.need === "anew";
    const anew = standing.name === "reading" ? standing.anew : undefined;
    if (ledger.logMark === logMark) {
      if (locating || anew !== undefined) this.standing = { name: "reading" };
      return anew !== undefined;
    }
    if (locating || anew?.logMark === logMark) return false;
    this.standing = { name: "locating", need: "anew" };
    return true;
  }

  /** Takes the range of the log, and continues reading from there. */
  locate(range: LogRange, logMark: number | undefined, now: number): void {
    if (this.standing.name !== "locating") return;
    const { need } = this.standing;
    const { topic, partition } = this;
    this.logEnd = range.high;
    if (need === "start") {
      const ledger = this.#open(
        { topic, partition, offset: -1, metadata: null, failure: undefined },
        range.low,
        now,
      );
      ledger.logMark = logMark;
      ledger.window?.beginBefore(ledger.next, range.low);
    } else if (need === "anew") {
      if (logMark === undefined) return;
      this.standing = { name: "reading", anew: { low: range.low, logMark } };
      return;
    } else if (!this.#realign(range, now)) {
      return;
    }
    this.standing = { name: "reading" };
    this.obstacle = undefined;
  }

  /**
   * Counts what was fetched.
   *
   * @param askedAt when the fetch was sent, in ms
   */
  take(fetched: FetchedPartition, now: number, askedAt: number): void {
    const ledger = this.loaded;
    if (ledger === undefined) return;
    this.#beginAnew(ledger);
    // While its window is filled it does not count yet.
    const filled = isFilled(ledger);
    this.answeredAt = askedAt;
    this.heardAt = askedAt;
    this.logEnd = fetched.logEnd;
    this.#short = false;
    const asksEnd = this.#asksEnd;
    // Asked from before what is counted, a leader does not say that its log ends there.
    this.#asksEnd = !filled && fetched.logEnd < ledger.next;
    this.fetched = filled || this.#asksEnd;
    if (fetched.end === undefined || asksEnd) {
      this.obstacle = undefined;
      return;
    }
    try {
      foldRecords(ledger, this.#plan.decode, fetched.records, fetched.end);
      this.obstacle = undefined;
    } catch (error) {
      this.damaged((error as Error).message, now);
    }
  }

  /** Its next records can't be read. Nothing is skipped: they are fetched again after a pause. */
  damaged(reason: string, now: number): void {
    const { topic, partition } = this;
    this.unreadable++;
    this.#log.error({ topic, partition, next: this.ledger?.next, reason }, "records can't be read; retrying");
    this.rest({ kind: "damaged", words: `can't be read: ${reason}` }, now);
  }

  /** Its next offset is not in the log. */
  lost(): void {
    const anew = this.standing.name === "reading" && this.standing.anew !== undefined;
    this.standing = { name: "locating", need: anew ? "anew" : "gone" };
  }

  /** Pauses reading. */
  rest(obstacle: Obstacle, now: number): void {
    this.obstacle = obstacle;
    this.restsUntil = now + restMs[obstacle.kind];
  }

  #open(committed: CommittedEntry, start: number, now: number): PartitionLedger {
    const { topic, partition } = this;
    const ledger = new PartitionLedger(topic, partition, this.#plan.openCounts(), committed, start, now);
    keepWindow(this.ledger, ledger);
    const { origin, next } = ledger;
    const level = origin === "snapshot" || origin === "new" ? "info" : "warn";
    this.#log[level]({ topic, partition, next }, originMessages[origin]);
    this.ledger = ledger;
    return ledger;
  }

  /** Its leader has returned records of the log that seems to be new: it is. */
  #beginAnew(ledger: PartitionLedger): void {
    if (this.standing.name !== "reading" || this.standing.anew === undefined) return;
    const { low, logMark } = this.standing.anew;
    this.#goOn(
      low,
      low,
      "the topic was recreated: counting its new log from the start, in addition to what was counted",
    );
    ledger.logMark = logMark;
    this.standing = { name: "reading" };
  }

  /** @returns false when the range has to be asked for once more */
  #realign({ low, high }: LogRange, now: number): boolean {
    const { topic, partition, ledger } = this;
    if (ledger === undefined) return true;
    shortenWindow(ledger, low, this.#log);
    if (ledger.next < low) {
      const deleted = ledger.passDeleted(low);
      this.#log.error({ topic, partition, deleted }, "retention deleted records before they were counted");
    } else if (ledger.next > high && !this.#short) {
      // A former leader may not know yet that it is one. Waiting more than once would lose what is written meanwhile.
      this.#short = true;
      this.rest({ kind: "failing", words: `ends at ${high}, before the offset counted so far` }, now);
      return false;
    } else if (ledger.next > high && ledger.logMark === undefined) {
      this.#goOn(
        low,
        low,
        "the log ends before the committed offset, so the topic was recreated or truncated: counting from its start",
      );
    } else if (ledger.next > high) {
      this.#goOn(
        high,
        low,
        "the log was truncated below the committed offset by a leader that had less: continuing at its end",
      );
    }
    return true;
  }

  #goOn(offset: number, low: number, words: string): void {
    const { topic, partition } = this;
    this.ledger?.goOnAt(offset, low);
    this.#log.error({ topic, partition, next: offset }, words);
  }
}

const originMessages: Readonly<Record<Origin, string>> = {
  snapshot: "counts loaded",
  new: "no committed offset: counting from the start of the log",
  offset_only:
    "the committed offset has no counts (reset by a tool, or committed by another program): counting from 0",
  uncounted: "the counts did not fit into the offset metadata and were not committed: counting from 0",
  moved: "the committed offset was changed by hand: counting from 0",
};
