import { expect, it } from "vitest";
import { Allowance } from "../../src/http/allowance.ts";

it("lets so many happen at once, then one an interval", () => {
  const allowance = new Allowance(3, 1_000);
  expect([0, 0, 0].map((now) => allowance.take(now))).toEqual([0, 0, 0]);
  expect(allowance.take(0)).toBe(1_000);
  expect(allowance.take(400)).toBe(600);
  expect(allowance.take(1_000)).toBe(0);
  expect(allowance.take(1_001)).toBe(999);
  expect(allowance.take(2_700)).toBe(0);
  expect(allowance.take(2_999)).toBe(1);
  expect(allowance.take(3_000)).toBe(0);
});

it("saves up what is not used, and no more than it lets happen at once", () => {
  const allowance = new Allowance(2, 1_000);
  expect([500, 500].map((now) => allowance.take(now))).toEqual([0, 0]);
  expect([90_000, 90_000].map((now) => allowance.take(now))).toEqual([0, 0]);
  expect(allowance.take(90_000)).toBe(1_000);
});
