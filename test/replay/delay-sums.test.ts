import { expect, it } from "vitest";
import { addSum, type DelaySums, DelaySummer } from "../../src/replay/delay-sums.ts";
import { blockOf, placeOf } from "../../src/replay/timeline.ts";
import { createRandom } from "../lab/random.ts";

it("sums are the same in any order of steps, and however often they are asked for", () => {
  const { below } = createRandom(3);
  const summer = new DelaySummer();
  const expected: DelaySums = new Map();
  for (let i = 0; i < 2_000; i++) {
    const [slot, step, seconds] = [below(4), below(8) === 0 ? below(200) : 63 + below(2), 1 + below(300)];
    const page = summer.page(slot, blockOf(step));
    page[placeOf(step)] = (page[placeOf(step)] ?? 0) + seconds;
    addSum(expected, slot, step, seconds);
    if (below(100) === 0) expect(summer.sums()).toEqual(expected);
  }
  expect(summer.sums()).toEqual(expected);
});
