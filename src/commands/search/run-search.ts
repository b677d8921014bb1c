import type { Logger } from "pino";
import type { Settings } from "../../config/schema.ts";
import type { Problem } from "../../diagnostics.ts";
import { readStretches } from "../../kafka/history.ts";
import { type LogStretch, planStretches } from "../../kafka/stretches.ts";
import { createLogger } from "../../log.ts";
import { grouped } from "../../replay/spans.ts";
import type { Io } from "../command.ts";
import { exitNow, listenForStop } from "../ending.ts";
import { logWarnings } from "../problems.ts";
import { ReplayProgress } from "../replay/replay-progress.ts";
import type { SearchedPartition } from "./searched-partition.ts";

/** After this long, in ms, a search that was told to stop is abandoned. */
const stopDeadline = 1_800;

const stopped = "stopped before finding enough";

/** Which log is searched, and how. */
export interface SearchJob {
  readonly settings: Settings;
  readonly warnings: readonly Problem[];
  /** Records before it are not read, in ms since the epoch. */
  readonly from: number;
  readonly timeoutMs: number;
}

/** A search in progress. */
export interface Searching {
  readonly partitions: readonly SearchedPartition[];
  /** How many records were read. */
  readonly records: number;
  /** Number of matches. */
  readonly found: number;
}

/** A command's search. */
export interface SearchPlan<S extends Searching> {
  /** Starts the search, given what there is to read. */
  begin(stretches: readonly LogStretch[]): S;
  /** The output, also of an aborted search. */
  render(searching: S): string;
}

/**
 * Reads the topics until the search is done, and prints the results. Matches found before a failure or a stop are
 * printed too.
 *
 * @returns 0 when enough was found or everything was read, with or without matches; else 1, with one sentence on
 *   stderr
 */
export async function runSearch<S extends Searching>(
  job: SearchJob,
  plan: SearchPlan<S>,
  io: Io,
): Promise<number> {
  const { settings, timeoutMs, warnings } = job;
  const level = settings.logLevel === "info" ? "warn" : settings.logLevel;
  const log = createLogger(level, io.stderr, io.stderr.isTTY === true);
  logWarnings(warnings, log);
  const progress = new ReplayProgress(io.stderr, false, timeoutMs);
  const fail = (sentence: string): 1 => {
    progress.end();
    io.stderr.write(`dlr-exporter: ${sentence}\n`);
    return 1;
  };
  const stop = new AbortController();
  const leaveSoon = listenForStop({
    first() {
      stop.abort();
      setTimeout(() => exitNow(fail(stopped)), stopDeadline).unref();
    },
    again: () => fail(stopped),
  });
  const begun: { searching?: S } = {};
  const doing = () => {
    const { searching } = begun;
    if (searching === undefined) return { words: "nothing read yet", waitsFor: "the brokers" };
    const words = `${grouped(searching.records)} records read, ${searching.found} found`;
    return { words, waitsFor: undefined };
  };
  const ended = async (): Promise<0 | 1> => {
    try {
      const begin = (stretches: readonly LogStretch[]) => {
        begun.searching = plan.begin(stretches);
        return begun.searching.partitions;
      };
      const reading = read(job, begin, stop.signal, log);
      return (await progress.during(doing, reading)) ? 0 : fail(stopped);
    } catch (error) {
      return fail(stop.signal.aborted ? stopped : (error as Error).message);
    }
  };
  try {
    const code = await ended();
    if (begun.searching !== undefined) io.stdout.write(plan.render(begun.searching));
    await io.stdout.flushed();
    return code;
  } finally {
    leaveSoon();
  }
}

/**
 * @param begin is called with what there is to read, before the first record; returns the search
 * @returns false when the signal aborted it
 */
async function read(
  job: SearchJob,
  begin: (stretches: readonly LogStretch[]) => readonly SearchedPartition[],
  signal: AbortSignal,
  log: Logger,
): Promise<boolean> {
  const { settings, from, timeoutMs } = job;
  const { brokers, clientId, ssl, sasl, topics } = settings;
  const client = { brokers, clientId, ssl, sasl };
  const names = topics.map(({ topic }) => topic);
  const patience = { timeoutMs, signal };
  const times = { from, expectedEnd: Number.POSITIVE_INFINITY, wanted: () => true };
  const plan = await planStretches(client, names, times, patience, log);
  return plan !== undefined && readStretches(client, begin(plan.stretches), patience, log);
}
