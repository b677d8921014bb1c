import type { CodeMap } from "../codes/code-map.ts";
import type { Settings } from "../config/schema.ts";
import type { Problem } from "../diagnostics.ts";
import { createLogger } from "../log.ts";
import { renderMoves } from "../replay/compare.ts";
import type { ReplayCounts } from "../replay/counts.ts";
import { mergeStates, movesOf, unreadOf } from "../replay/merge.ts";
import { forgetState, type Replayed, replay } from "../replay/replay.ts";
import { loadingNotes } from "../replay/sinks/loading.ts";
import { writeOpenMetrics } from "../replay/sinks/openmetrics.ts";
import { remoteWrite } from "../replay/sinks/remote-write.ts";
import { renderReport } from "../replay/sinks/report.ts";
import { importVictoria } from "../replay/sinks/victoria.ts";
import { fingerprintOf } from "../replay/state-file.ts";
import type { ReplayWindow } from "../replay/window.ts";
import type { Io } from "./command.ts";
import { exitNow, listenForStop } from "./ending.ts";
import { logWarnings } from "./problems.ts";
import { ReplayProgress } from "./replay-progress.ts";
import type { ReplayArguments } from "./replay-request.ts";
import { beginningNotes, doubtsOf } from "./replay-words.ts";
import { version } from "./version.ts";

/** After so many ms a replay that was told to stop is left where it is. */
const stopDeadline = 1_800;

export interface LoadedMap {
  readonly file: string;
  readonly text: string;
  readonly map: CodeMap;
}

export interface ReplayJob extends Omit<ReplayArguments, "compare"> {
  readonly settings: Settings;
  readonly warnings: readonly Problem[];
  readonly map: LoadedMap;
  readonly compare: LoadedMap | undefined;
  readonly quiet: boolean;
  /** The command that replays the same whenever it is given; undefined when this one does. */
  readonly fixed: string | undefined;
}

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
    const replayed = await read(job, io, progress, stop.signal);
    progress.end();
    if (!replayed.complete) return stopped();
    reading = false;
    // A result that was not taken whole may be asked for again, and needs no reading then.
    if (await deliver(job, replayed, io, stop.signal)) await forgetState(job.resume);
    const doubts = doubtsOf(unreadOf(replayed));
    if (doubts !== undefined) return fail(doubts);
    const { window } = replayed;
    // A state that was gone on with is of another window than the flags mean by now.
    const same = window.from === job.window.from && window.to === job.window.to;
    if (job.fixed !== undefined && same && !job.quiet) io.stderr.write(`The same again: ${job.fixed}\n`);
    return 0;
  } catch (error) {
    const { name, message } = error as Error;
    return name === "AbortError" ? stopped() : fail(message);
  } finally {
    leaveSoon();
  }
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
  return replay({
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
}

/** @returns whether all of it was taken, by a reader of standard output too */
async function deliver(
  job: ReplayJob,
  { states, window, takenAt }: Replayed,
  io: Io,
  signal: AbortSignal,
): Promise<boolean> {
  const { settings, sinks, map, quiet, timeoutMs } = job;
  const counts: ReplayCounts = mergeStates(states, {
    window,
    takenAt,
    isListed: ({ provider, scope, code }) => map.map.lookup(provider, scope, code) !== undefined,
    unknownCodes: settings.unknownCodes,
  });
  const utcOffsetMinutes = settings.topics[0]?.shape.utcOffsetMinutes ?? 0;
  const hint = (text: string) => {
    if (!quiet) io.stderr.write(text);
  };
  const { as, job: label } = sinks;
  const instance = sinks.instance ?? instanceOf(job, window);
  const labels = { as, job: label, instance };

  if (sinks.report !== undefined) io.stdout.write(renderReport(counts, sinks.report, utcOffsetMinutes));
  if (job.compare !== undefined) io.stdout.write(renderMoves(movesOf(states), sinks.report ?? "table"));
  if (sinks.openmetrics !== undefined) {
    const file = sinks.openmetrics === "-" ? undefined : sinks.openmetrics;
    const written =
      file === undefined
        ? await unlessLost(io.stdout.lost, signal, (either) =>
            writeOpenMetrics(counts, { stream: io.stdout }, labels, either),
          )
        : await writeOpenMetrics(counts, { file }, labels, signal);
    if (written !== undefined) hint(loadingNotes(counts, as, written, file, Date.now()));
  }
  const server = { ...labels, version, now: Date.now(), timeoutMs, signal };
  if (sinks.remoteWrite !== undefined) {
    const { samples, batches, clamped, retried } = await remoteWrite(counts, {
      ...server,
      url: sinks.remoteWrite,
    });
    const future = clamped > 0 ? `, ${clamped} of them from the future and moved to now` : "";
    const again = retried > 0 ? `, ${retried} sent again` : "";
    hint(`Sent ${samples} samples in ${batches} requests${again}${future}.\n`);
  }
  if (sinks.victoria !== undefined) {
    const { samples, series } = await importVictoria(counts, { ...server, url: sinks.victoria });
    hint(`VictoriaMetrics holds all ${samples} samples of ${series} series.\n`);
  }
  // Last, for a pager may hold it up for as long as somebody reads.
  return unlessAborted(io.stdout.flushed(), signal);
}

/**
 * Prints until it is done or what it prints is lost, which is no failure.
 *
 * @returns what `print` gives; undefined when it was lost
 */
async function unlessLost<T>(
  lost: AbortSignal,
  signal: AbortSignal,
  print: (either: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await print(AbortSignal.any([signal, lost]));
  } catch (error) {
    if (signal.aborted || !lost.aborted) throw error;
    return undefined;
  }
}

/** Waits for something that can't be called off. @throws the signal's reason when it aborts before */
function unlessAborted<T>(waited: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    waited.then(resolve, reject);
    const abort = () => reject(signal.reason);
    // What is done by now is not spoilt by an abort that came before.
    if (signal.aborted) setImmediate(abort);
    else signal.addEventListener("abort", abort, { once: true });
  });
}

/** The same for the same replay, so that doing it twice makes no second series. */
function instanceOf({ settings, map }: ReplayJob, window: ReplayWindow): string {
  const topics = settings.topics.map(({ topic }) => topic);
  return `replay-${fingerprintOf([topics, window.from, window.to, window.by, map.map.hash]).slice(0, 10)}`;
}
