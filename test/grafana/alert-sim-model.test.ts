import { describe, expect, test } from "vitest";
import { Evaluator } from "../alert-sim/model/evaluate.ts";
import { evaluateModel, recordLevels } from "../alert-sim/model/model.ts";
import { parse } from "../alert-sim/model/parse.ts";
import { planMonth } from "../alert-sim/month.ts";
import { drawMonth } from "../alert-sim/receipts.ts";
import { type Rules, readAlertRules } from "../alert-sim/rules.ts";
import { brokenBars, scoreEpisodes } from "../alert-sim/score.ts";
import { alertPurposes, page } from "../alert-sim/simulate.ts";
import { readYaml } from "./files.ts";
import { complaints, promtoolMissing } from "./promtool.ts";

/** Values by minute; where there is none, nothing was scraped. */
type Minutes = Readonly<Record<number, number>>;

const last = 40;
const counted: Minutes = Object.fromEntries(
  Array.from({ length: last + 1 }, (_, minute) => [minute, minute * 7 + 3]),
);
const series: Readonly<Record<string, { labels: Record<string, string>; at: Minutes }>> = {
  'c{p="a",k="x"}': { labels: { p: "a", k: "x" }, at: counted },
  'c{p="a",k="y"}': { labels: { p: "a", k: "y" }, at: { 3: 1, 12: 4, 21: 6, 29: 2, 38: 9 } },
  'c{p="b",k="x"}': { labels: { p: "b", k: "x" }, at: { 0: 10, 13: 20, 26: 40, 39: 80 } },
};

/** What stands in the rules, each way of it. */
const expressions = [
  "increase(c[17m])",
  "increase(c[17m] offset 11m)",
  "sum_over_time(c[17m])",
  "avg_over_time(c[17m] offset 4m)",
  "count_over_time(c[17m])",
  "max_over_time(c[17m]) - min_over_time(c[17m])",
  "last_over_time(c[17m])",
  "quantile_over_time(0.84, c[32m])",
  'sum without (k) (c) + 2 ^ 3 ^ 0.5 - max by (p) (c{k!="y"})',
  'c{k="x"} / ignoring (k) group_left () sum without (k) (increase(c[17m]))',
  'c{k=~"y|z"} * on (p) group_left () c{k="x"} or c * 0',
  'c unless ignoring (k) c{k!~"x|z"}',
  "c > bool 50",
  "c % 4 * -1 >= -3 and on () vector(time()) % 1800 < 660",
  'clamp(ln(c) ^ 2, 1, 20) + clamp_max(c, scalar(max(c{p="b"}) - 5))',
];

function modelOf(expr: string): Record<string, number> {
  const evaluator = new Evaluator({ minutes: last + 1, start: 0, lookback: 5 });
  for (const { labels, at } of Object.values(series)) {
    const values = Float64Array.from({ length: last + 1 }, (_, minute) => at[minute] ?? Number.NaN);
    evaluator.record("c", [{ labels, values }]);
  }
  const found = evaluator.evaluate(expr).map(({ labels, values }) => {
    const text = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
    return [`{${text.join(",")}}`, values[last] ?? Number.NaN] as const;
  });
  return Object.fromEntries(found.filter(([, value]) => !Number.isNaN(value)));
}

describe("the model's PromQL", () => {
  test.skipIf(promtoolMissing && process.env.CI !== "true")("gives what Prometheus gives", () => {
    // promtool wants a sample in each 15 s, and no name where the expression keeps one
    const written = Object.fromEntries(
      Object.entries(series).map(([name, { at }]) => [
        name,
        Array.from({ length: last + 1 }, (_, minute) => `${at[minute] ?? "_"} _x3`).join(" "),
      ]),
    );
    for (const expr of expressions) {
      const expected = modelOf(expr);
      expect(Object.keys(expected), expr).not.toEqual([]);
      const given = { series: written, expr: `(${expr}) + 0`, at: `${last}m`, expected };
      expect(complaints(given), expr).toBe("");
    }
  });

  test("refuses what it does not know, instead of taking it for something else", () => {
    for (const expr of [
      "c[5m:1m]",
      "c @ 5",
      "topk(1, c)",
      "c * on (p) group_left (k) c",
      "c )",
      "c offset 30s",
    ]) {
      expect(() => new Evaluator({ minutes: 1, start: 0, lookback: 0 }).evaluate(expr), expr).toThrow(
        / is (expected|not known|not understood)/,
      );
    }
    expect(() => parse("sum by (p) (c)")).not.toThrow();
  });
});

describe("the model of the rules on spikes", () => {
  const rules = readAlertRules([page]);
  const month = drawMonth(planMonth(11, 4));
  const purpose = alertPurposes[page];
  if (purpose === undefined) throw new Error("the page has a purpose");
  const scoreOf = (of: Rules) => scoreEpisodes(month, evaluateModel(month, of, 5).get(page) ?? [], purpose);
  const threshold = "dlr:threshold:spike_receipts";

  test("reads the numbers that are committed", () => {
    const evaluator = new Evaluator({ minutes: 1, start: 0, lookback: 0 });
    recordLevels(evaluator, { levels: rules.levels.slice(0, 1) });
    const written = JSON.stringify(readYaml("grafana/rules/dlr-thresholds.rules.yml"));
    const [, number] = new RegExp(`"${threshold}","expr":"vector\\((.+?)\\)"`).exec(written) ?? [];
    expect(evaluator.evaluate(threshold).map(({ values }) => values[0])).toEqual([Number(number)]);
  });

  test("reaches the bars in four days with them, as Prometheus does, and misses them with another", () => {
    expect(brokenBars([scoreOf(rules)], { ...scoreOf(rules), detectable: 0 })).toEqual([]);
    const deaf = rules.levels.map((level) =>
      level.map((rule) => (rule.record === threshold ? { ...rule, expr: "vector(1000000)" } : rule)),
    );
    expect(scoreOf({ ...rules, levels: deaf }).delays).toEqual([]);
  });
});
