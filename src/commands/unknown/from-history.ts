import type { Settings } from "../../config/schema.ts";
import { mergeStates } from "../../replay/merge.ts";
import type { Replayed } from "../../replay/replay.ts";
import type { Judging } from "../classify/judging.ts";
import type { Io } from "../command.ts";
import { requireNames } from "../named-topics.ts";
import { carryOut } from "../replay/carry-out.ts";
import type { ReplayJob } from "../replay/job.ts";
import { readHistory } from "../replay/read-history.ts";
import type { ReplayArguments, Sinks } from "../replay/request.ts";
import { type Counted, totalKey } from "./occurrences.ts";
import { mostUnknown } from "./request.ts";

/** A replay without sinks. */
const noSinks: Sinks = {
  ...{ report: undefined, openmetrics: undefined, remoteWrite: undefined, victoria: undefined },
  ...{ as: "counter" as const, job: "", instance: undefined },
};

/**
 * Counts a stretch of the topics' logs as `replay` does.
 *
 * @param told is given the counts, and returns the exit code; from then on signals no longer abort it
 * @returns the exit code: that of `told`, or 1, with one sentence on stderr, when reading failed or was stopped
 */
export async function countHistory(
  asked: ReplayArguments,
  { settings, map, warnings }: Judging,
  told: (counted: Counted) => Promise<number>,
  io: Io,
): Promise<number> {
  requireNames(settings);
  const own: Settings = { ...settings, unknownCodes: mostUnknown };
  const job: ReplayJob = {
    ...asked,
    ...{ settings: own, map, warnings, compare: undefined, compared: false, quiet: false, fixed: undefined },
    sinks: noSinks,
    targetNow: () => settings.target,
  };
  let code = 0;
  const source = {
    resume: undefined,
    obtain: (progress: Parameters<typeof readHistory>[2], signal: AbortSignal) =>
      readHistory(job, io, progress, signal),
    delivered: async (replayed: Replayed) => {
      code = await told(countedOf(replayed, job));
    },
  };
  return (await carryOut(job, source, io)) || code;
}

function countedOf({ states, window, takenAt }: Replayed, { settings, map }: ReplayJob): Counted {
  const { series } = mergeStates(states, {
    ...{ window, takenAt, unknownCodes: settings.unknownCodes },
    ...{ dimensions: [], dimensionValues: settings.dimensionValues },
    isListed: ({ provider, scope, code }) => map.lookup(provider, scope, code) !== undefined,
  });
  const totals = new Map<string, number>();
  for (const { labels, total } of series) {
    totals.set(totalKey(labels), (totals.get(totalKey(labels)) ?? 0) + total);
  }
  const at = (step: number | undefined) =>
    step === undefined ? undefined : window.from + step * window.step;
  const unknown = series
    .filter(({ labels }) => labels.category === "unknown")
    .map(({ labels: { provider, channel, scope, code, outcome }, steps, total: count }) => {
      const times = { firstAt: at(steps[0]), lastAt: at(steps.at(-1)) };
      return { provider, channel, scope, code, outcome, count, ...times };
    });
  return { unknown, totals, stepMs: window.step };
}
