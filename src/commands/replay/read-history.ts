import { createLogger } from "../../log.ts";
import { forgetState, type Replayed, replay } from "../../replay/replay.ts";
import type { Io } from "../command.ts";
import { logWarnings } from "../problems.ts";
import { carryOut } from "./carry-out.ts";
import type { ReplayJob } from "./job.ts";
import type { ReplayProgress } from "./replay-progress.ts";
import { beginningNotes } from "./words.ts";

/**
 * Replays a log and hands the counts to the sinks; see {@link carryOut}. The state of a part stays, for `replay merge`.
 *
 * @returns the exit code
 */
export function runReplay(job: ReplayJob, io: Io): Promise<number> {
  const { resume, partitions } = job;
  const source = {
    resume,
    obtain: (progress: ReplayProgress, signal: AbortSignal) => readHistory(job, io, progress, signal),
    async delivered({ window }: Replayed, whole: boolean) {
      // A result that was not taken whole may be asked for again, and needs no reading then.
      if (whole && partitions === undefined) await forgetState(resume);
      // A state that was gone on with is of another window than the flags mean by now.
      const same = window.from === job.window.from && window.to === job.window.to;
      if (job.fixed !== undefined && same && !job.quiet)
        io.stderr.write(`To repeat this replay: ${job.fixed}\n`);
    },
  };
  return carryOut(job, source, io);
}

/** Reads what a job asks for and counts it, and says how far that is. */
export function readHistory(
  job: ReplayJob,
  io: Io,
  progress: ReplayProgress,
  signal: AbortSignal,
): Promise<Replayed> {
  const {
    settings,
    window,
    asked,
    timeoutMs,
    workers,
    groupPrefix,
    partitions,
    resume: stateFile,
    map,
    compare,
  } = job;
  const { brokers, clientId, ssl, sasl, topics, logLevel } = settings;
  const utcOffsetMinutes = topics[0]?.shape.utcOffsetMinutes ?? 0;
  // Information on every join and seek is for a service; a command says what went wrong.
  const level = logLevel === "info" ? "warn" : logLevel;
  const log = createLogger(level, io.stderr, io.stderr.isTTY === true);
  logWarnings(job.warnings, log);
  const reading = replay({
    task: { client: { brokers, clientId, ssl, sasl }, topics, window, timeoutMs, groupPrefix },
    asked,
    map: map.data,
    unknownCodes: settings.unknownCodes,
    dimensionValues: settings.dimensionValues,
    partitions,
    compare: compare?.data,
    workers,
    stateFile,
    logLevel: level,
    log,
    signal,
    onBeginning: (beginning) => io.stderr.write(beginningNotes(beginning, { ...job, utcOffsetMinutes })),
    onProgress: (done, total) => progress.show(done, total),
  });
  return progress.during(
    () => (progress.begun ? undefined : { words: "no record read yet", waitsFor: "the brokers" }),
    reading,
  );
}
