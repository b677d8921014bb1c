import type { Logger } from "pino";
import type { PartitionLedger } from "../../ledger/partition-ledger.ts";
import type { Failure, FailureCode } from "../failure.ts";
import type { Answer, CommitEntry } from "./asks.ts";
import { Checkpointer, type CheckpointerSettings, fencing } from "./checkpointer.ts";
import type { Requests } from "./requests.ts";

/** How often the first commit is read back before it counts as lost, and at which interval in ms. */
const readBack = { tries: 25, intervalMs: 200 } as const;

/** How soon the last commit of a generation is retried, in ms. */
const hurryMs = 200;

/** After this part of the interval a scrape triggers the next commit. */
const scrapeShare = 1 / 3;

/**
 * Longest wait of a fetch with few records, in ms, and how long before a commit round it has to return. An answer
 * costs about the same, however few records it holds.
 */
const fetchWait = { longestMs: 1_000, leadMs: 50 } as const;

/** Errors that come with each committed entry, but concern the group. */
const ofGroup: ReadonlySet<FailureCode> = new Set([...fencing, "no_coordinator", "group_unauthorized"]);

/** The generation and the member that commit. */
export interface Credentials {
  readonly broker: number;
  readonly memberId: string;
  readonly generation: number;
}

/** Sends the rounds of the {@link Checkpointer}, and reads back the first of each generation. */
export class Commits {
  readonly checkpointer: Checkpointer;
  /** A commit that was sent may still be carried out at any time: only a new generation prevents it. */
  doubtful = false;
  readonly #requests: Requests;
  readonly #intervalMs: number;
  #at: number;
  #sentAt = Number.NEGATIVE_INFINITY;
  /** The number of pages that had reached scrapers at the last check. */
  #pages = 0;
  /** The generation's last round was sent. */
  #finishing = false;
  #readBackAt = 0;
  #readBacks = 0;

  constructor(
    settings: CheckpointerSettings & { readonly commitIntervalMs: number },
    requests: Requests,
    log: Logger,
    now: number,
  ) {
    this.checkpointer = new Checkpointer(settings, log);
    this.#intervalMs = settings.commitIntervalMs;
    this.#requests = requests;
    this.#at = now + settings.commitIntervalMs;
  }

  /** Whether a commit of this generation may still be carried out: it is in doubt, or unanswered. */
  get uncertain(): boolean {
    return this.doubtful || this.checkpointer.waiting;
  }

  /** A new generation begins: answers of the previous one are ignored. */
  renew(): void {
    this.#requests.dropAll("commit:");
    this.#requests.drop("readBack");
    this.checkpointer.renew();
    this.#readBacks = 0;
    this.doubtful = false;
  }

  /** The generation ends: commit the rest at once. */
  hurry(now: number): void {
    this.#at = now;
    this.#finishing = false;
  }

  /**
   * Commits changes when the interval is over. Earlier, it commits what the next scrape could not show otherwise; and
   * after a third of the interval, right after a scrape: then a scrape has seen the zeros of nearly everything that
   * is committed, and the next one shows the values.
   */
  pump(ledgers: () => Iterable<PartitionLedger>, by: Credentials, now: number): void {
    this.#proceed(by, now);
    if (this.checkpointer.busy) return;
    let pages = 0;
    let heldBack = false;
    for (const ledger of ledgers()) {
      pages += ledger.pages;
      heldBack ||= ledger.heldBack;
    }
    const scraped = pages !== this.#pages && now - this.#sentAt >= this.#intervalMs * scrapeShare;
    this.#pages = pages;
    // A failed round is not retried before its time.
    const early = !this.checkpointer.metFailure && (heldBack || scraped);
    const due = this.#requests.due(this.#at);
    if (!due && !early) return;
    this.#send(ledgers(), by, now);
    // Keeps to the interval, however long a round takes.
    if (due) this.#at = now + this.#intervalMs - ((now - this.#at) % this.#intervalMs);
    else if (scraped) this.#at = now + this.#intervalMs;
  }

  /** The same at the end of a generation. @returns true when there is nothing left to commit */
  finish(ledgers: () => Iterable<PartitionLedger>, by: Credentials, now: number): boolean {
    this.#proceed(by, now);
    if (this.checkpointer.busy) return false;
    const { fenced, roundFailed } = this.checkpointer;
    const tried = this.#finishing && !roundFailed;
    if (fenced || tried || ![...ledgers()].some(({ dirty }) => dirty)) return true;
    if (this.#requests.due(this.#at)) {
      this.#finishing = true;
      this.#send(ledgers(), by, now);
      this.#at = now + hurryMs;
    }
    return false;
  }

  /**
   * How long a broker may hold few records back from now on, in ms: until just before the next round, so that no
   * count is committed later because of it.
   */
  fetchWaitMs(now: number): number {
    const left = (this.#at - fetchWait.leadMs - now) % this.#intervalMs;
    const untilRound = left > 0 ? left : left + this.#intervalMs;
    return Math.ceil(Math.min(fetchWait.longestMs, untilRound));
  }

  /** @returns the failure that concerns the whole group, if there is one */
  onCommit(answer: Answer<"commit">): Failure | undefined {
    const { entries } = answer.ask;
    if (answer.failure === undefined) {
      this.checkpointer.answered(entries, answer.result);
      return answer.result.find(({ failure }) => failure !== undefined && ofGroup.has(failure.code))?.failure;
    }
    this.checkpointer.failed(entries, answer.failure);
    if (answer.failure.code === "no_answer") this.doubtful = true;
    return answer.failure;
  }

  /** @throws LostSnapshotError when the broker does not keep commit metadata */
  onReadBack(answer: Answer<"committed">, now: number): void {
    this.#readBackAt = now + readBack.intervalMs;
    if (answer.failure !== undefined) return;
    this.#readBacks++;
    if (this.checkpointer.prove(answer.result, this.#readBacks >= readBack.tries)) this.#readBacks = 0;
  }

  #send(ledgers: Iterable<PartitionLedger>, by: Credentials, now: number): void {
    this.#sentAt = now;
    for (const [index, entries] of this.checkpointer.begin(ledgers, now).entries()) {
      this.#requests.make(`commit:${index}`, { kind: "commit", ...by, entries });
    }
  }

  #proceed({ broker }: Credentials, now: number): void {
    const partitions: readonly CommitEntry[] = this.checkpointer.unproved;
    if (partitions.length === 0 || !this.#requests.free("readBack") || !this.#requests.due(this.#readBackAt))
      return;
    this.#readBackAt = now + readBack.intervalMs;
    this.#requests.make("readBack", { kind: "committed", broker, partitions });
  }
}
