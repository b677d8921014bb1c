import { Database } from "./database.ts";
import { type Dynamic, planDynamics } from "./dynamics.ts";
import { evaluateMonth, scrapeOf } from "./evaluate.ts";
import type { Episode } from "./firing.ts";
import { evaluateModel } from "./model/model.ts";
import { planMonth } from "./month.ts";
import { type DrawnMonth, drawMonth } from "./receipts.ts";
import { type Rules, readAlertRules } from "./rules.ts";
import { type Purpose, type Score, scoreEpisodes } from "./score.ts";

/** The project's alerts on spikes, and what each is there for. */
export const alertPurposes: Readonly<Record<string, Purpose>> = {
  DlrBlacklistSpike: { kind: "spike", category: "blacklist", late: false },
  DlrBlacklistSpikeLate: { kind: "spike", category: "blacklist", late: true },
  DlrBlacklistSlowBurn: { kind: "slow burn", category: "blacklist", late: false },
  DlrEmptyNumberSpike: { kind: "spike", category: "empty_number", late: false },
  DlrUnknownCodeSpike: { kind: "spike", category: "unknown", late: false },
};

/** The alert that wakes people. */
export const page = "DlrBlacklistSpike";

/** How a month is lived through: what is evaluated, who is told of progress, and what ends it. @returns the episodes */
export type Living = (
  month: DrawnMonth,
  rules: Rules,
  progress: (what: string) => void,
  signal: AbortSignal,
) => Promise<Map<string, Episode[]>>;

/** On a Prometheus of its own, which is gone afterwards. */
export const onPrometheus: Living = async (month, rules, progress, signal) => {
  const database = await Database.create(signal);
  try {
    return await evaluateMonth(database, scrapeOf(month), rules, progress);
  } finally {
    await database.remove();
  }
};

/** By the model, which sees what {@link onPrometheus} sees. */
export const onModel: Living = async (month, rules) => evaluateModel(month, rules, 5);

/**
 * Lives through a synthetic month.
 *
 * @param seed the same seed gives the same month
 * @param days of the month, at least 2
 * @param rules that are evaluated; an alert without a purpose is judged as the page is
 * @param progress is told what has been done
 * @param signal ends it, with an error
 * @param live how
 * @returns the score of each alert
 */
export async function simulateMonth(
  seed: number,
  days: number,
  rules: Rules,
  progress: (what: string) => void,
  signal: AbortSignal,
  live = onPrometheus,
): Promise<Map<string, Score>> {
  const month = drawMonth(planMonth(seed, days));
  const episodes = await live(month, rules, progress, signal);
  return new Map(
    [...episodes].map(([alert, fired]) => [alert, scoreEpisodes(month, fired, purposeOf(alert))]),
  );
}

/** How an alert did on one dynamic of a month. */
export interface DynamicScore extends Pick<Dynamic, "title" | "alert"> {
  /** As if nothing but spikes could be meant: an alert on anything else is told by its episodes. */
  readonly score: Score;
  readonly episodes: number;
  /** Minutes for which it fired. */
  readonly minutes: number;
}

/**
 * Lives through a month of the second kind, as {@link simulateMonth} does.
 *
 * @returns the scores, in the order of the dynamics
 */
export async function simulateDynamics(
  seed: number,
  days: number,
  progress: (what: string) => void,
  signal: AbortSignal,
  live = onPrometheus,
): Promise<DynamicScore[]> {
  const { month: planned, dynamics } = planDynamics(seed, days);
  const month = drawMonth(planned);
  const rules = readAlertRules([...new Set(dynamics.map(({ alert }) => alert))]);
  const episodes = await live(month, rules, progress, signal);
  return dynamics.map(({ title, alert, providers }) =>
    scoreDynamic(month, title, alert, providers, episodes),
  );
}

function scoreDynamic(
  month: DrawnMonth,
  title: string,
  alert: Dynamic["alert"],
  providers: Dynamic["providers"],
  episodes: ReadonlyMap<string, readonly Episode[]>,
): DynamicScore {
  const names = new Set(providers.map(({ name }) => name));
  const incidents = month.incidents.filter(({ provider }) => names.has(provider));
  const fired = (episodes.get(alert) ?? []).filter(({ provider }) => names.has(provider));
  return {
    ...{ title, alert },
    score: scoreEpisodes({ ...month, incidents }, fired, purposeOf(alert)),
    episodes: fired.length,
    minutes: fired.reduce((sum, { start, end }) => sum + end - start, 0),
  };
}

/** An alert without a purpose is judged as the page is. */
function purposeOf(alert: string): Purpose {
  const purpose = alertPurposes[alert] ?? alertPurposes[page];
  if (purpose === undefined) throw new Error("the page has a purpose");
  return purpose;
}
