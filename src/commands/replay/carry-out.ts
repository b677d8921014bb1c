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

/** After so many ms a replay that was told to stop is left where it is. */
const stopDeadline = 1_800;

/** Where the counts of a result come from. */
export interface Source {
  /** The file in which the state is kept meanwhile; undefined where none is. */
  readonly resume: string | undefined;
  obtain(progress: ReplayProgress, signal: AbortSignal): Promise<Replayed>;
  /** Told when every sink has everything; `whole`: a reader of standard output too. */
  delivered(replayed: Replayed, whole: boolean): Promise<void>;
}

/**
 * Obtains counts and hands them to the sinks. SIGINT and SIGTERM end it within two seconds, a second one at once. A
 * reader of standard output that has seen enough is no failure, and keeps nothing from the other sinks.
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
    // What can't be written is said now, not after hours of reading.
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

/** What a replay does: tries its targets, reads, writes. */
type Phase = "trying" | "reading" | "writing";

/** A failure, and what to do about it: how long was waited, and whether reading again can be spared. */
function inWords(error: Error, phase: Phase, begun: boolean, resume: string | undefined): string {
  const { message } = error;
  const impatient = isImpatience(error);
  if (phase === "trying" || (phase === "reading" && !impatient)) return message;
  const parts = impatient ? ["--timeout sets how long to wait"] : [];
  if (begun && resume !== undefined) parts.push("run the same command again to continue");
  else if (begun) parts.push("use --resume FILE to keep what was read");
  return `${message}${message.endsWith("?") ? "" : ";"} ${parts.join("; ")}`;
}

/** Whether a signal has ended it: Node.js and the web platform have a code for that each. */
function isAbort(error: Error): boolean {
  return "code" in error && (error.code === "ABORT_ERR" || error.code === DOMException.ABORT_ERR);
}

/** Whether it failed because something did not come in time. */
function isImpatience(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const late = codeOf(error) === "silent" || error instanceof GivenUpError || isTimeout(error);
  return late || isImpatience(error.cause);
}
