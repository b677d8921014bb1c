import type { Database } from "./database.ts";
import { channelOf, exposition, monthStart, topicOf } from "./exposition.ts";
import { type Episode, firingSpans } from "./firing.ts";
import type { Provider } from "./month.ts";
import type { DrawnMonth } from "./receipts.ts";
import type { Alert, Recording, Rules } from "./rules.ts";

/** What was scraped, and what alerts on it are about. */
export interface Scraped {
  readonly minutes: number;
  /** OpenMetrics lines, each series in order of time. */
  readonly texts: Iterable<string>;
  /** Whom an alert's series is about; undefined for nobody that there is. */
  subjectOf(labels: Readonly<Record<string, string>>): string | undefined;
}

/** What was scraped in a month: its alerts are about a provider, or its topic. */
export function scrapeOf(month: DrawnMonth): Scraped {
  return { minutes: month.minutes, texts: exposition(month), subjectOf: subjectsOf(month.providers) };
}

/** @returns the name of whom a series is about: of its topic, or of its provider and channel */
export function subjectsOf(providers: readonly Provider[]): Scraped["subjectOf"] {
  return ({ topic, provider, channel }) =>
    providers.find((one) => {
      const own = channelOf(one);
      if (provider === undefined) return topic === topicOf(one);
      return own.provider === provider && own.channel === channel;
    })?.name;
}

/**
 * Loads what was scraped into a database, records the rules level by level, each minute, and lets the alerts fire.
 *
 * @param progress is told what has been done, now and then
 * @returns the episodes of each alert
 */
export async function evaluateMonth(
  database: Database,
  month: Scraped,
  { levels, alerts }: Rules,
  progress: (what: string) => void,
): Promise<Map<string, Episode[]>> {
  await database.load(month.texts);
  progress("scraped");
  for (const [index, level] of levels.entries()) {
    await database.load(recordings(database, month, level));
    progress(`level ${index + 1} of ${levels.length} recorded`);
  }
  const episodes = new Map<string, Episode[]>();
  for (const alert of alerts) episodes.set(alert.alert, await episodesOf(database, month, alert));
  return episodes;
}

/** What a level's rules record, as samples in OpenMetrics text. */
async function* recordings(
  database: Database,
  month: Scraped,
  level: readonly Recording[],
): AsyncGenerator<string> {
  for (const { record, expr, labels } of level) {
    for await (const stretch of database.evaluate(expr, monthStart, monthStart + month.minutes * 60)) {
      const head = `${record}{${labelText({ ...stretch.labels, ...labels })}}`;
      yield stretch.samples.map(([at, value]) => `${head} ${value} ${at}\n`).join("");
    }
  }
}

function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(",");
}

async function episodesOf(database: Database, month: Scraped, alert: Alert): Promise<Episode[]> {
  const holds = new Map<string, Uint8Array>();
  for await (const { labels, samples } of database.evaluate(
    alert.expr,
    monthStart,
    monthStart + month.minutes * 60,
  )) {
    const subject = month.subjectOf(labels);
    if (subject === undefined) throw new Error(`${alert.alert} says nothing of a provider or its topic`);
    const minutes = holds.get(subject) ?? new Uint8Array(month.minutes + 1);
    holds.set(subject, minutes);
    for (const [at] of samples) minutes[(at - monthStart) / 60] = 1;
  }
  return [...holds].flatMap(([provider, minutes]) =>
    firingSpans(minutes, alert).map((span) => ({ ...span, provider })),
  );
}
