import { Worker } from "node:worker_threads";
import { createLogger, passOnLog } from "../log.ts";
import { threadFile } from "../packaged.ts";
import { workerEnv } from "../worker-env.ts";
import { doneOf, type StretchState } from "./replay-partition.ts";
import { memoryOf, type Share, shareOf, type ShareState, type WorkerOrder } from "./share.ts";
import type { WorkerMessage, WorkerRequest } from "./worker.ts";

/** Who reads a share. */
interface Hand {
  /** Whether its share was read to the end; rejects with the failure. */
  readonly ended: Promise<boolean>;
  /** How many offsets are done, see {@link doneOf}. */
  readonly done: number;
  /** All its counts so far. Rejects when it fails before it answers. */
  state(): Promise<ShareState>;
  /** Ends the reading. */
  stop(): void;
  /** Ends for good, whatever is left. */
  dismiss(): Promise<void>;
}

/** This thread, for a single share: another would load the program again, and compile it. */
class OwnHand implements Hand {
  readonly ended: Promise<boolean>;
  readonly #share: Share;
  readonly #stop = new AbortController();

  constructor(order: WorkerOrder) {
    this.#share = shareOf(order);
    const log = createLogger(order.logLevel, process.stderr, false);
    this.ended = this.#share.read(this.#stop.signal, log);
  }

  get done(): number {
    return this.#share.done;
  }

  async state(): Promise<ShareState> {
    // It goes on counting into the same memory.
    const state = this.#share.state();
    return structuredClone(state, { transfer: memoryOf(state) });
  }

  stop(): void {
    this.#stop.abort();
  }

  async dismiss(): Promise<void> {
    this.stop();
    // Its failure is told by `ended`.
    await this.ended.catch(() => {});
  }
}

/** A thread of its own. */
class ThreadHand implements Hand {
  readonly #worker: Worker;
  readonly ended: Promise<boolean>;
  done: number;
  #final: ShareState | undefined;
  #asked: PromiseWithResolvers<ShareState> | undefined;

  constructor(order: WorkerOrder) {
    this.done = allDone(order);
    this.#worker = new Worker(threadFile("replay/worker"), {
      workerData: order,
      env: workerEnv(),
      stderr: true,
      // Almost nothing that is allocated for a record survives. Less than this costs CPU, more only costs memory.
      resourceLimits: { maxYoungGenerationSizeMb: 16 },
    });
    passOnLog(this.#worker.stderr, process.stderr);
    this.ended = new Promise((resolve, reject) => {
      this.#worker.on("error", reject);
      this.#worker.on("exit", (code) => reject(new Error(`a worker exited with ${code} before it was done`)));
      this.#worker.on("message", (message: WorkerMessage) => {
        if (message.kind === "progress") {
          this.done = message.done;
          return;
        }
        this.#asked?.resolve(message.state);
        this.#asked = undefined;
        if (message.kind === "end") {
          this.#final = message.state;
          this.done = allDone(message.state);
          resolve(message.complete);
        }
      });
    });
  }

  async state(): Promise<ShareState> {
    if (this.#final !== undefined) return this.#final;
    this.#asked ??= Promise.withResolvers();
    const answer = this.#asked.promise;
    this.#ask("state");
    // A worker that has ended has answered with its result; only a failure leaves the request open.
    return Promise.race([answer, this.ended.then(() => answer)]);
  }

  stop(): void {
    this.#ask("stop");
  }

  async dismiss(): Promise<void> {
    await this.#worker.terminate();
  }

  #ask(request: WorkerRequest): void {
    this.#worker.postMessage(request);
  }
}

function allDone({ stretches }: Pick<ShareState, "stretches">): number {
  return stretches.reduce((sum, state) => sum + doneOf(state), 0);
}

/** The workers of a replay: the stretches are distributed, and each worker reads its own, in a thread if there are several. */
export class Crew {
  readonly #hands: readonly Hand[];

  /** @param orderOf makes a worker's order from its stretches */
  constructor(
    stretches: readonly StretchState[],
    workers: number,
    orderOf: (stretches: StretchState[]) => WorkerOrder,
  ) {
    const orders = shareOut(stretches, workers).map(orderOf);
    const isOne = orders.length === 1;
    this.#hands = orders.map((order) => (isOne ? new OwnHand(order) : new ThreadHand(order)));
  }

  /** How many offsets are done, see {@link doneOf}. */
  get done(): number {
    return this.#hands.reduce((sum, hand) => sum + hand.done, 0);
  }

  /**
   * Waits until every worker has ended.
   *
   * @returns whether all stretches were read to their end
   * @throws the first worker's failure; the others go on until they are dismissed
   */
  async work(): Promise<boolean> {
    const complete = await Promise.all(this.#hands.map((hand) => hand.ended));
    return complete.every(Boolean);
  }

  /** Ends the reading; {@link work} then returns false. */
  stop(): void {
    for (const hand of this.#hands) hand.stop();
  }

  states(): Promise<ShareState[]> {
    return Promise.all(this.#hands.map((hand) => hand.state()));
  }

  /** Ends them for good. */
  async dismiss(): Promise<void> {
    await Promise.all(this.#hands.map((hand) => hand.dismiss()));
  }
}

/** The largest stretch first, each to the worker with the least to read. */
function shareOut(stretches: readonly StretchState[], workers: number): StretchState[][] {
  const size = ({ stretch, next }: StretchState) => stretch.end - next;
  const shares = Array.from({ length: Math.min(workers, Math.max(1, stretches.length)) }, () => ({
    own: [] as StretchState[],
    size: 0,
  }));
  for (const state of [...stretches].sort((a, b) => size(b) - size(a))) {
    const least = shares.reduce((a, b) => (b.size < a.size ? b : a));
    least.own.push(state);
    least.size += size(state);
  }
  return shares.map(({ own }) => own);
}
