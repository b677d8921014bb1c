import { describe, expect, it } from "vitest";
import { createRandom } from "./random.ts";

describe("createRandom", () => {
  it("gives the published sequence of mulberry32", () => {
    const random = createRandom(1);
    expect([random.fraction(), random.fraction(), random.fraction()]).toEqual([
      0.6270739405881613, 0.002735721180215478, 0.5274470399599522,
    ]);
  });

  it("picks as often as the weights say", () => {
    const random = createRandom(5);
    const choices = [{ weight: 1 }, { weight: 0 }, { weight: 3 }];
    const counts = [0, 0, 0];
    for (let i = 0; i < 40_000; i++) {
      const index = choices.indexOf(random.pick(choices));
      counts[index] = (counts[index] ?? 0) + 1;
    }
    expect(counts[1]).toBe(0);
    expect((counts[2] ?? 0) / (counts[0] ?? 1)).toBeCloseTo(3, 0);
  });

  it("gives digits that do not begin with 0", () => {
    const random = createRandom(9);
    for (let i = 0; i < 200; i++) expect(random.digits(18)).toMatch(/^[1-9]\d{17}$/);
  });
});
