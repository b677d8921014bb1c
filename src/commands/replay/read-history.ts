import { createLogger } from "../../log.ts";
import { forgetState, type Replayed, replay } from "../../replay/replay.ts";
import type { Io } from "../command.ts";
import { logWarnings } from "../problems.ts";
import { carryOut } from "./carry-out.ts";
import type { ReplayJob } from "./job.ts";
import type { ReplayProgress } from "./replay-progress.ts";
import { beginningNotes } from "./words.ts";

/**
 * Replays a log and passes the counts to the sinks; see {@link carryOut}. The state of a partial replay is kept, for
 * `replay merge`.
 *
 * @returns the exit code
 */
export function runReplay(job: ReplayJob, io: Io): Promise<number> {
  const { resume, partitions } = job;
  const source = {
    resume,
    obtain: (progress: ReplayProgress, signal: AbortSignal) => readHistory(job, io, progress, signal),
    async delivered({ window }: Replayed, whole: boolean) {
      // If a sink failed, the replay may be repeated, and need not read again then.
      if (whole && partitions === undefined) await forgetState(resume);
      // The window of a resumed state may differ from what the flags mean now.
      const same = window.from === job.window.from && window.to === job.window.to;
      if (job.fixed !== undefined && same && !job.quiet)
        io.stderr.write(`To repeat this replay: ${job.fixed}\n`);
    },
  };
  return carryOut(job, source, io);
}

/** Reads and counts what a job asks for, and reports progress. */
export function readHistory(
  job: ReplayJob,
  io: Io,
  progress: ReplayProgress,
  signal: AbortSignal,
): Promise<Replayed> {
  const { settings, window, asked, timeoutMs, workers, partitions, resume: stateFile, map, compare } = job;
  const { brokers, clientId, ssl, sasl, topics, logLevel } = settings;
  const utcOffsetMinutes = topics[0]?.shape.utcOffsetMinutes ?? 0;
  // Info about every join and rebalance is for a service; a command only reports problems.
  const level = logLevel === "info" ? "warn" : logLevel;
  const log = createLogger(level, io.stderr, io.stderr.isTTY === true);
  logWarnings(job.warnings, log);
  const reading = replay({
    task: { client: { brokers, clientId, ssl, sasl }, topics, window, timeoutMs },
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
