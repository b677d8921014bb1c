import { setTimeout as sleep } from "node:timers/promises";

/** What a sink knows of the passing of time; a test brings one that it moves itself. */
export interface Clock {
  /** ms since the epoch. */
  now(): number;
  /** Waits so many ms. Rejects with an AbortError when the signal aborts before. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** @returns a signal that aborts with a TimeoutError after so many ms */
  limit(ms: number): AbortSignal;
}

export const wallClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
  limit: (ms) => AbortSignal.timeout(ms),
};
