import { subjectsOf } from "../evaluate.ts";
import { channelOf, monthStart, type ScrapedSeries, scrapedSeries } from "../exposition.ts";
import { type Episode, firingSpans } from "../firing.ts";
import type { DrawnMonth } from "../receipts.ts";
import type { Rules } from "../rules.ts";
import { Evaluator, type Series } from "./evaluate.ts";

/**
 * Lives through a month without Prometheus: the same rules, read from the same files, on the same series, evaluated by a
 * small PromQL of ours over all minutes at once. It takes seconds. One provider after the other, since no rule on spikes
 * looks at two of them.
 *
 * @param lookback minutes for which a series that has ended is still seen: Prometheus sees what is written into its past
 *   for five, and in life none, since it marks where a series ends
 * @returns the episodes of each alert
 */
export function evaluateModel(month: DrawnMonth, rules: Rules, lookback: number): Map<string, Episode[]> {
  const episodes = new Map(rules.alerts.map(({ alert }) => [alert, [] as Episode[]]));
  const subjectOf = subjectsOf(month.providers);
  for (const receipts of Map.groupBy(month.receipts, (one) => channelOf(one.provider).provider).values()) {
    const evaluator = new Evaluator({ minutes: month.minutes + 1, start: monthStart, lookback });
    const scraped = scrapedSeries({ ...month, receipts });
    for (const [name, series] of Map.groupBy(scraped, (one) => one.name)) {
      evaluator.record(
        name,
        series.map((one) => columnOf(one, month.minutes + 1)),
      );
    }
    recordLevels(evaluator, rules);
    for (const alert of rules.alerts) {
      for (const { labels, values } of evaluator.evaluate(alert.expr)) {
        const provider = subjectOf(labels);
        if (provider === undefined) throw new Error(`${alert.alert} says nothing of a provider or its topic`);
        const holds = Uint8Array.from(values, (value) => (Number.isNaN(value) ? 0 : 1));
        const spans = firingSpans(holds, alert);
        episodes.get(alert.alert)?.push(...spans.map((span) => ({ ...span, provider })));
      }
    }
  }
  return episodes;
}

/** Records the rules level by level, as Prometheus does one after the other. */
export function recordLevels(evaluator: Evaluator, { levels }: Pick<Rules, "levels">): void {
  for (const { record, expr, labels } of levels.flat()) {
    evaluator.record(
      record,
      evaluator.evaluate(expr).map((one) => ({ labels: { ...one.labels, ...labels }, values: one.values })),
    );
  }
}

function columnOf({ labels, samples }: ScrapedSeries, minutes: number): Series {
  const values = new Float64Array(minutes).fill(Number.NaN);
  for (const [at, value] of samples) values[at] = value;
  return { labels, values };
}
