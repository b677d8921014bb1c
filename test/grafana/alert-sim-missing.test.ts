import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { countWithStops } from "../alert-sim/backlog.ts";
import type { Episode } from "../alert-sim/firing.ts";
import { brokenMissingBars, scoreMissing } from "../alert-sim/missing-simulate.ts";
import { drawMissing, type MissingEvent, type MissingMonth, planMissing } from "../alert-sim/missing.ts";

const hour = 60;
const day = 24 * hour;
const sum = (counts: Uint32Array, from = 0, to = counts.length) =>
  counts.slice(from, to).reduce((total, count) => total + count, 0);

/** A month of one channel in which nothing happens but this. */
function monthWith(...events: MissingEvent[]): MissingMonth {
  const { channels, ...plan } = planMissing(1, 4);
  return { ...plan, channels: channels.filter(({ name }) => name === "middle"), events, downs: [] };
}
const noon = 2 * day + 12 * hour;
const event = (kind: MissingEvent["kind"], length: number, size = 0): MissingEvent => ({
  ...{ kind, channel: "middle", start: noon, end: noon + length, size },
});

describe("a month of requests and receipts", () => {
  const quiet = drawMissing(monthWith()).drawn[0];
  if (quiet === undefined) throw new Error("it has a channel");

  test("is the same for the same seed, and another for another", () => {
    expect(isDeepStrictEqual(drawMissing(planMissing(3, 3)), drawMissing(planMissing(3, 3)))).toBe(true);
    expect(planMissing(4, 3).events).not.toEqual(planMissing(3, 3).events);
  });

  test("has the receipts that its requests promise, a little later", () => {
    const all = sum(quiet.receipts.counted) / sum(quiet.answers.counted);
    expect(all).toBeGreaterThan(0.92);
    expect(all).toBeLessThan(1);
  });

  test("loses half of what comes while half is lost, and asks for no more", () => {
    const month = drawMissing(monthWith(event("half", 3 * hour)));
    const [lossy] = month.drawn;
    if (lossy === undefined) throw new Error("it has a channel");
    const during = (counts: Uint32Array) => sum(counts, noon, noon + 3 * hour);
    const ratioOf = ({ answers, receipts }: typeof quiet) =>
      during(receipts.counted) / during(answers.counted);
    expect(ratioOf(lossy) / ratioOf(quiet)).toBeCloseTo(0.5, 1);
    expect(month.events[0]?.lostAtOnce).toBeGreaterThan(200);
  });

  test("loses nothing of a bulk send, whose receipts take an hour", () => {
    const [bulk] = drawMissing(monthWith(event("bulk", 30, 10))).drawn;
    if (bulk === undefined) throw new Error("it has a channel");
    const [sent, came] = [bulk.answers.counted, bulk.receipts.counted];
    expect(sum(came, noon, noon + 30) / sum(sent, noon, noon + 30)).toBeLessThan(0.5);
    expect(sum(came, noon, noon + 2 * hour) / sum(sent, noon, noon + 2 * hour)).toBeGreaterThan(0.9);
  });
});

test("a topic that is not read loses nothing, and shows what waits", () => {
  const { counted, waiting, newest } = countWithStops(
    Uint32Array.of(1, 2, 3, 4, 5, 6),
    [{ start: 1, end: 4 }],
    2,
  );
  expect([...counted]).toEqual([1, 0, 0, 0, 5, 9]);
  expect([...waiting]).toEqual([0, 2, 5, 9, 9, 6]);
  expect([...newest]).toEqual([0, 0, 0, 0, 2, 4]);
});

describe("tickets are judged", () => {
  const month = drawMissing(
    monthWith(event("half", 3 * hour), { ...event("bulk", 30, 5), start: day, end: day + 30 }),
  );
  const ticket = (start: number): Episode => ({ provider: "middle", start, end: start + 10 });
  const delaysOf = (...episodes: Episode[]) =>
    Object.fromEntries(scoreMissing(month, episodes).map(({ kind, delays }) => [kind, delays]));

  test("by the event in which they begin", () => {
    expect(delaysOf(ticket(noon + 50), ticket(noon + 90))).toEqual({ half: [50], bulk: [], nothing: [] });
    expect(delaysOf(ticket(day + hour))).toEqual({ half: [], bulk: [60], nothing: [] });
    expect(delaysOf(ticket(noon - 1))).toEqual({ half: [], bulk: [], nothing: [0] });
  });

  test.each([
    { name: "a loss that is not found", at: [], broken: /0 of 1 losses of half/ },
    { name: "one that is found late", at: [noon + 61], broken: /0 of them within an hour/ },
    { name: "a ticket of a bulk send", at: [noon + 50, day + 20], broken: /1 tickets of bulk/ },
    { name: "two of nothing", at: [noon + 50, 100, 900], broken: /2 false tickets in 1 months/ },
  ])("and the bars are broken by $name", ({ at, broken }) => {
    expect(brokenMissingBars([scoreMissing(month, at.map(ticket))]).join()).toMatch(broken);
  });

  test("and hold where it is found in time, and nothing else is", () => {
    expect(brokenMissingBars([scoreMissing(month, [ticket(noon + 50)])])).toEqual([]);
  });
});
