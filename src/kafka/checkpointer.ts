import type { Logger } from "pino";
import { uncountedSnapshot } from "../ledger/snapshot.ts";
import { type Assignment, type KnownOffsets, partitionKey } from "./assignment.ts";

/** Why a commit failed: the closed set behind `dlr_checkpoint_failures_total{reason}`. */
export const checkpointFailures = ["fenced", "too_large", "uncounted", "broker"] as const;
export type CheckpointFailure = (typeof checkpointFailures)[number];

/** One OffsetCommit, sent under the generation that the sender was taken in, or refused by the broker. */
export type SendCommit = (offsets: {
  topics: {
    topic: string;
    partitions: { partition: number; offset: string; metadata: string }[];
  }[];
}) => Promise<void>;

/** Below this a snapshot could not even name its topic's commonest codes. */
const smallestLimit = 64;

/**
 * Makes ledgers durable: takes a checkpoint of each that changed and sends all of them in one OffsetCommit,
 * so that offset and counts are one atomic write, fenced by the group's generation.
 */
export class Checkpointer {
  readonly failures: Record<CheckpointFailure, number> = { fenced: 0, too_large: 0, uncounted: 0, broker: 0 };
  commits = 0;
  /** Offsets whose commit the broker has accepted. */
  readonly known: KnownOffsets = new Map();
  /** Why the last commit failed; undefined when it did not. */
  lastFailure: string | undefined;
  /** Since when counts wait for a commit, in ms since the epoch; undefined when none do. */
  dirtySince: number | undefined;

  #limit: number;
  #running: Promise<void> | undefined;
  readonly #log: Logger;

  /** @param limit the broker's `offset.metadata.max.bytes` */
  constructor(limit: number, log: Logger) {
    this.#limit = limit;
    this.#log = log;
  }

  /** Waits for a commit that is under way. Never rejects: a failure is counted and tried again later. */
  async settled(): Promise<void> {
    await this.#running;
  }

  /**
   * Commits what has changed, unless a commit is under way. The checkpoints are taken and the request is
   * handed over before this returns, so that both belong to the same generation.
   */
  commit(assignment: Assignment, send: SendCommit | undefined): void {
    if (this.#running !== undefined || assignment.frozen || !assignment.loaded) return;
    const dirty = [...assignment.ledgers].filter((ledger) => ledger.dirty);
    if (dirty.length === 0) {
      this.dirtySince = undefined;
      return;
    }
    const now = Date.now();
    this.dirtySince ??= now;
    if (send === undefined) return;
    const taken = dirty.map((ledger) => ({ ledger, checkpoint: ledger.checkpoint(this.#limit, now) }));
    for (const { ledger, checkpoint } of taken) {
      if (checkpoint.metadata !== uncountedSnapshot) continue;
      this.failures.uncounted++;
      this.#log.error(
        { topic: ledger.topic, partition: ledger.partition, limit: this.#limit },
        "the counts outgrow the offset metadata: only the offset is committed, and a restart begins at 0. " +
          "Raise offset.metadata.max.bytes on the brokers and metadata_limit here",
      );
    }
    const topics = Map.groupBy(taken, ({ ledger }) => ledger.topic);
    const request = send({
      topics: [...topics].map(([topic, parts]) => ({
        topic,
        partitions: parts.map(({ ledger, checkpoint }) => ({
          partition: ledger.partition,
          offset: String(checkpoint.view.next),
          metadata: checkpoint.metadata,
        })),
      })),
    });
    this.#running = request.then(
      () => {
        for (const { ledger, checkpoint } of taken) {
          ledger.confirm(checkpoint);
          this.known.set(partitionKey(ledger.topic, ledger.partition), checkpoint.view.next);
        }
        this.commits++;
        this.lastFailure = undefined;
        this.dirtySince = undefined;
      },
      (error: Error & { type?: string }) => this.#fail(error),
    );
    this.#running = this.#running.finally(() => {
      this.#running = undefined;
    });
  }

  #fail(error: Error & { type?: string }): void {
    this.lastFailure = error.message;
    const reason = failureOf(error.type);
    this.failures[reason]++;
    if (reason === "too_large") {
      this.#limit = Math.max(smallestLimit, Math.floor(this.#limit / 2));
      this.#log.error(
        { limit: this.#limit },
        "the broker's offset.metadata.max.bytes is below metadata_limit: trying smaller snapshots",
      );
    } else if (reason === "fenced") {
      this.#log.info({ reason: error.message }, "a commit was refused: the group has moved on");
    } else {
      this.#log.warn({ reason: error.message }, "a commit failed, it is tried again");
    }
  }
}

function failureOf(type: string | undefined): CheckpointFailure {
  switch (type) {
    case "ILLEGAL_GENERATION":
    case "UNKNOWN_MEMBER_ID":
    case "REBALANCE_IN_PROGRESS":
    case "FENCED_INSTANCE_ID":
      return "fenced";
    case "OFFSET_METADATA_TOO_LARGE":
      return "too_large";
    default:
      return "broker";
  }
}
