import { table } from "../../src/table.ts";
import { Database } from "./database.ts";
import { type CountedDelays, type DelayMonth, drawDelays, isDown, planDelays, slowShares } from "./delays.ts";
import { evaluateMonth } from "./evaluate.ts";
import { monthStart } from "./exposition.ts";
import type { Episode } from "./firing.ts";
import { readAlertRules } from "./rules.ts";

const slowAlert = "DlrDeliverySlow";

/** Slow receipts that a slowing must have in its first ten minutes: 15 in 100 of 50 a minute. Fewer are told later. */
const enough = 75;
/** Minutes in which nothing is known of a provider yet: what is always slow pages once in them. */
const untilKnown = 24 * 60;
/** Minutes after a slowing in which its receipts are still in a window. */
const grace = 60;
/** Within so many minutes a slowing of 15 % and more is to be told. */
const soon = 10;

/** How the alert did on slowings of one size. */
export interface SlowingScore {
  readonly share: number;
  /** Those with receipts enough, of providers that are not always slow. */
  readonly detectable: number;
  /** Minutes from the start of each that was told until the alert fired. */
  readonly delays: readonly number[];
}

/** How the alert did in a month. */
export interface DelayScore {
  readonly bySize: readonly SlowingScore[];
  /** Episodes that began where the provider was not slow, and whose they were. */
  readonly falseEpisodes: readonly Episode[];
}

/**
 * Lives through a month of delays on a Prometheus of its own.
 *
 * @param progress is told what has been done
 * @param signal ends it, with an error
 */
export async function simulateDelays(
  month: DelayMonth,
  progress: (what: string) => void,
  signal: AbortSignal,
): Promise<DelayScore> {
  const counted = drawDelays(month);
  const names = new Set(month.providers.map(({ name }) => name));
  const scraped = {
    minutes: month.minutes,
    texts: delayExposition(month, counted),
    subjectOf: ({ provider = "" }: Readonly<Record<string, string>>) =>
      names.has(provider) ? provider : undefined,
  };
  const database = await Database.create(signal);
  try {
    const episodes = await evaluateMonth(database, scraped, readAlertRules([slowAlert]), progress);
    return scoreDelays(month, counted, episodes.get(slowAlert) ?? []);
  } finally {
    await database.remove();
  }
}

/**
 * What Prometheus has scraped of a month of delays, once a minute, each provider's topic with one partition. Of the
 * buckets there are the two that the alert reads.
 *
 * @returns OpenMetrics lines, each series in order of time
 */
export function* delayExposition(month: DelayMonth, counted: readonly CountedDelays[]): Generator<string> {
  for (const { provider, delivered, slow, newest } of counted) {
    const { name } = provider;
    const place = `job="dlr-exporter",instance="exporter-1:9464",topic="${name}.receipts",partition="0"`;
    const labels = `${place},provider="${name}",channel="sms"`;
    const total = runningTotals(delivered);
    const slowTotal = runningTotals(slow);
    const cell = `scope="sms_receipt",code="DELIVRD",category="delivered",outcome="delivered"`;
    const bucket = `dlr_receipt_delay_seconds_bucket{${labels},outcome="delivered"`;
    const lines = (head: string, value: (minute: number) => number) =>
      Array.from({ length: month.minutes }, (_, minute) =>
        isDown(month, name, minute) ? "" : `${head} ${value(minute)} ${monthStart + (minute + 1) * 60}\n`,
      ).join("");
    yield lines(`dlr_receipts_total{${labels},${cell}}`, (minute) => total[minute] ?? 0);
    yield lines(`${bucket},le="300"}`, (minute) => (total[minute] ?? 0) - (slowTotal[minute] ?? 0));
    yield lines(`${bucket},le="+Inf"}`, (minute) => total[minute] ?? 0);
    yield lines(
      `dlr_last_event_timestamp_seconds{${place}}`,
      (minute) => monthStart + ((newest[minute] ?? 0) + 1) * 60 - 1,
    );
  }
}

