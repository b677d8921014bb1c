import { createLogger } from "../log.ts";
import { unreadOf } from "../replay/merge.ts";
import { forgetState, type Replayed, replay } from "../replay/replay.ts";
import type { Io } from "./command.ts";
import { exitNow, listenForStop } from "./ending.ts";
import { logWarnings } from "./problems.ts";
import type { ReplayJob } from "./replay-job.ts";
import { ReplayProgress } from "./replay-progress.ts";
import { deliver, tryTargets } from "./replay-targets.ts";
import { beginningNotes, doubtsOf } from "./replay-words.ts";

/** After so many ms a replay that was told to stop is left where it is. */
const stopDeadline = 1_800;

/**
 * Replays and hands the counts to the sinks. SIGINT and SIGTERM end it within two seconds, a second one at once. A
 * reader of standard output that has seen enough is no failure, and keeps nothing from the other sinks.
 *
 * @returns 0 when every sink has everything; 1, with one sentence on stderr, when it failed or was stopped
 */
export async function runReplay(job: ReplayJob, io: Io): Promise<number> {
  const progress = new ReplayProgress(io.stderr, job.quiet, job.timeoutMs);
  let phase: Phase = "trying";
  const fail = (sentence: string): 1 => {
    progress.end();
    io.stderr.write(`dlr-exporter: ${sentence}\n`);
    return 1;
  };
  const stopped = (): 1 => {
    const writing = phase === "writing";
    const none = writing ? "give the same command again to begin anew" : "nothing was written";
    const goOn = job.resume === undefined ? none : "give the same command again to go on";
    return fail(`stopped ${writing ? "while writing" : progress.summary}; ${goOn}`);
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
    await progress.during(
      () => ({ words: "nothing is read yet", waitsFor: "what it is to write to" }),
      tryTargets(job, stop.signal),
    );
    phase = "reading";
    const replayed = await read(job, io, progress, stop.signal);
    progress.end();
    if (!replayed.complete) return stopped();
    phase = "writing";
    // A result that was not taken whole may be asked for again, and needs no reading then.
    if (await deliver(job, replayed, io, progress, stop.signal)) await forgetState(job.resume);
    const doubts = doubtsOf(unreadOf(replayed));
    if (doubts !== undefined) return fail(doubts);
    const { window } = replayed;
    // A state that was gone on with is of another window than the flags mean by now.
    const same = window.from === job.window.from && window.to === job.window.to;
    if (job.fixed !== undefined && same && !job.quiet) io.stderr.write(`The same again: ${job.fixed}\n`);
    return 0;
  } catch (error) {
    const failure = error as Error;
    const toldTo = failure.name === "AbortError" || (phase !== "writing" && stop.signal.aborted);
    return toldTo ? stopped() : fail(inWords(failure, phase, progress.begun, job));
  } finally {
    leaveSoon();
  }
}

/** What a replay does: tries its targets, reads, writes. */
type Phase = "trying" | "reading" | "writing";

/** A failure, and what to do about it: how long was waited, and whether reading again can be spared. */
function inWords(error: Error, phase: Phase, begun: boolean, { resume }: ReplayJob): string {
  const { message } = error;
  const impatient = isImpatience(error);
  if (phase === "trying" || (phase === "reading" && !impatient)) return message;
  const parts = impatient ? ["--timeout says how long to wait"] : [];
  if (begun && resume !== undefined) parts.push("give the same command again to go on");
  else if (begun) parts.push("with --resume FILE what was read would be kept");
  return `${message}${message.endsWith("?") ? "" : ";"} ${parts.join("; ")}`;
}

/** Whether it failed because something did not come in time. */
function isImpatience(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return /^(?:SilenceError|GivenUpError|TimeoutError)$/.test(error.name) || isImpatience(error.cause);
}

function read(job: ReplayJob, io: Io, progress: ReplayProgress, signal: AbortSignal): Promise<Replayed> {
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
    map: { file: map.file, text: map.text },
    unknownCodes: settings.unknownCodes,
    partitions,
    compare: compare === undefined ? undefined : { file: compare.file, text: compare.text },
    workers,
    stateFile,
    logLevel: level,
    log,
    signal,
    onBeginning: (beginning) => io.stderr.write(beginningNotes(beginning, { ...job, utcOffsetMinutes })),
    onProgress: (done, total) => progress.show(done, total),
  });
  return progress.during(
    () => (progress.begun ? undefined : { words: "no record is read yet", waitsFor: "the brokers" }),
    reading,
  );
}
