import { setTimeout as sleep } from "node:timers/promises";

/**
 * Waits until a condition holds, asking about ten times a second, or as often as it is told. A condition that throws
 * does not hold yet. The limit is for what never comes: on a machine that is busy with other things, everything comes
 * late.
 *
 * @throws Error that says what it waited for, with the last error as its cause
 */
export async function waitFor(
  condition: () => boolean | Promise<boolean>,
  { what, timeoutMs = 180_000, everyMs = 100 }: { what: string; timeoutMs?: number; everyMs?: number },
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  let cause: unknown;
  do {
    try {
      if (await condition()) return;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await sleep(everyMs);
  } while (performance.now() < deadline);
  throw new Error(`waited ${timeoutMs} ms in vain for ${what}`, { cause });
}
