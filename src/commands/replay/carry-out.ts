import { codeOf } from "../../kafka/failure.ts";
import { unreadOf } from "../../replay/merge.ts";
import type { Replayed } from "../../replay/replay.ts";
import { GivenUpError } from "../../replay/sinks/delivery.ts";
import { isTimeout } from "../../replay/sinks/endpoint.ts";
import type { Io } from "../command.ts";
import { exitNow, listenForStop } from "../ending.ts";
import type { Delivery } from "./job.ts";
import { ReplayProgress } from "./replay-progress.ts";
import { fillSinks, tryTargets } from "./targets.ts";
import { doubtsOf } from "./words.ts";

/** After this long, in ms, a replay that was told to stop is abandoned. */
const stopDeadline = 1_800;

/** Where the counts of a result come from. */
export interface Source {
  /** The state file; undefined without one. */
  readonly resume: string | undefined;
  obtain(progress: ReplayProgress, signal: AbortSignal): Promise<Replayed>;
  /** Called when every sink has everything; `whole`: the reader of standard output too. */
  delivered(replayed: Replayed, whole: boolean): Promise<void>;
}

/**
 * Gets counts and passes them to the sinks. SIGINT and SIGTERM end it within two seconds, a second one at once. If
 * the reader of standard output closes it early, that is not a failure, and does not affect the other sinks.
 *
 * @returns 0 when every sink has everything; 1, with one sentence on stderr, when it failed or was stopped
 */
export async function carryOut(delivery: Delivery, source: Source, io: Io): Promise<number> {
  const { resume } = source;
  const progress = new ReplayProgress(io.stderr, delivery.quiet, delivery.timeoutMs);
  let phase: Phase = "trying";
  const fail = (sentence: string): 1 => {
    progress.end();
    io.stderr.write(`dlr-exporter: ${sentence}\n`);
    return 1;
  };
  const stopped = (): 1 => {
    const writing = phase === "writing";
    const none = writing ? "run the same command again to start over" : "nothing was written";
    const goOn = resume === undefined ? none : "run the same command again to continue";
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
    // Report targets that can't be written now, not after hours of reading.
    await progress.during(
      () => ({ words: "nothing read yet", waitsFor: "the targets" }),
      tryTargets(delivery, resume, stop.signal),
    );
    phase = "reading";
    const replayed = await source.obtain(progress, stop.signal);
    progress.end();
    if (!replayed.complete) return stopped();
    phase = "writing";
    await source.delivered(replayed, await fillSinks(delivery, replayed, io, progress, stop.signal));
    const doubts = doubtsOf(unreadOf(replayed));
    if (doubts !== undefined) return fail(doubts);
    return 0;
  } catch (error) {
    const failure = error as Error;
    const toldTo = isAbort(failure) || (phase !== "writing" && stop.signal.aborted);
    return toldTo ? stopped() : fail(inWords(failure, phase, progress.begun, resume));
  } finally {
    leaveSoon();
  }
}

/** The phase of a replay: checking its targets, reading, writing. */
type Phase = "trying" | "reading" | "writing";

/** A failure, and what to do about it: the timeout, and whether the reading can be resumed. */
function inWords(error: Error, phase: Phase, begun: boolean, resume: string | undefined): string {
  const { message } = error;
  const impatient = isImpatience(error);
  if (phase === "trying" || (phase === "reading" && !impatient)) return message;
  const parts = impatient ? ["--timeout sets how long to wait"] : [];
  if (begun && resume !== undefined) parts.push("run the same command again to continue");
  else if (begun) parts.push("use --resume FILE to keep what was read");
  return `${message}${message.endsWith("?") ? "" : ";"} ${parts.join("; ")}`;
}

/** Whether it was aborted by a signal; Node.js and the web platform use different codes for that. */
function isAbort(error: Error): boolean {
  return "code" in error && (error.code === "ABORT_ERR" || error.code === DOMException.ABORT_ERR);
}

/** Whether it failed by timeout. */
function isImpatience(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const late = codeOf(error) === "silent" || error instanceof GivenUpError || isTimeout(error);
  return late || isImpatience(error.cause);
}
