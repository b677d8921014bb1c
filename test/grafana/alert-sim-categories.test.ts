import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { brokenCategoryBars, scoreCategories } from "../alert-sim/categories-simulate.ts";
import { drawCategories, planCategories } from "../alert-sim/categories.ts";
import type { Episode } from "../alert-sim/firing.ts";

const month = drawCategories(planCategories(1, 4));

describe("a month of failing categories", () => {
  test("is the same for the same seed, and another for another", () => {
    expect(isDeepStrictEqual(drawCategories(planCategories(1, 4)), month)).toBe(true);
    expect(planCategories(2, 4).spikes).not.toEqual(planCategories(1, 4).spikes);
  });

  test("has spikes of seven categories, with the receipts that were planned", () => {
    expect(new Set(month.spikes.map(({ category }) => category)).size).toBe(7);
    const [largest] = month.spikes.toSorted((one, other) => other.bad - one.bad);
    if (largest === undefined) throw new Error("it has spikes");
    const { provider, category, start, end, bad } = largest;
    const counts = month.counted.get(provider)?.get(category)?.counted;
    const counted = counts?.slice(start, end).reduce((sum, count) => sum + count, 0);
    expect(counted).toBeGreaterThanOrEqual(bad);
  });
});

describe("alerts are judged", () => {
  const targets = month.spikes.filter(({ bad }) => bad >= 20);
  const told: Episode[] = targets.map(({ provider, category, start, end }) => ({
    ...{ provider: `${provider} ${category}`, start: start + 7, end },
  }));
  const stray = { provider: "large rate_limited", start: 100, end: 110 };
  const score = (episodes: readonly Episode[], alert: "DlrCategorySpike" | "DlrCategorySpike warning") =>
    scoreCategories(month, alert, episodes);

  test("by the spikes in which they begin, of each category by itself", () => {
    const scores = score([...told, stray], "DlrCategorySpike warning");
    expect(scores.flatMap(({ delays }) => delays)).toEqual(targets.map(() => 7));
    expect(scores.filter(({ falseEpisodes }) => falseEpisodes > 0)).toMatchObject([
      { category: "rate_limited", falseEpisodes: 1 },
    ]);
  });

  test("and a page only by those that are to page", () => {
    const paged = score(told, "DlrCategorySpike").filter(({ detectable }) => detectable > 0);
    expect(paged.map(({ category }) => category)).not.toContain("power_off");
  });

  test("and the bars are broken by two false pages in a month, and by spikes that are not found", () => {
    expect(brokenCategoryBars([score(told, "DlrCategorySpike warning")])).toEqual([]);
    const twice = [...told, stray, { ...stray, start: 300, end: 310 }];
    expect(brokenCategoryBars([score(twice, "DlrCategorySpike")]).join()).toMatch(/2 false pages/);
    expect(brokenCategoryBars([score([], "DlrCategorySpike warning")]).join()).toMatch(/0 of \d+ spikes/);
  });
});
