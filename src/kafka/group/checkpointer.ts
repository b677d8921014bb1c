import type { Logger } from "pino";
import type { PartitionLedger } from "../../ledger/partition-ledger.ts";
import type { Checkpoint } from "../../ledger/view.ts";
import type { Failure, FailureCode } from "../failure.ts";
import { partitionKey } from "../partition-id.ts";
import type { CommitEntry, CommittedEntry, Results } from "./asks.ts";
import { takeCheckpoint } from "./take-checkpoint.ts";

/** Why a commit failed: the closed set behind `dlr_checkpoint_failures_total{reason}`. */
export const checkpointFailures = ["fenced", "too_large", "uncounted", "broker"] as const;
export type CheckpointFailure = (typeof checkpointFailures)[number];

/** With less, a snapshot could not even name the topic's most common codes. */
const smallestLimit = 64;

/**
 * One OffsetCommit becomes one record batch of `__consumer_offsets`, which must not exceed the broker's
 * message.max.bytes, 1 MiB by default. In bytes.
 */
const largestRequest = 400_000;

/** Overhead of an entry: key, timestamps, lengths. In bytes, generous. */
const entryOverhead = 128;

export interface CheckpointerSettings {
  readonly group: string;
  /** The broker's `offset.metadata.max.bytes`. */
  readonly metadataLimit: number;
}

/** A checkpoint that was sent, and its ledger. */
interface Sent {
  readonly ledger: PartitionLedger;
  readonly checkpoint: Checkpoint;
  readonly entry: CommitEntry;
}

/** The broker accepts counts but does not return them: nothing would survive. */
export class LostSnapshotError extends Error {
  override readonly name = "LostSnapshotError";
}

/**
 * Makes ledgers durable, in rounds: a checkpoint of each changed ledger, in as few commits as the broker allows.
 * Offset and counts are one entry, so they are written atomically.
 */
export class Checkpointer {
  readonly failures: Record<CheckpointFailure, number> = { fenced: 0, too_large: 0, uncounted: 0, broker: 0 };
  /** Commits that the broker has accepted. */
  commits = 0;
  /** Accepted offsets, by partition. */
  readonly known = new Map<string, number>();
  /** Why the last round failed; undefined when it succeeded. */
  lastFailure: string | undefined;
  /** The group has fenced this generation: nothing more can be committed. */
  fenced = false;
  /** Since when there are uncommitted counts, in ms; undefined when there are none. */
  dirtySince: number | undefined;

  readonly #group: string;
  #limit: number;
  #requestSize = largestRequest;
  /** Both as of the start of the round. */
  #tried: { readonly limit: number; readonly requestSize: number };
  /** Sent and unanswered, by the entries of the request. */
  readonly #sent = new Map<readonly CommitEntry[], readonly Sent[]>();
  /** Whether anything failed in the last round. */
  metFailure = false;
  /** A ledger's totals did not fit in the last round: it is not committed, and loses nothing. */
  #withheld = false;
  /** Whether something failed in the last round that a retry may fix. */
  roundFailed = false;
  /** Accepted for the first time in this generation: to be read back. */
  #unproved: Sent[] = [];
  #proved = false;
  readonly #log: Logger;

  constructor({ group, metadataLimit }: CheckpointerSettings, log: Logger) {
    this.#group = group;
    this.#limit = metadataLimit;
    this.#tried = { limit: metadataLimit, requestSize: largestRequest };
    this.#log = log;
  }

  /** Whether requests are in flight. */
  get waiting(): boolean {
    return this.#sent.size > 0;
  }

  /** Whether requests are in flight, or accepted entries have to be read back. */
  get busy(): boolean {
    return this.waiting || this.#unproved.length > 0;
  }

  /** A new generation: answers of the previous one are ignored. */
  renew(): void {
    this.#sent.clear();
    this.#unproved = [];
    this.#proved = false;
    this.roundFailed = false;
    this.fenced = false;
  }

