import { expect, it } from "vitest";
import { Turn } from "../../src/kafka/turn.ts";

it("a turn lasts from when it is first asked about", () => {
  let now = 1_000;
  const turn = new Turn(50, () => now);
  now = 5_000;
  expect(turn.isOver).toBe(false);
  now += 49;
  expect(turn.isOver).toBe(false);
  now += 1;
  expect(turn.isOver).toBe(true);
});
