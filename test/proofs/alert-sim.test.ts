import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { brokenCategoryBars, simulateCategories } from "../alert-sim/categories-simulate.ts";
import { planCategories } from "../alert-sim/categories.ts";
import { brokenDelayBars, simulateDelays } from "../alert-sim/delays-simulate.ts";
import { planDelays } from "../alert-sim/delays.ts";
import { brokenMissingBars, simulateMissing } from "../alert-sim/missing-simulate.ts";
import { planMissing } from "../alert-sim/missing.ts";
import { type Rules, readAlertRules } from "../alert-sim/rules.ts";
import { brokenBars, type Score, sumOf } from "../alert-sim/score.ts";
import { alertPurposes, onModel, page, simulateMonth } from "../alert-sim/simulate.ts";
import { brokenValueBars, simulateValues } from "../alert-sim/values-simulate.ts";
import { planValues, small } from "../alert-sim/values.ts";
import { prometheusMissing } from "../grafana/prometheus.ts";

/**
 * Of a few days that reach the bars: they guard against changes for the worse. That months which nobody has looked at
 * reach them is for `npm run alert-sim` to show.
 */
const seed = 11;

if (prometheusMissing !== undefined) console.warn(`the alert simulation is not tried: ${prometheusMissing}`);

describe.skipIf(prometheusMissing !== undefined && process.env.CI !== "true")("on a real Prometheus", () => {
  const rules = readAlertRules(Object.keys(alertPurposes));
  const deaf = deafened(rules);
  const ended = new AbortController();
  let scores = new Map<string, Score>();

  beforeAll(async () => {
    const both = {
      levels: rules.levels.map((level, index) => [...level, ...(deaf.levels[index] ?? [])]),
      alerts: [...rules.alerts, ...deaf.alerts],
    };
    scores = await simulateMonth(seed, 4, both, () => undefined, ended.signal);
  });
  afterAll(() => ended.abort());

  test("the alerts reach the bars in four days", () => {
    const [paged, late] = [scores.get(page), scores.get("DlrBlacklistSpikeLate")];
    if (paged === undefined || late === undefined) throw new Error("both are among the alerts");
    expect(paged.detectable).toBeGreaterThan(2);
    expect(late.detectable).toBeGreaterThan(0);
    expect(brokenBars([paged], late)).toEqual([]);
    for (const { alert } of rules.alerts) {
      expect(scores.get(alert)?.delays.length, alert).toBeGreaterThan(0);
    }
  });

  test("and the model says the same of each to the minute", async () => {
    const modelled = await simulateMonth(seed, 4, rules, () => undefined, ended.signal, onModel);
    for (const { alert } of rules.alerts) expect(modelled.get(alert), alert).toEqual(scores.get(alert));
  });

  test("and miss them with a threshold that is far too high", () => {
    const paged = scores.get(`${page}_deaf`);
    if (paged === undefined) throw new Error("it is among the alerts");
    expect(brokenBars([paged], sumOf([])).join()).toMatch(/spikes with at least/);
  });

  test("who is hit is named: one signature on one carrier block, and nobody where all are", async () => {
    const month = await simulateValues(planValues(15, 0.75, small), () => undefined, ended.signal);
    expect(brokenValueBars([month])).toEqual([]);
    const [values, channel] = [month.get("DlrValueSpike"), month.get("DlrCategorySpike")];
    expect([values?.detectable, values?.delays.length, values?.named]).toEqual([1, 1, 1]);
    expect([channel?.detectable, channel?.delays.length]).toEqual([1, 1]);
  });

  test("half of the receipts gone is told within an hour, and a bulk send is not", async () => {
    const noon = (2 * 24 + 12) * 60;
    const large = { channel: "large", size: 10 };
    const { channels, ...plan } = planMissing(seed, 30);
    const month = {
      ...plan,
      minutes: 3 * 24 * 60,
      channels: channels.filter(({ name }) => name === "large"),
      events: [
        { ...large, kind: "bulk", start: noon - 18 * 60, end: noon - 17 * 60 } as const,
        { ...large, kind: "half", start: noon, end: noon + 4 * 60 } as const,
      ],
      downs: [],
    };
    const scores = await simulateMissing(month, () => undefined, ended.signal);
    expect(brokenMissingBars([scores])).toEqual([]);
    expect(scores.find(({ kind }) => kind === "half")?.delays.length).toBe(1);
  });

  test("spikes of other categories are told, and none pages without one", async () => {
    const scores = await simulateCategories(planCategories(seed, 4), () => undefined, ended.signal);
    expect(brokenCategoryBars([scores])).toEqual([]);
    expect(scores.filter(({ delays }) => delays.length > 0).length).toBeGreaterThan(5);
  });
});

describe.skipIf(prometheusMissing !== undefined && process.env.CI !== "true")("a provider that slows", () => {
  test("pages within ten minutes, it alone, through backlogs and beside one that is always slow", async () => {
    const ended = new AbortController();
    const score = await simulateDelays(planDelays(2, 5), () => undefined, ended.signal);
    expect(score.falseEpisodes).toEqual([]);
    expect(brokenDelayBars([score])).toEqual([]);
    const large = score.bySize.filter(({ share }) => share >= 0.15);
    expect(large.reduce((sum, { detectable }) => sum + detectable, 0)).toBeGreaterThan(2);
  });
});

/**
 * The page with a threshold that is far too high, and what lies between the two, under names of their own: they live
 * through the same month as the others.
 */
function deafened({ levels, alerts }: Rules): Rules {
  const threshold = "dlr:threshold:spike_receipts";
  const deaf = new Set([threshold]);
  const renamed = (expr: string) =>
    expr.replaceAll(/[a-zA-Z_:][\w:]*/g, (name) => (deaf.has(name) ? `${name}_deaf` : name));
  return {
    levels: levels.map((level) => {
      for (const { record, expr } of level) if (renamed(expr) !== expr) deaf.add(record);
      return level
        .filter(({ record }) => deaf.has(record))
        .map(({ record, expr, labels }) => ({
          record: `${record}_deaf`,
          expr: record === threshold ? "vector(1000000)" : renamed(expr),
          labels,
        }));
    }),
    alerts: alerts
      .filter(({ alert }) => alert === page)
      .map((alert) => ({ ...alert, alert: `${page}_deaf`, expr: renamed(alert.expr) })),
  };
}
