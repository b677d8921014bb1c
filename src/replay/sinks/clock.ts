import { setTimeout as sleep } from "node:timers/promises";

/** A sink's clock; tests use a fake one. */
export interface Clock {
  /** ms since the epoch. */
  now(): number;
  /** Waits, in ms. Rejects with an AbortError when the signal aborts first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** @returns a signal that aborts with a TimeoutError after this time, in ms */
  limit(ms: number): AbortSignal;
}

export const wallClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
  limit: (ms) => AbortSignal.timeout(ms),
};