  /**
   * Begins a round.
   *
   * @param ledgers those that this member may commit
   * @returns the entries of each request; empty when nothing has changed
   */
  begin(ledgers: Iterable<PartitionLedger>, now: number): readonly (readonly CommitEntry[])[] {
    const dirty = [...ledgers].filter((ledger) => ledger.dirty);
    if (dirty.length === 0) {
      this.dirtySince = undefined;
      return [];
    }
    this.dirtySince ??= now;
    this.roundFailed = false;
    this.metFailure = false;
    this.#tried = { limit: this.#limit, requestSize: this.#requestSize };
    this.#withheld = false;
    const taken = dirty.flatMap((ledger) => this.#take(ledger, now) ?? []);
    let part: Sent[] = [];
    const parts = taken.length === 0 ? [] : [part];
    let size = 0;
    for (const sent of taken) {
      const bytes = this.#sizeOf(sent.entry);
      if (part.length > 0 && size + bytes > this.#requestSize) {
        part = [];
        parts.push(part);
        size = 0;
      }
      part.push(sent);
      size += bytes;
    }
    return parts.map((part) => {
      const entries = part.map(({ entry }) => entry);
      this.#sent.set(entries, part);
      return entries;
    });
  }

  /** Takes the answer to one request of the round; each entry may succeed or fail by itself. */
  answered(entries: readonly CommitEntry[], result: Results["commit"]): void {
    const part = this.#sent.get(entries);
    if (part === undefined) return;
    const outcomes = new Map(result.map((entry) => [partitionKey(entry), entry]));
    const failures: Failure[] = [];
    for (const sent of part) {
      const outcome = outcomes.get(partitionKey(sent.entry));
      const failure = outcome === undefined ? unmentioned : outcome.failure;
      if (failure !== undefined) failures.push(failure);
      else if (this.#proved) this.#confirm(sent);
      else this.#unproved.push(sent);
    }
    if (failures.length < part.length) this.commits++;
    for (const [message, { code }] of new Map(failures.map((failure) => [failure.message, failure]))) {
      this.#fail(code, message, failures.length === part.length ? entries : []);
    }
    this.#end(entries);
  }

  /** A request of the round failed as a whole. */
  failed(entries: readonly CommitEntry[], { code, message }: Failure): void {
    if (!this.#sent.has(entries)) return;
    this.#fail(code, message, []);
    this.#end(entries);
  }

  /** The entries to read back, once the whole round is answered. */
  get unproved(): readonly CommitEntry[] {
    return this.#sent.size > 0 ? [] : this.#unproved.map(({ entry }) => entry);
  }

  /**
   * Takes what was read back after the first commit of a generation.
   *
   * @returns false when an offset is not there yet and has to be read again
   * @throws LostSnapshotError when the counts read back differ from those sent
   */
  prove(read: readonly CommittedEntry[], lastTry: boolean): boolean {
    const found = new Map(read.map((entry) => [partitionKey(entry), entry]));
    const proved: Sent[] = [];
    for (const sent of this.#unproved) {
      const { entry } = sent;
      const there = found.get(partitionKey(entry));
      const same = there !== undefined && there.failure === undefined && there.offset === entry.offset;
      if (!same && !lastTry) return false;
      if (same && there.metadata === entry.metadata) {
        proved.push(sent);
        continue;
      }
      // Deleted with its topic, or refused by now: that says nothing about the broker. Commit it again.
      if (there === undefined || there.failure !== undefined || there.offset < 0) continue;
      const got = same
        ? `${there.metadata?.length ?? 0} of ${entry.metadata.length} characters`
        : "another offset";
      throw new LostSnapshotError(
        `the broker accepted the counts of partition ${entry.partition} of topic ${entry.topic} but returned ${got}: ` +
          "it does not store the metadata of offset commits, so counts would not survive a restart",
      );
    }
    for (const sent of proved) this.#confirm(sent);
    if (proved.length < this.#unproved.length) this.#missed();
    else if (!this.roundFailed) this.#succeed();
    this.#proved ||= proved.length > 0 || this.#unproved.length === 0;
    this.#unproved = [];
    return true;
  }

  /** An accepted commit is gone: the next round repeats it. */
  #missed(): void {
    this.metFailure = true;
    this.lastFailure = "the committed counts were not there when read back";
  }

  /** @returns undefined when not even its totals fit */
  #take(ledger: PartitionLedger, now: number): Sent | undefined {
    const taken = takeCheckpoint(ledger, this.#limit, now, this.#log);
    if (typeof taken === "string") {
      this.failures.uncounted++;
      this.#withheld = true;
      this.metFailure = true;
      this.lastFailure = taken;
      return undefined;
    }
    const { topic, partition } = ledger;
    const { view, metadata } = taken;
    return { ledger, checkpoint: taken, entry: { topic, partition, offset: view.next, metadata } };
  }

  #confirm({ ledger, checkpoint, entry }: Sent): void {
    ledger.confirm(checkpoint);
    this.known.set(partitionKey(entry), entry.offset);
  }

  #end(entries: readonly CommitEntry[]): void {
    this.#sent.delete(entries);
    if (this.#sent.size === 0 && this.#unproved.length === 0 && !this.roundFailed) this.#succeed();
  }

  #succeed(): void {
    if (!this.metFailure) this.lastFailure = undefined;
    if (!this.#withheld) this.dirtySince = undefined;
  }

  /** Halves the request size after a refusal; if several of a round were refused, the largest counts. */
  #halve(refused: readonly CommitEntry[]): void {
    const half = Math.ceil(refused.reduce((sum, entry) => sum + this.#sizeOf(entry), 0) / 2);
    const before = this.#requestSize === this.#tried.requestSize ? 0 : this.#requestSize;
    this.#requestSize = Math.max(half, before);
  }

  /** In bytes of a request, and of the batch that the broker writes. */
  #sizeOf({ topic, metadata }: CommitEntry): number {
    return this.#group.length + topic.length + metadata.length + entryOverhead;
  }

  /** @param whole the entries of a request that was refused as a whole */
  #fail(code: FailureCode, message: string, whole: readonly CommitEntry[]): void {
    if (!ofTopic.has(code)) this.roundFailed = true;
    this.metFailure = true;
    this.lastFailure = message;
    const reason = failureOf(code);
    this.failures[reason]++;
    if (reason === "too_large") {
      // Several requests of a round may be refused for it: one step a round.
      this.#limit = Math.max(smallestLimit, Math.floor(this.#tried.limit / 2));
      this.#log.error(
        { limit: this.#limit },
        "the broker's offset.metadata.max.bytes is below metadata_limit; retrying with smaller snapshots",
      );
    } else if (reason === "fenced") {
      this.fenced = true;
      this.#log.info({ reason: message }, "commit rejected: the group has rebalanced");
    } else {
      if (whole.length > 1 && requestTooLarge.has(code)) this.#halve(whole);
      this.#log.warn({ reason: message }, "commit failed, retrying");
    }
  }
}

/** An entry that is missing from the answer was not accepted. */
const unmentioned: Failure = {
  code: "unmentioned",
  message: "the broker's response does not mention an offset",
};

/** The brokers' answers to a commit that exceeds message.max.bytes. */
const requestTooLarge: ReadonlySet<FailureCode> = new Set(["unknown", "request_too_large"]);

/** Failures that no retry and no other instance will fix; they do not block the rest. */
const ofTopic: ReadonlySet<FailureCode> = new Set(["topic_unauthorized", "unknown_topic"]);

/** The codes that say that the group no longer accepts this member. */
export const fencing: ReadonlySet<FailureCode> = new Set(["fenced", "unknown_member", "rebalancing"]);

function failureOf(code: FailureCode): CheckpointFailure {
  if (fencing.has(code)) return "fenced";
  return code === "metadata_too_large" ? "too_large" : "broker";
}
