import type { TargetSettings } from "../../config/schema.ts";
import { movesText } from "../../replay/compare.ts";
import type { ReplayCounts } from "../../replay/counts.ts";
import { mergeStates, movesOf } from "../../replay/merge.ts";
import { tryFile } from "../../replay/replace-file.ts";
import type { Replayed } from "../../replay/replay.ts";
import { renderReport } from "../../replay/report/render.ts";
import { type Endpoint, endpointOf } from "../../replay/sinks/endpoint.ts";
import { loadingNotes } from "../../replay/sinks/loading.ts";
import { writeOpenMetrics } from "../../replay/sinks/openmetrics.ts";
import { remoteWrite, tryRemoteWrite } from "../../replay/sinks/remote-write.ts";
import { importVictoria, tryVictoria } from "../../replay/sinks/victoria.ts";
import { grouped } from "../../replay/spans.ts";
import { fingerprintOf } from "../../replay/state-file.ts";
import type { ReplayWindow } from "../../replay/window.ts";
import type { Io } from "../command.ts";
import { version } from "../version.ts";
import type { Delivery } from "./job.ts";
import type { Doing, ReplayProgress } from "./replay-progress.ts";

/** How long a server is tried before reading, in ms: enough for a restart, and short enough to show a typo at once. */
const tryMs = 10_000;

/**
 * Checks that every target can be written, without writing: otherwise a wrong login, a read-only folder or a disabled
 * receiver would only show after the reading.
 *
 * @param resume the state file; undefined without one
 * @throws FileError or SinkError for the first target that fails
 */
export async function tryTargets(
  { sinks, timeoutMs, targetNow }: Delivery,
  resume: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { openmetrics, remoteWrite, victoria } = sinks;
  for (const file of [openmetrics, resume]) if (file !== undefined && file !== "-") await tryFile(file);
  const trying = { timeoutMs: Math.min(timeoutMs, tryMs), signal };
  if (remoteWrite !== undefined)
    await tryRemoteWrite({ ...trying, endpoint: endpointAt(remoteWrite, targetNow()) });
  if (victoria !== undefined) await tryVictoria({ ...trying, endpoint: endpointAt(victoria, targetNow()) });
}

function endpointAt(address: string, target: TargetSettings): Endpoint {
  return endpointOf(address, version, target);
}

/**
 * Passes a replay's counts to all its sinks.
 *
 * @returns whether everything was taken, also by the reader of standard output
 * @throws FileError or SinkError, and an AbortError or a SinkError after the signal
 */
export async function fillSinks(
  job: Delivery,
  { states, window, takenAt }: Replayed,
  io: Io,
  progress: ReplayProgress,
  signal: AbortSignal,
): Promise<boolean> {
  const { settings, sinks, map, quiet } = job;
  const counts: ReplayCounts = mergeStates(states, {
    window,
    takenAt,
    isListed: ({ topic, provider, scope, code }) => {
      const { fallback = [] } = settings.topics.find((own) => own.topic === topic) ?? {};
      return map.lookupAmong([provider, ...fallback], scope, code) !== undefined;
    },
    unknownCodes: settings.unknownCodes,
    dimensions: [
      ...new Set(settings.topics.flatMap(({ shape }) => shape.dimensions.map(({ name }) => name))),
    ],
    dimensionValues: settings.dimensionValues,
    looksForDuplicates: settings.topics.some(({ shape }) => shape.duplicates !== undefined),
  });
  const utcOffsetMinutes = settings.topics[0]?.shape.utcOffsetMinutes ?? 0;
  const hint = (text: string) => {
    if (!quiet) io.stderr.write(text);
  };
  const { as, job: label } = sinks;
  const instance = sinks.instance ?? instanceOf(job, window);
  const labels = { as, job: label, instance };

  const moves = job.compared ? movesOf(states) : undefined;
  if (sinks.report !== undefined) {
    io.stdout.write(renderReport(counts, sinks.report, utcOffsetMinutes, moves));
  } else if (moves !== undefined) {
    io.stdout.write(movesText(moves));
  }
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
  const sending = { ...labels, now: Date.now() };
  if (sinks.remoteWrite !== undefined) {
    const told = new Sending(sinks.remoteWrite, job, signal);
    const onTaken = (samples: number) => told.taken(samples);
    const work = remoteWrite(counts, { ...sending, ...told.target, onTaken });
    const { samples, batches, clamped, retried } = await progress.during(() => told.doing, work);
    const future = clamped > 0 ? `, ${clamped} of them in the future and moved to now` : "";
    const again = retried > 0 ? `, ${retried} sent again` : "";
    hint(`Sent ${samples} samples in ${batches} requests${again}${future}.\n`);
  }
  if (sinks.victoria !== undefined) {
    const told = new Sending(sinks.victoria, job, signal);
    const work = importVictoria(counts, { ...sending, ...told.target });
    const { samples, series } = await progress.during(() => told.doing, work);
    hint(`VictoriaMetrics holds all ${samples} samples of ${series} series.\n`);
  }
  // Last, since a pager may block it for as long as someone reads.
  return unlessAborted(io.stdout.flushed(), signal);
}

/** The progress of sending to a server. */
class Sending {
  /** The server, and how long to retry. */
  readonly target: {
    readonly endpoint: Endpoint;
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
    onWait(reason: string): void;
  };
  #taken: number | undefined;
  #trouble: string | undefined;

  constructor(address: string, { targetNow, timeoutMs }: Delivery, signal: AbortSignal) {
    const onWait = (reason: string) => {
      this.#trouble = reason;
    };
    this.target = { endpoint: endpointAt(address, targetNow()), timeoutMs, signal, onWait };
  }

  taken(samples: number): void {
    this.#taken = samples;
    this.#trouble = undefined;
  }

  get doing(): Doing {
    const { shown } = this.target.endpoint;
    const taken = this.#taken === undefined ? "" : `, ${grouped(this.#taken)} samples accepted`;
    if (this.#trouble === undefined) return { words: `sending to ${shown}${taken}`, waitsFor: undefined };
    return { words: `sending to ${shown}${taken}; ${this.#trouble}`, waitsFor: "it" };
  }
}

/**
 * Prints until done, or until the output is lost, which is not a failure.
 *
 * @returns the result of `print`; undefined when it was lost
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

/** Waits for something that can't be cancelled. @throws the signal's reason when it aborts first */
function unlessAborted<T>(waited: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    waited.then(resolve, reject);
    const abort = () => reject(signal.reason);
    // If it has finished by now, an earlier abort does not matter.
    if (signal.aborted) setImmediate(abort);
    else signal.addEventListener("abort", abort, { once: true });
  });
}

/** The same for the same replay, so that repeating it adds no second series. */
function instanceOf({ settings, map }: Delivery, window: ReplayWindow): string {
  const topics = settings.topics.map(({ topic }) => topic);
  return `replay-${fingerprintOf([topics, window.from, window.to, window.by, map.hash]).slice(0, 10)}`;
}
