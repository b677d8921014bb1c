import { expect, test } from "vitest";
import { wallClock } from "../../../src/replay/sinks/clock.ts";

const never = new AbortController().signal;

test("a sleep lasts as long as it shall", async () => {
  const before = wallClock.now();
  await wallClock.sleep(20, never);
  // a timer may come a millisecond early
  expect(wallClock.now() - before).toBeGreaterThanOrEqual(19);
});

test("a sleep ends when the signal aborts", async () => {
  const stop = new AbortController();
  const sleeping = wallClock.sleep(3_600_000, stop.signal);
  stop.abort();
  await expect(sleeping).rejects.toMatchObject({ name: "AbortError" });
  await expect(wallClock.sleep(3_600_000, stop.signal)).rejects.toMatchObject({ name: "AbortError" });
});

test("a limit aborts by itself, and says why", async () => {
  const limit = wallClock.limit(1);
  expect(limit.aborted).toBe(false);
  await new Promise((resolve) => limit.addEventListener("abort", resolve));
  expect(limit.reason).toMatchObject({ name: "TimeoutError" });
});
