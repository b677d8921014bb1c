import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { type FailureCode, type KafkaFailure, toFailure } from "./failure.ts";

/** What passes by itself: a topic was just created, or a partition changes its leader. */
const passing: ReadonlySet<FailureCode> = new Set(["no_leader", "not_leader"]);

/** How long to wait before asking again, in ms. */
const againAfterMs = 500;

/** What is told meanwhile. */
interface Telling {
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Takes each failure that is waited for. */
  readonly onTrouble?: (failure: KafkaFailure) => void;
}

/**
 * Asks the leaders of partitions until each has one that answers.
 *
 * @returns the answer; undefined when the signal aborted it
 * @throws what `ask` throws for any other reason
 */
export async function untilLed<T>(
  ask: () => Promise<T>,
  { signal, log, onTrouble }: Telling,
): Promise<T | undefined> {
  while (!signal.aborted) {
    try {
      return await ask();
    } catch (error) {
      const failure = toFailure(error);
      if (!passing.has(failure.code)) throw error;
      onTrouble?.(failure);
      log.debug({ reason: failure.message }, "a partition has no leader, trying again");
    }
    await sleep(againAfterMs, undefined, { signal }).catch(() => {});
  }
  return undefined;
}
