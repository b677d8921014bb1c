import { Database } from "./database.ts";
import { evaluateMonth } from "./evaluate.ts";
import { planMonth } from "./month.ts";
import { drawMonth } from "./receipts.ts";
import type { Rules } from "./rules.ts";
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

/**
 * Lives through a synthetic month on a Prometheus of its own, which is gone afterwards.
 *
 * @param seed the same seed gives the same month
 * @param days of the month, at least 2
 * @param rules that are evaluated; an alert without a purpose is judged as the page is
 * @param progress is told what has been done
 * @param signal ends it, with an error
 * @returns the score of each alert
 */
export async function simulateMonth(
  seed: number,
  days: number,
  rules: Rules,
  progress: (what: string) => void,
  signal: AbortSignal,
): Promise<Map<string, Score>> {
  const month = drawMonth(planMonth(seed, days));
  const database = await Database.create(signal);
  try {
    const episodes = await evaluateMonth(database, month, rules, progress);
    return new Map(
      [...episodes].map(([alert, fired]) => {
        const purpose = alertPurposes[alert] ?? alertPurposes[page];
        if (purpose === undefined) throw new Error("the page has a purpose");
        return [alert, scoreEpisodes(month, fired, purpose)];
      }),
    );
  } finally {
    await database.remove();
  }
}
