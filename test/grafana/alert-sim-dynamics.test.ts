import { describe, expect, test } from "vitest";
import { near } from "../alert-sim/calendar.ts";
import { planDynamics } from "../alert-sim/dynamics.ts";
import { subjectsOf } from "../alert-sim/evaluate.ts";
import { exposition } from "../alert-sim/exposition.ts";
import { planMonth } from "../alert-sim/month.ts";
import { type Counted, drawMonth } from "../alert-sim/receipts.ts";

const day = 24 * 60;
const plan = planDynamics(1, 30);
const ordinary = new Set(planMonth(1, 30).providers.map(({ name }) => name));
/** Without the providers that both kinds of month have: they send a hundred times as much. */
const singular = plan.month.providers.filter(({ name }) => !ordinary.has(name));
const month = drawMonth({ ...plan.month, providers: singular });

function receiptsOf(name: string) {
  const found = month.receipts.find(({ provider }) => provider.name === name);
  if (found === undefined) throw new Error(`there is no provider ${name}`);
  const sum = (category: Counted, start: number, end: number) =>
    found.counted[category].slice(start, end).reduce((total, count) => total + count, 0);
  const all = (start: number, end: number) =>
    Object.keys(found.counted).reduce((total, category) => total + sum(category as Counted, start, end), 0);
  return {
    ...found,
    all,
    share: (start: number, end: number) => sum("blacklist", start, end) / all(start, end),
  };
}

describe("the second kind of month", () => {
  test("has small spikes where the other has large ones, and the rest as it is", () => {
    const other = planMonth(1, 30);
    const shared = plan.month.incidents.filter(({ provider }) => ordinary.has(provider));
    expect(shared.map(({ start, end, provider }) => ({ start, end, provider }))).toEqual(
      other.incidents.map(({ start, end, provider }) => ({ start, end, provider })),
    );
    const small = shared.filter(
      ({ kind, category, late }) => kind === "spike" && category === "blacklist" && !late,
    );
    expect(small.length).toBe(24);
    for (const { provider, share } of small) {
      const usual = other.providers.find(({ name }) => name === provider)?.shares.blacklist ?? 0;
      expect((usual + share) / usual).toBeGreaterThanOrEqual(3);
      expect((usual + share) / usual).toBeLessThanOrEqual(6);
    }
  });

  test("has each incident once, though two alerts are judged by it", () => {
    expect(new Set(plan.month.incidents).size).toBe(plan.month.incidents.length);
    const judged = plan.dynamics.flatMap(({ incidents }) => incidents);
    expect(new Set(judged)).toEqual(new Set(plan.month.incidents));
    expect(judged.length).toBeGreaterThan(plan.month.incidents.length);
  });

  test("has a provider that sends two hours of a weekday, and 8 % in weeks 3 to 5", () => {
    const { all, share } = receiptsOf("hours");
    const [ten, twelve] = [10 * 60, 12 * 60];
    expect([all(0, ten), all(twelve, day), all(5 * day, 7 * day)]).toEqual([0, 0, 0]);
    expect(all(ten, twelve)).toBeGreaterThan(5000);
    for (const today of [16, 23, 29]) {
      expect(share(today * day + ten, today * day + twelve) / 0.08).toBeCloseTo(1, 0);
    }
  });

  test("has one whose event times are twelve minutes old at the least", () => {
    const { newest } = receiptsOf("old");
    expect(newest.every((minute, at) => minute <= at - 12 || minute === -1)).toBe(true);
    expect(newest.some((minute, at) => minute === at - 12)).toBe(true);
  });

  test("has some that begin or end within it, and show nothing before", () => {
    const born = singular.find(({ name }) => name === "migrated")?.from ?? 0;
    expect(receiptsOf("migrated").all(0, born)).toBe(0);
    expect(receiptsOf("gone").all(13 * day, 30 * day)).toBe(0);
    const texts = [...exposition({ ...month, receipts: [receiptsOf("migrated")] })];
    const firsts = texts
      .filter((text) => text.includes('provider="migrated"'))
      .map((text) => Number(/ (\d+)\n/.exec(text)?.[1]));
    expect(Math.min(...firsts)).toBe(Date.parse("2026-02-17T09:00:00Z") / 1000);
  });

  test("has channels that begin at a provider of which another is known, told apart by channel", () => {
    const begins = 8 * day + 9 * 60;
    const [known, fresh] = [receiptsOf("clean-sms"), receiptsOf("clean-voice")];
    expect([known.all(0, begins - 3 * day), fresh.all(0, begins)]).toEqual([0, 0]);
    expect(known.all(begins - 3 * day, begins)).toBeGreaterThan(100_000);
    expect(fresh.share(begins + 10, begins + 70) / 0.08).toBeCloseTo(1, 0);
    const subjectOf = subjectsOf(month.providers);
    expect(subjectOf({ provider: "clean", channel: "voice" })).toBe("clean-voice");
    expect(subjectOf({ provider: "clean", channel: "sms" })).toBe("clean-sms");
    expect(subjectOf({ provider: "clean", channel: "rcs" })).toBeUndefined();
    expect(subjectOf({ topic: "clean-voice.receipts" })).toBe("clean-voice");
  });

  test("loads another code map when nothing is wrong, which moves 4 % into blacklist", () => {
    const { mapChange = 0, incidents } = plan.month;
    const around = { start: mapChange, end: mapChange + 90 };
    expect(incidents.filter((incident) => near(incident, around))).toEqual([]);
    const { share } = receiptsOf("moved");
    expect(share(0, mapChange)).toBeLessThan(0.01);
    expect(share(mapChange, 30 * day) / 0.046).toBeCloseTo(1, 0);
    const maps = [...exposition({ ...month, receipts: [] })];
    expect(maps.map((lines) => /hash="(\w+)"/.exec(lines)?.[1])).toEqual(["old", "old", "new", "new"]);
  });

  test("leaves out what a shorter one has no time for", () => {
    const short = planDynamics(1, 2);
    expect(short.month.incidents.filter(({ end }) => end > 2 * day)).toEqual([]);
    expect(short.dynamics.map(({ title }) => title)).toEqual(plan.dynamics.map(({ title }) => title));
  });
});
