import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { near } from "../alert-sim/calendar.ts";
import { firingSpans } from "../alert-sim/firing.ts";
import { planMonth } from "../alert-sim/month.ts";
import { drawMonth } from "../alert-sim/receipts.ts";
import { brokenBars, delayOf, type Purpose, scoreEpisodes, sumOf } from "../alert-sim/score.ts";

/** Minutes in which an expression holds, written as text: `x` for yes. */
const holding = (text: string) => Uint8Array.from(text, (minute) => (minute === "x" ? 1 : 0));

describe("an alert fires as Prometheus lets it", () => {
  const rows = [
    { name: "not before its wait is over", holds: "..xx..", wait: 2, keep: 0, spans: [] },
    { name: "once its wait is over", holds: "..xxxx..", wait: 2, keep: 0, spans: [{ start: 4, end: 6 }] },
    {
      name: "anew after each pause",
      holds: "xxx.xxx",
      wait: 2,
      keep: 0,
      spans: [
        { start: 2, end: 3 },
        { start: 6, end: 7 },
      ],
    },
    {
      name: "on for as long as it is kept",
      holds: "xx......",
      wait: 1,
      keep: 3,
      spans: [{ start: 1, end: 5 }],
    },
    {
      name: "through a pause while it is kept",
      holds: "xx..x.......",
      wait: 1,
      keep: 3,
      spans: [{ start: 1, end: 8 }],
    },
  ];
  test.each(rows)("$name", ({ holds, wait, keep, spans }) => {
    expect(firingSpans(holding(holds), { wait, keep })).toEqual(spans);
  });
});

describe("a month", () => {
  const month = drawMonth(planMonth(1, 30));

  test("is the same for the same seed, and another for another", () => {
    expect(isDeepStrictEqual(drawMonth(planMonth(1, 30)), month)).toBe(true);
    expect(planMonth(2, 30).incidents).not.toEqual(planMonth(1, 30).incidents);
  });

  test("loses no receipt in an outage: what is held back is counted later", () => {
    for (const { provider, counted, newest } of month.receipts) {
      for (const { providers, start, end, down } of month.outages) {
        if (!providers.includes(provider.name)) continue;
        expect(counted.delivered.slice(start, end).every((count) => count === 0)).toBe(true);
        expect(newest[end - 1], String(down)).toBeLessThan(start);
      }
    }
    const untouched = drawMonth({ ...planMonth(1, 30), outages: [] });
    const total = (of: typeof month) =>
      of.receipts.map(({ counted }) => counted.blacklist.reduce((sum, count) => sum + count, 0));
    expect(total(month)).toEqual(total(untouched));
  });

  test("spikes with the share that was planned", () => {
    const spikes = month.incidents.filter(({ provider, late }) => provider === "huge" && !late);
    const [incident] = spikes.toSorted((one, other) => other.bad - one.bad);
    const counted = month.receipts.find(({ provider }) => provider.name === "huge")?.counted;
    if (incident === undefined || counted === undefined) throw new Error("the huge provider has incidents");
    const during = (counts: Uint32Array) =>
      counts.slice(incident.start, incident.end).reduce((sum, count) => sum + count, 0);
    const all = Object.values(counted).reduce((sum, counts) => sum + during(counts), 0);
    expect(incident.bad / all / incident.share).toBeCloseTo(1, 1);
    expect(during(counted[incident.category])).toBeGreaterThanOrEqual(incident.bad);
  });
});

describe("the bars", () => {
  const month = drawMonth(planMonth(1, 30));
  const purpose: Purpose = { kind: "spike", category: "blacklist", late: false };
  const targets = month.incidents.filter(
    ({ kind, category, late, bad }) => kind === "spike" && category === "blacklist" && !late && bad >= 20,
  );
  const told = (delay: number) =>
    targets.map(({ provider, start, end }) => ({ provider, start: start + delay, end }));
  const noTicket = sumOf([]);
  const quiet = { start: 100, end: 110, provider: "huge" };

  test("hold where each spike is told after a few minutes, and nothing else is", () => {
    const score = scoreEpisodes(month, told(5), purpose);
    expect(score.detectable).toBe(targets.length);
    expect(delayOf(score, 0.9)).toBe(5);
    expect(brokenBars([score], noTicket)).toEqual([]);
  });

  const rows = [
    {
      name: "a spike that is missed",
      episodes: told(5).slice(1),
      broken: /spikes with at least 20 bad receipts/,
    },
    { name: "spikes that are told late", episodes: told(15), broken: /half of the spikes/ },
    {
      name: "two false pages",
      episodes: [...told(5), quiet, { ...quiet, start: 200, end: 210 }],
      broken: /2 false pages in 1 months/,
    },
    { name: "silence", episodes: [], broken: /0 of \d+ spikes/ },
    {
      name: "a page that never ends",
      episodes: month.providers.map(({ name }) => ({ provider: name, start: 0, end: month.minutes })),
      broken: /0 of \d+ spikes.*5 false pages.*2 spikes of a backlog page/,
    },
    {
      name: "false pages that go on into the spikes",
      episodes: told(-1000),
      broken: new RegExp(`0 of \\d+ spikes.*${targets.length} false pages`),
    },
    {
      name: "pages that begin a minute too early",
      episodes: told(-1),
      broken: new RegExp(`0 of \\d+ spikes.*${targets.length} false pages`),
    },
  ];
  test.each(rows)("are broken by $name", ({ episodes, broken }) => {
    expect(brokenBars([scoreEpisodes(month, episodes, purpose)], noTicket).join()).toMatch(broken);
  });

  test("excuse a page that comes again within an hour of a spike's end, and none after", () => {
    const again = (after: number) =>
      targets.map(({ provider, end }) => ({ provider, start: end + after, end: end + after + 5 }));
    const falseOf = (after: number) => scoreEpisodes(month, again(after), purpose).falseEpisodes;
    expect([falseOf(59), falseOf(60)]).toEqual([0, targets.length]);
    expect(scoreEpisodes(month, again(0), purpose).delays).toEqual([]);
  });

  test("are broken by a backlog's spike that pages, and by one without a ticket", () => {
    const hidden = month.incidents.filter(({ late }) => late);
    const paged = scoreEpisodes(month, [...told(5), ...hidden], purpose);
    expect(brokenBars([paged], noTicket).join()).toMatch(/2 spikes of a backlog page/);
    const unticketed = scoreEpisodes(month, [], { ...purpose, late: true });
    expect(brokenBars([scoreEpisodes(month, told(5), purpose)], unticketed).join()).toMatch(
      /0 of \d+ spikes of a backlog get/,
    );
  });

  test("pass over what other providers had", () => {
    const elsewhere = told(5)
      .filter(({ provider }) => provider === "huge")
      .map((episode) => ({ ...episode, provider: "tiny" }));
    const near60 = month.incidents.filter(
      ({ provider, category }) => provider === "tiny" && category === "blacklist",
    );
    const excused = elsewhere.filter((one) =>
      near60.some(({ start, end }) => near(one, { start, end: end + 60 })),
    );
    expect(excused).toEqual([]);
    expect(sumOf([scoreEpisodes(month, elsewhere, purpose)]).falseEpisodes).toBe(elsewhere.length);
  });
});
