import { expect, it } from "vitest";
import { Backoff } from "../../../src/kafka/group/backoff.ts";

it("waits twice as long after each failure, and no longer than the longest", () => {
  const backoff = new Backoff(200, 1_000);
  expect(backoff.at).toBe(0);
  const waits = [10, 300, 9_000, 9_001, 9_002].map((now) => {
    backoff.failed(now);
    return backoff.at - now;
  });
  expect(waits).toEqual([200, 400, 800, 1_000, 1_000]);
});

it("tries at once after what worked, and begins anew", () => {
  const backoff = new Backoff(200, 1_000);
  backoff.failed(5_000);
  backoff.failed(5_000);
  backoff.worked();
  expect(backoff.at).toBe(0);
  backoff.failed(6_000);
  expect(backoff.at).toBe(6_200);
});

it("stays at the longest through any number of failures", () => {
  const backoff = new Backoff(200, 5_000);
  for (let n = 0; n < 2_000; n++) backoff.failed(0);
  expect(backoff.at).toBe(5_000);
});
