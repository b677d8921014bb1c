import { expect, it } from "vitest";
import { brokenDelayBars, delayExposition, scoreDelays } from "../alert-sim/delays-simulate.ts";
import { drawDelays, planDelays } from "../alert-sim/delays.ts";

const month = planDelays(5, 5);
const counted = drawDelays(month);
const sumOf = (counts: Uint32Array) => counts.reduce((sum, count) => sum + count, 0);

it("counts all that came, in an outage's case afterwards, and plans the same each time", () => {
  expect(planDelays(5, 5)).toEqual(month);
  for (const { provider, delivered, slow, slowByEvent, newest } of counted) {
    expect(sumOf(slow)).toBeLessThan(sumOf(delivered));
    const outage = month.outages.find((one) => one.provider === provider.name);
    if (outage === undefined) throw new Error("each provider has an outage");
    expect(sumOf(delivered.slice(outage.start, outage.end))).toBe(0);
    expect(newest[outage.end]).toBe(outage.start + 7);
    if (newest.at(-1) === month.minutes - 1) expect(sumOf(slow)).toBe(sumOf(slowByEvent));
  }
});

it("shows nothing while nothing is scraped, and bound and all otherwise", () => {
  const lines = [...delayExposition(month, counted)].map((text) => text.split("\n").length - 1);
  const down = month.outages.filter(({ provider }) => provider === counted[0]?.provider.name);
  const missing = down.reduce((sum, { start, end }) => sum + end - start, 0);
  expect(lines.slice(0, 4)).toEqual(Array(4).fill(month.minutes - missing));
});

it("takes a page in a slowing for found, one in a backlog for false, and asks nothing of the first day", () => {
  const slowing = month.slowings.find(({ provider, share }) => provider === "large" && share === 0.6);
  const hidden = month.slowings.find((one) => one.hidden && one.provider === "large");
  if (slowing === undefined || hidden === undefined) throw new Error("a month has both");
  const episode = (start: number) => ({ provider: "large", start, end: start + 9 });
  const counts = counted.map((one) => ({ ...one, slowByEvent: one.slowByEvent.map(() => 100) }));
  const other = { ...episode(slowing.start + 3), provider: "quiet" };
  const score = scoreDelays(month, counts, [
    ...[episode(5), episode(slowing.start + 4), episode(hidden.end + 2), other],
  ]);
  expect(score.bySize.find(({ share }) => share === 0.6)?.delays).toEqual([4]);
  expect(score.falseEpisodes).toEqual([episode(hidden.end + 2), other]);
  expect(brokenDelayBars([score])).toEqual([
    expect.stringContaining("2 false episodes"),
    expect.stringContaining("or never"),
  ]);
});
