import { Database } from "./database.ts";
import { evaluateMonth } from "./evaluate.ts";
import { monthStart } from "./exposition.ts";
import type { Episode } from "./firing.ts";
import { readAlertRules } from "./rules.ts";
import { valueExposition } from "./values-exposition.ts";
import { type DrawnValues, drawValues, type ValueMonth } from "./values.ts";

/** Who is hit, and what the channel is. */
export const valueAlerts = [
  "DlrValueSpike",
  "DlrValueSpike warning",
  "DlrCategorySpike",
  "DlrCategorySpike warning",
] as const;
export type AlertName = (typeof valueAlerts)[number];

/** The categories whose alerts are others. */
const ownAlerts = ["blacklist", "empty_number", "unknown"];
/** The categories of which each page tells: where the recipients are the cause, there is a ticket. */
const pagesOnValue = (category: string) => category !== "power_off";
const pagesOnChannel = ["content_blocked", "signature_invalid"];

/** Bad receipts in 15 minutes, and points of a value's share, that an event must have to be told. */
const enough = { receipts: 25, points: 0.15 };

/** Minutes after an event in which its receipts are still in a window. */
const grace = 60;

/** How an alert did in a month. */
export interface ValueScore {
  /** Events that it could have told. */
  readonly detectable: number;
  /** Minutes from the start of each that was told until it fired. */
  readonly delays: readonly number[];
  /** Those that were told with every value that they hit; of the channel's alert, none. */
  readonly named: number;
  /** Episodes that began while the category was normal. For a value's alert also in the channel's events. */
  readonly falseEpisodes: number;
}

type DrawnEvent = DrawnValues["events"][number];

/**
 * Lives through a month with dimensions on a Prometheus of its own.
 *
 * @param planned it, by {@link planValues}
 * @param progress is told what has been done
 * @param signal ends it, with an error
 * @returns the score of each alert
 */
export async function simulateValues(
  planned: ValueMonth,
  progress: (what: string) => void,
  signal: AbortSignal,
): Promise<Map<AlertName, ValueScore>> {
  const month = drawValues(planned);
  const database = await Database.create(signal);
  try {
    const scraped = {
      minutes: month.minutes,
      texts: valueExposition(month),
      subjectOf: ({ category }: Readonly<Record<string, string>>) => category,
    };
    const rules = readAlertRules(valueAlerts);
    const episodes = await evaluateMonth(database, scraped, rules, progress);
    const hits = await hitMinutes(database, month);
    return new Map(
      valueAlerts.map((alert) => [alert, scoreOf(month, alert, episodes.get(alert) ?? [], hits)] as const),
    );
  } finally {
    await database.remove();
  }
}

/** The minutes in which each value is hit by each category, as the alert's text names them. */
async function hitMinutes(database: Database, month: DrawnValues): Promise<Map<string, Set<number>>> {
  const hits = new Map<string, Set<number>>();
  const expr = "provider_channel_value_category:dlr_receipts_by_share:hit";
  for await (const { labels, samples } of database.evaluate(
    expr,
    monthStart,
    monthStart + month.minutes * 60,
  )) {
    const key = `${labels.dimension} ${labels.value} ${labels.category}`;
    const minutes = hits.get(key) ?? new Set();
    for (const [at] of samples) minutes.add((at - monthStart) / 60);
    hits.set(key, minutes);
  }
  return hits;
}

function scoreOf(
  month: DrawnValues,
  alert: AlertName,
  episodes: readonly Episode[],
  hits: ReadonlyMap<string, ReadonlySet<number>>,
): ValueScore {
  const ofValues = alert.startsWith("DlrValueSpike");
  const targets = month.events.filter((event) => isTarget(month, event, alert));
  const startingIn = ({ start, end, category }: DrawnEvent, more: number) =>
    episodes.filter((one) => one.provider === category && start <= one.start && one.start < end + more);
  const told = targets.flatMap((event) => {
    const first = startingIn(event, 0)[0];
    return first === undefined ? [] : [{ event, delay: first.start - event.start }];
  });
  const explaining = month.events.filter((event) => !ofValues || !isChannels(event));
  const explained = new Set(explaining.flatMap((event) => startingIn(event, grace)));
  const isHit = (dimension: string, value: string | undefined, { start, end, category }: DrawnEvent) =>
    value === undefined ||
    [...(hits.get(`${dimension} ${value} ${category}`) ?? [])].some((at) => start <= at && at < end);
  return {
    detectable: targets.length,
    delays: told.map(({ delay }) => delay),
    named: told.filter(
      ({ event }) =>
        ofValues && isHit("signature", event.signature, event) && isHit("number_block", event.block, event),
    ).length,
    falseEpisodes: episodes.filter((episode) => !explained.has(episode)).length,
  };
}

function isChannels({ signature, block }: DrawnEvent): boolean {
  return signature === undefined && block === undefined;
}

/** Whether an alert is there to tell an event. */
function isTarget(month: DrawnValues, event: DrawnEvent, alert: AlertName): boolean {
  const { category, start, end } = event;
  if ((event.bad * 15) / (end - start) < enough.receipts) return false;
  if (alert.startsWith("DlrCategorySpike")) {
    const pages = pagesOnChannel.includes(category);
    return isChannels(event) && !ownAlerts.includes(category) && (alert.endsWith("warning") || pages);
  }
  const raised = Math.max(raise(month, "signature", event), raise(month, "number_block", event));
  return (
    !isChannels(event) && raised >= enough.points && (alert.endsWith("warning") || pagesOnValue(category))
  );
}

/** By how much an event raises the share of the value of a dimension that it hits. */
function raise(month: DrawnValues, dimension: string, event: DrawnEvent): number {
  const name = dimension === "signature" ? event.signature : event.block;
  const value = month.values.find((one) => one.dimension === dimension && one.value === name);
  if (value === undefined) return 0;
  const all = [...value.counts.values()].reduce(
    (sum, counts) => sum + counts.slice(event.start, event.end).reduce((total, count) => total + count, 0),
    0,
  );
  return event.bad / all;
}

/** What the rules must reach. @returns a sentence for each bar that is broken */
export function brokenValueBars(months: readonly ReadonlyMap<AlertName, ValueScore>[]): string[] {
  return valueAlerts.flatMap((alert) => {
    const scores = months.flatMap((month) => month.get(alert) ?? []);
    const wrong = scores.reduce((sum, { falseEpisodes }) => sum + falseEpisodes, 0);
    const delays = scores.flatMap((score) => score.delays);
    const late = delays.filter((delay) => delay > 15).length;
    return [
      ...(wrong > months.length ? [`${wrong} false episodes of ${alert} in ${months.length} months`] : []),
      ...(late * 10 > delays.length ? [`${alert} tells ${late} of ${delays.length} after 15 minutes`] : []),
    ];
  });
}
