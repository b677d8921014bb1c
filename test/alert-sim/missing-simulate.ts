import { table } from "../../src/table.ts";
import { Database } from "./database.ts";
import { evaluateMonth } from "./evaluate.ts";
import type { Episode } from "./firing.ts";
import { missingExposition } from "./missing-exposition.ts";
import {
  type DrawnMissing,
  drawMissing,
  lost,
  type MissingKind,
  type MissingMonth,
  planMissing,
} from "./missing.ts";
import { readAlertRules } from "./rules.ts";

const alert = "DlrReceiptsMissing";

/** Receipts that must be lost in an incident's first hour: half of fewer may be chance. */
const enough = 40;

/** Minutes after a loss in which a window still holds some of it. */
const grace = 4 * 60;

/** What became of the events of one kind. */
export interface MissingScore {
  readonly kind: MissingKind | "nothing";
  /** How many there were; of losses, those that were large enough. */
  readonly events: number;
  /** Minutes from the start of each during which a ticket came until it did. */
  readonly delays: readonly number[];
}

/**
 * Lives through a month of requests and receipts on a Prometheus of its own.
 *
 * @param planned it, by `planMissing`
 * @param progress is told what has been done
 * @param signal ends it, with an error
 * @returns a score of each kind of event; of `nothing`, the tickets that came where nothing was the matter
 */
export async function simulateMissing(
  planned: MissingMonth,
  progress: (what: string) => void,
  signal: AbortSignal,
): Promise<MissingScore[]> {
  const month = drawMissing(planned);
  // rules read rules here, seven deep: with five minutes for each, a channel would live on for half an hour
  const database = await Database.create(signal, "1m");
  try {
    const names = new Set(month.channels.map(({ name }) => name));
    const scraped = {
      minutes: month.minutes,
      texts: missingExposition(month),
      subjectOf: ({ provider = "" }: Readonly<Record<string, string>>) =>
        names.has(provider) ? provider : undefined,
    };
    const episodes = await evaluateMonth(database, scraped, readAlertRules([alert]), progress);
    return scoreMissing(month, episodes.get(alert) ?? []);
  } finally {
    await database.remove();
  }
}

/** Judges tickets against what happened. @param episodes in any order */
export function scoreMissing(month: DrawnMissing, episodes: readonly Episode[]): MissingScore[] {
  const byKind = Map.groupBy(month.events, ({ kind }) => kind);
  const startingIn = (event: DrawnMissing["events"][number], more: number) =>
    episodes
      .filter(
        ({ provider, start }) =>
          provider === event.channel && event.start <= start && start < event.end + more,
      )
      .sort((one, other) => one.start - other.start);
  const scores = [...byKind].map(([kind, all]) => {
    const loses = lost[kind] !== undefined;
    const events = loses ? all.filter(({ lostAtOnce }) => lostAtOnce >= enough) : all;
    const delays = events.flatMap((event) => {
      const [first] = startingIn(event, loses ? 0 : grace);
      return first === undefined ? [] : [first.start - event.start];
    });
    return { kind, events: events.length, delays };
  });
  const explained = new Set(month.events.flatMap((event) => startingIn(event, grace)));
  const unexplained = episodes.filter((episode) => !explained.has(episode));
  return [...scores, { kind: "nothing", events: 0, delays: unexplained.map(() => 0) }];
}

/** What the rule must reach. @returns a sentence for each bar that is broken */
export function brokenMissingBars(months: readonly (readonly MissingScore[])[]): string[] {
  const of = (kind: MissingScore["kind"]) => months.flat().filter((score) => score.kind === kind);
  const delays = (kind: MissingScore["kind"]) => of(kind).flatMap((score) => score.delays);
  const events = (kind: MissingScore["kind"]) => of(kind).reduce((sum, score) => sum + score.events, 0);
  const half = delays("half");
  const soon = half.filter((delay) => delay <= 60).length;
  const found = `${half.length} of ${events("half")} losses of half the receipts are found`;
  const quiet = ["bulk", "answers stuck", "receipts stuck"] as const;
  return [
    ...(half.length < events("half") ? [found] : []),
    ...(4 * soon < 3 * events("half") ? [`${soon} of them within an hour, fewer than three of four`] : []),
    ...quiet.flatMap((kind) =>
      delays(kind).length > 0 ? [`${delays(kind).length} tickets of ${kind}`] : [],
    ),
    ...(delays("nothing").length > months.length
      ? [`${delays("nothing").length} false tickets in ${months.length} months`]
      : []),
  ];
}

/**
 * Lives through months, one after the other, and tells of them.
 *
 * @param seeds of the months @param days of each, at least 3
 * @param tell is told how far it is
 * @param signal ends it, with an error
 * @returns a table, and a sentence for each bar that is broken
 */
export async function reportMissing(
  seeds: readonly number[],
  days: number,
  tell: (what: string) => void,
  signal: AbortSignal,
): Promise<{ table: string; broken: string[] }> {
  const months: MissingScore[][] = [];
  for (const seed of seeds) {
    months.push(
      await simulateMissing(
        planMissing(seed, days),
        (what) => tell(`month ${seed}, missing: ${what}`),
        signal,
      ),
    );
  }
  const rows = [...Map.groupBy(months.flat(), ({ kind }) => kind)].map(([kind, scores]) => {
    const delays = scores.flatMap((score) => score.delays).sort((one, other) => one - other);
    const at = (share: number) => delays[Math.ceil(share * delays.length) - 1] ?? "";
    const events = scores.reduce((sum, score) => sum + score.events, 0);
    return [kind, events, delays.length, delays.filter((delay) => delay <= 60).length, at(0.5), at(0.9)];
  });
  return {
    table: table([["what happens", "events", "tickets", "within an hour", "p50 min", "p90 min"], ...rows]),
    broken: brokenMissingBars(months),
  };
}
