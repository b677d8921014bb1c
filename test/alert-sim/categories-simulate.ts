import { table } from "../../src/table.ts";
import {
  type CategoryMonth,
  type CategorySpike,
  type DrawnCategories,
  drawCategories,
  paged,
  planCategories,
  type WatchedCategory,
} from "./categories.ts";
import { Database } from "./database.ts";
import { evaluateMonth } from "./evaluate.ts";
import { monthStart } from "./exposition.ts";
import type { Episode } from "./firing.ts";
import { readAlertRules } from "./rules.ts";

/** The page, and the ticket. */
const categoryAlerts = ["DlrCategorySpike", "DlrCategorySpike warning"] as const;
type AlertName = (typeof categoryAlerts)[number];

/** Bad receipts that a spike must have: fewer prove nothing. And the share from which on it is to page. */
const enough = { receipts: 20, pagedShare: 0.15 };

/** Minutes after a spike in which its receipts are still in a window. */
const grace = 60;

/** What an alert made of one category's spikes in a month. */
export interface CategoryScore {
  readonly alert: AlertName;
  readonly category: WatchedCategory;
  /** Spikes that it could have told. */
  readonly detectable: number;
  /** Minutes from the start of each that was told until it fired. */
  readonly delays: readonly number[];
  /** Episodes that began where nothing of the category was wrong. */
  readonly falseEpisodes: number;
}

/**
 * Lives through a month of failing categories on a Prometheus of its own.
 *
 * @param planned it, by `planCategories`
 * @param progress is told what has been done
 * @param signal ends it, with an error
 */
export async function simulateCategories(
  planned: CategoryMonth,
  progress: (what: string) => void,
  signal: AbortSignal,
): Promise<CategoryScore[]> {
  const month = drawCategories(planned);
  const database = await Database.create(signal);
  try {
    const scraped = {
      minutes: month.minutes,
      texts: categoryExposition(month),
      subjectOf: ({ provider, category }: Readonly<Record<string, string>>) => `${provider} ${category}`,
    };
    const episodes = await evaluateMonth(database, scraped, readAlertRules(categoryAlerts), progress);
    return categoryAlerts.flatMap((alert) => scoreCategories(month, alert, episodes.get(alert) ?? []));
  } finally {
    await database.remove();
  }
}

/** What Prometheus has scraped, once a minute, of a topic for each provider. @returns OpenMetrics lines */
function* categoryExposition({ counted, downs, minutes }: DrawnCategories): Generator<string> {
  const shown = Array.from({ length: minutes }, (_, minute) => minute).filter(
    (minute) => !downs.some(({ start, end }) => start <= minute && minute < end),
  );
  const lines = (head: string, value: (minute: number) => number) =>
    shown.map((minute) => `${head} ${value(minute)} ${monthStart + (minute + 1) * 60}\n`).join("");
  for (const [provider, categories] of counted) {
    const place = `job="dlr-exporter",instance="exporter-1:9464",topic="${provider}.receipts",partition="0"`;
    for (const [category, { counted: each }] of categories) {
      const outcome = category === "delivered" ? "delivered" : "failed";
      const labels = `provider="${provider}",channel="sms",scope="sms_receipt",code="${category}",category="${category}",outcome="${outcome}"`;
      let total = 0;
      const totals = Uint32Array.from(each, (count) => {
        total += count;
        return total;
      });
      yield lines(`dlr_receipts_total{${place},${labels}}`, (minute) => totals[minute] ?? 0);
    }
    const newest = categories.get("delivered")?.newest;
    yield lines(
      `dlr_last_event_timestamp_seconds{${place}}`,
      (minute) => monthStart + ((newest?.[minute] ?? 0) + 1) * 60,
    );
  }
}

/** Judges the episodes of an alert, by category. @param episodes each of a provider and category, with a space between */
export function scoreCategories(
  month: DrawnCategories,
  alert: AlertName,
  episodes: readonly Episode[],
): CategoryScore[] {
  const startingIn = ({ provider, category, start, end }: CategorySpike, more: number) =>
    episodes
      .filter(
        (one) => one.provider === `${provider} ${category}` && start <= one.start && one.start < end + more,
      )
      .sort((one, other) => one.start - other.start);
  const isTarget = ({ category, share, bad }: DrawnCategories["spikes"][number]) =>
    bad >= enough.receipts &&
    (alert === "DlrCategorySpike warning" || (paged.includes(category) && share >= enough.pagedShare));
  const explained = new Set(month.spikes.flatMap((spike) => startingIn(spike, grace)));
  return [...Map.groupBy(month.spikes, ({ category }) => category)].map(([category, spikes]) => {
    const targets = spikes.filter(isTarget);
    return {
      ...{ alert, category, detectable: targets.length },
      delays: targets.flatMap((spike) =>
        startingIn(spike, 0)
          .slice(0, 1)
          .map(({ start }) => start - spike.start),
      ),
      falseEpisodes: episodes.filter((one) => one.provider.endsWith(` ${category}`) && !explained.has(one))
        .length,
    };
  });
}

/** What the rules must reach. @returns a sentence for each bar that is broken */
export function brokenCategoryBars(months: readonly (readonly CategoryScore[])[]): string[] {
  const scores = months.flat();
  const pages = scores.filter(({ alert }) => alert === "DlrCategorySpike");
  const wrong = pages.reduce((sum, { falseEpisodes }) => sum + falseEpisodes, 0);
  const found = scores.reduce((sum, { delays }) => sum + delays.length, 0);
  const all = scores.reduce((sum, { detectable }) => sum + detectable, 0);
  return [
    ...(wrong > months.length ? [`${wrong} false pages of categories in ${months.length} months`] : []),
    ...(found < 0.95 * all ? [`${found} of ${all} spikes of categories are found`] : []),
  ];
}

/**
 * Lives through months, one after the other, and tells of them.
 *
 * @param seeds of the months @param days of each, at least 2
 * @param tell is told how far it is
 * @param signal ends it, with an error
 * @returns a table, and a sentence for each bar that is broken
 */
export async function reportCategories(
  seeds: readonly number[],
  days: number,
  tell: (what: string) => void,
  signal: AbortSignal,
): Promise<{ table: string; broken: string[] }> {
  const months: CategoryScore[][] = [];
  for (const seed of seeds) {
    months.push(
      await simulateCategories(
        planCategories(seed, days),
        (what) => tell(`month ${seed}, categories: ${what}`),
        signal,
      ),
    );
  }
  const byRow = Map.groupBy(months.flat(), ({ alert, category }) => `${alert} ${category}`);
  const rows = [...byRow.values()].flatMap((scores) => {
    const [first] = scores;
    if (first === undefined) return [];
    const delays = scores.flatMap((score) => score.delays).sort((one, other) => one - other);
    const at = (share: number) => delays[Math.ceil(share * delays.length) - 1] ?? "";
    const sum = (of: (score: CategoryScore) => number) =>
      scores.reduce((total, score) => total + of(score), 0);
    const found = `${delays.length}/${sum(({ detectable }) => detectable)}`;
    return [
      [first.alert, first.category, found, at(0.5), at(0.9), sum(({ falseEpisodes }) => falseEpisodes)],
    ];
  });
  return {
    table: table([["alert", "category", "found", "p50 min", "p90 min", "false"], ...rows]),
    broken: brokenCategoryBars(months),
  };
}
