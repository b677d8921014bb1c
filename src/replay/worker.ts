import { parentPort, workerData } from "node:worker_threads";
import { createLogger } from "../log.ts";
import { memoryOf, shareOf, type ShareState, type WorkerOrder } from "./share.ts";

/** `stop` ends the reading between two batches; `state` asks for all counts so far. */
export type WorkerRequest = "stop" | "state";

export type WorkerMessage =
  | { readonly kind: "progress"; readonly done: number }
  | { readonly kind: "state"; readonly state: ShareState }
  | { readonly kind: "end"; readonly complete: boolean; readonly state: ShareState };

const progressEveryMs = 200;

if (parentPort !== null) await work(workerData as WorkerOrder, parentPort);

/** A worker's whole life: reads its share, answers requests meanwhile, and returns its counts. */
async function work(order: WorkerOrder, port: NonNullable<typeof parentPort>): Promise<void> {
  const { logLevel } = order;
  const share = shareOf(order);
  const say = (message: WorkerMessage, memory: ArrayBuffer[] = []) => port.postMessage(message, memory);
  const stop = new AbortController();
  port.on("message", (request: WorkerRequest) => {
    if (request === "stop") return stop.abort();
    const state = share.state();
    say({ kind: "state", state }, memoryOf(state));
  });
  const progress = setInterval(() => say({ kind: "progress", done: share.done }), progressEveryMs);
  try {
    const log = createLogger(logLevel, process.stderr, false);
    const complete = await share.read(stop.signal, log);
    const state = share.state();
    say({ kind: "end", complete, state }, memoryOf(state));
  } finally {
    clearInterval(progress);
    port.close();
  }
}