/** What was counted by the end of each minute. */
function runningTotals(counts: Uint32Array): Uint32Array {
  let sum = 0;
  return counts.map((count) => {
    sum += count;
    return sum;
  });
}

/** Holds what has fired against what was slow. */
export function scoreDelays(
  month: DelayMonth,
  counted: readonly CountedDelays[],
  episodes: readonly Episode[],
): DelayScore {
  const slowings = month.slowings.filter(({ hidden }) => !hidden);
  const isAlwaysSlow = (name: string) => month.providers.some((one) => one.name === name && one.slow > 0.1);
  const told = (share: number) =>
    slowings
      .filter((one) => one.share === share)
      .filter(({ provider, start }) => {
        const own = counted.find((one) => one.provider.name === provider);
        const slow = own?.slowByEvent.slice(start, start + soon).reduce((sum, count) => sum + count, 0) ?? 0;
        return slow >= enough && !isAlwaysSlow(provider);
      })
      .map(({ provider, start, end }) => {
        const first = episodes.find(
          (one) => one.provider === provider && start <= one.start && one.start < end,
        );
        return first === undefined ? undefined : first.start - start;
      });
  return {
    bySize: slowShares.map((share) => {
      const all = told(share);
      return { share, detectable: all.length, delays: all.filter((delay) => delay !== undefined) };
    }),
    falseEpisodes: episodes.filter(
      (episode) =>
        episode.start >= untilKnown &&
        !slowings.some(
          ({ provider, start, end }) =>
            provider === episode.provider && start <= episode.start && episode.start < end + grace,
        ),
    ),
  };
}

/** What the alert must reach: all soon, and at most one false page a month. @returns a sentence for each bar that is broken */
export function brokenDelayBars(months: readonly DelayScore[]): string[] {
  const most = Math.max(0, ...months.map(({ falseEpisodes }) => falseEpisodes.length));
  const large = months.flatMap(({ bySize }) => bySize.filter(({ share }) => share >= 0.15));
  const late = large.reduce(
    (sum, { detectable, delays }) => sum + detectable - delays.filter((delay) => delay <= soon).length,
    0,
  );
  const all = large.reduce((sum, { detectable }) => sum + detectable, 0);
  return [
    ...(most > 1 ? [`${most} false episodes of ${slowAlert} in a month`] : []),
    ...(late > 0
      ? [`${slowAlert} tells ${late} of ${all} slowings of 15 % and more after ${soon} minutes or never`]
      : []),
  ];
}

/**
 * Lives through months, one after the other, and tells of them.
 *
 * @param seeds of the months
 * @param days of each
 * @param tell is told how far it is
 * @param signal ends it, with an error
 * @returns a table, and a sentence for each bar that is broken
 */
export async function reportDelays(
  seeds: readonly number[],
  days: number,
  tell: (what: string) => void,
  signal: AbortSignal,
): Promise<{ table: string; broken: string[] }> {
  const months: DelayScore[] = [];
  for (const seed of seeds) {
    const progress = (what: string) => tell(`month ${seed}, delays: ${what}`);
    months.push(await simulateDelays(planDelays(seed, days), progress, signal));
  }
  const rows = slowShares.map((share) => {
    const own = months.flatMap(({ bySize }) => bySize.filter((one) => one.share === share));
    const delays = own.flatMap((one) => one.delays).sort((one, other) => one - other);
    const at = (part: number) => delays[Math.ceil(part * delays.length) - 1] ?? "";
    const detectable = own.reduce((sum, one) => sum + one.detectable, 0);
    return [`${100 * share} % more are slow`, `${delays.length}/${detectable}`, at(0.5), at(0.9)];
  });
  const wrong = months.map(({ falseEpisodes }) => falseEpisodes.length);
  return {
    table: `${table([[slowAlert, "found", "p50 min", "p90 min"], ...rows])}\nfalse episodes, by month: ${wrong.join(", ")}`,
    broken: brokenDelayBars(months),
  };
}
