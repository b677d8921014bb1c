import type { CodeMap } from "../codes/code-map.ts";
import type { Settings } from "../config/schema.ts";
import { createLogger } from "../log.ts";
import { renderMoves } from "../replay/compare.ts";
import type { ReplayCounts } from "../replay/counts.ts";
import { mergeStates, movesOf } from "../replay/merge.ts";
import { forgetState, type Replayed, replay } from "../replay/replay.ts";
import { loadingNotes } from "../replay/sinks/loading.ts";
import { writeOpenMetrics } from "../replay/sinks/openmetrics.ts";
import { remoteWrite } from "../replay/sinks/remote-write.ts";
import { renderReport } from "../replay/sinks/report.ts";
import { importVictoria } from "../replay/sinks/victoria.ts";
import { fingerprintOf } from "../replay/state-file.ts";
import type { ReplayWindow } from "../replay/window.ts";
import type { Io } from "./command.ts";
import { echoMs, leaveSoon } from "./ending.ts";
import { ReplayProgress } from "./replay-progress.ts";
import type { ReplayArguments } from "./replay-request.ts";
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
  readonly map: LoadedMap;
  readonly compare: LoadedMap | undefined;
  readonly quiet: boolean;
}

/**
 * Replays and hands the counts to the sinks. SIGINT and SIGTERM end it within two seconds, a second one at once.
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
  let stoppedAt = Number.POSITIVE_INFINITY;
  let over = false;
  const end = () => {
    if (over) return;
    if (!stop.signal.aborted) {
      stoppedAt = Date.now();
      stop.abort();
      setTimeout(() => process.exit(stopped()), stopDeadline).unref();
    } else if (Date.now() - stoppedAt > echoMs) {
      process.exit(stopped());
    }
  };
  process.on("SIGINT", end).on("SIGTERM", end);
  try {
    const replayed = await read(job, io, progress, stop.signal);
    progress.end();
    if (!replayed.complete) return stopped();
    reading = false;
    await deliver(job, replayed, io, stop.signal);
    await forgetState(job.resume);
    return 0;
  } catch (error) {
    const { name, message } = error as Error;
    return name === "AbortError" ? stopped() : fail(message);
  } finally {
    // The signal's echo may still come, and changes nothing any more.
    over = true;
    leaveSoon();
  }
}

function read(job: ReplayJob, io: Io, progress: ReplayProgress, signal: AbortSignal): Promise<Replayed> {
  const { settings, window, asked, timeoutMs, workers, groupPrefix, resume: stateFile, map, compare } = job;
  const { brokers, clientId, ssl, sasl, topics, logLevel } = settings;
  // Information on every join and seek is for a service; a command says what went wrong.
  const level = logLevel === "info" ? "warn" : logLevel;
  return replay({
    task: { client: { brokers, clientId, ssl, sasl }, topics, window, timeoutMs },
    asked,
    map: { file: map.file, text: map.text },
    compare: compare === undefined ? undefined : { file: compare.file, text: compare.text },
    workers,
    groupPrefix,
    stateFile,
    logLevel: level,
    log: createLogger(level, io.stderr, io.stderr.isTTY === true),
    signal,
    onProgress: (done, total) => progress.show(done, total),
  });
}

async function deliver(
  job: ReplayJob,
  { states, window }: Replayed,
  io: Io,
  signal: AbortSignal,
): Promise<void> {
  const { settings, sinks, map, quiet, timeoutMs } = job;
  const counts: ReplayCounts = mergeStates(states, {
    window,
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
    const target = file === undefined ? { stream: io.stdout } : { file };
    const written = await writeOpenMetrics(counts, target, labels, signal);
    hint(loadingNotes(counts, as, written, file, Date.now()));
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
}

/** The same for the same replay, so that doing it twice makes no second series. */
function instanceOf({ settings, map }: ReplayJob, window: ReplayWindow): string {
  const topics = settings.topics.map(({ topic }) => topic);
  return `replay-${fingerprintOf([topics, window.from, window.to, window.by, map.map.hash]).slice(0, 10)}`;
}
