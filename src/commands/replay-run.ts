import { createLogger } from "../log.ts";
import { forgetState, type Replayed, replay } from "../replay/replay.ts";
import type { Io } from "./command.ts";
import { exitNow, listenForStop } from "./ending.ts";
import { logWarnings } from "./problems.ts";
import type { ReplayJob } from "./replay-job.ts";
import { ReplayProgress } from "./replay-progress.ts";
import { deliver, tryTargets } from "./replay-targets.ts";

/** After so many ms a replay that was told to stop is left where it is. */
const stopDeadline = 1_800;

/**
 * Replays and hands the counts to the sinks. SIGINT and SIGTERM end it within two seconds, a second one at once. A
 * reader of standard output that has seen enough is no failure, and keeps nothing from the other sinks.
 *
 * @returns 0 when every sink has everything; 1, with one sentence on stderr, when it failed or was stopped
 */
export async function runReplay(job: ReplayJob, io: Io): Promise<number> {
  const progress = new ReplayProgress(io.stderr, job.quiet);
  let reading = true;
  const fail = (sentence: string): 1 => {
    progress.end();
    io.stderr.write(`dlr-exporter: ${sentence}\n`);
    return 1;
  };
  const stopped = (): 1 => {
    const none = reading ? "nothing was written" : "give the same command again to begin anew";
    const goOn = job.resume === undefined ? none : "give the same command again to go on";
    return fail(`stopped ${reading ? progress.summary : "while writing"}; ${goOn}`);
  };
  const stop = new AbortController();
  const leaveSoon = listenForStop({
    first() {
      stop.abort();
      setTimeout(() => exitNow(stopped()), stopDeadline).unref();
    },
    again: stopped,
  });
  try {
    // What can't be written is said now, not after hours of reading.
    await tryTargets(job, stop.signal);
    const replayed = await read(job, io, progress, stop.signal);
    progress.end();
    if (!replayed.complete) return stopped();
    reading = false;
    // A result that was not taken whole may be asked for again, and needs no reading then.
    if (await deliver(job, replayed, io, stop.signal)) await forgetState(job.resume);
    return 0;
  } catch (error) {
    const { name, message } = error as Error;
    return name === "AbortError" || (reading && stop.signal.aborted) ? stopped() : fail(message);
  } finally {
    leaveSoon();
  }
}

function read(job: ReplayJob, io: Io, progress: ReplayProgress, signal: AbortSignal): Promise<Replayed> {
  const { settings, window, asked, timeoutMs, workers, groupPrefix, resume: stateFile, map, compare } = job;
  const { brokers, clientId, ssl, sasl, topics, logLevel } = settings;
  // Information on every join and seek is for a service; a command says what went wrong.
  const level = logLevel === "info" ? "warn" : logLevel;
  const log = createLogger(level, io.stderr, io.stderr.isTTY === true);
  logWarnings(job.warnings, log);
  return replay({
    task: { client: { brokers, clientId, ssl, sasl }, topics, window, timeoutMs },
    asked,
    map: { file: map.file, text: map.text },
    compare: compare === undefined ? undefined : { file: compare.file, text: compare.text },
    workers,
    groupPrefix,
    stateFile,
    logLevel: level,
    log,
    signal,
    onProgress: (done, total) => progress.show(done, total),
  });
}
