import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { clockTolerance } from "../bounds.ts";
import type { MapData } from "../codes/code-map.ts";
import { type LogPlan, type LogStretch, planStretches } from "../kafka/stretches.ts";
import { Crew } from "./crew.ts";
import { gathered } from "./gather.ts";
import { unseen } from "./order.ts";
import { choiceOf, isChosen, type PartitionRange, writePartitions } from "./partitions.ts";
import { doneOf, type StretchState } from "./replay-partition.ts";
import type { ReplayTask, ShareState } from "./share.ts";
import { fingerprintOf, loadState, type ReplayState, refuseOtherCluster, saveState } from "./state-file.ts";
import type { ReplayWindow } from "./window.ts";

/** How often the state is saved, in ms: what a `kill -9` may lose. */
const saveEveryMs = 5_000;

/** How late most receipts come, in ms: records later than this after the window are read, but few belong to it. */
const usualDelay = 6 * 3_600_000;

/** What a replay is going to read. */
export interface Beginning {
  /** Number of offsets. */
  readonly total: number;
  /** How many of them come after the window plus the usual delay. */
  readonly behind: number;
  /**
   * The resumed replay's window, and when it was started, in ms since the epoch; undefined when starting from
   * scratch.
   */
  readonly continued:
    | { readonly window: ReplayWindow; readonly begunAt: number; readonly done: number }
    | undefined;
}

export interface ReplayRequest {
  readonly task: ReplayTask;
  /** The window as requested: `-3h` is the same request an hour later. */
  readonly asked: unknown;
  readonly map: MapData;
  /** How many unlisted codes keep their label in each topic. */
  readonly unknownCodes: number;
  /** How many values of each dimension keep their label in each topic. */
  readonly dimensionValues: number;
  /** The partitions of each topic to read; undefined reads all. */
  readonly partitions: readonly PartitionRange[] | undefined;
  /** Another map, to compare with. */
  readonly compare: MapData | undefined;
  readonly workers: number;
  /** Where to save the state, and resume from it; undefined saves none. */
  readonly stateFile: string | undefined;
  readonly logLevel: string;
  readonly log: Logger;
  /** Ends the reading; the result is what was read so far. */
  readonly signal: AbortSignal;
  /** Called once, before the first record. */
  readonly onBeginning: (beginning: Beginning) => void;
  /** Called several times a second. */
  readonly onProgress: (done: number, total: number) => void;
}

export interface Replayed extends ReplayState {
  /** Whether everything was read. */
  readonly complete: boolean;
}

/**
 * Reads the history of a window, once, and counts it.
 *
 * @throws KafkaFailure, StateFileError, or a worker's failure
 */
export async function replay(request: ReplayRequest): Promise<Replayed> {
  const { stateFile } = request;
  const { topics } = request.task;
  const identity = {
    request: fingerprintOf({
      topics,
      asked: request.asked,
      maps: [request.map.hash, request.compare?.hash],
    }),
    subject: {
      topics,
      unknownCodes: request.unknownCodes,
      dimensionValues: request.dimensionValues,
      map: request.map,
      compared: request.compare !== undefined,
    },
    chosen: request.partitions && writePartitions(request.partitions),
  };
  const before =
    stateFile === undefined ? undefined : await loadState(stateFile, identity.request, identity.chosen);
  const task = { ...request.task, window: before?.window ?? request.task.window };
  const { window } = task;
  const plan = await planFor(task, request);
  if (plan === undefined) {
    const none = { cluster: undefined, partitions: {}, states: [], complete: false };
    return { ...identity, window, takenAt: Date.now(), ...none };
  }
  refuseAbsent(request.partitions, plan);
  const { cluster } = plan;
  const partitions = before?.partitions ?? plan.partitions;
  if (stateFile !== undefined && before !== undefined) refuseOtherCluster(stateFile, before.cluster, cluster);
  const takenAt = before?.takenAt ?? plan.takenAt;
  const stretches = before?.states.flatMap((state) => state.stretches) ?? plan.stretches.map(atStart);
  const total = stretches.reduce((sum, { stretch }) => sum + stretch.end - stretch.start, 0);
  const done = stretches.reduce((sum, state) => sum + doneOf(state), 0);
  request.onBeginning({
    total,
    behind: plan.behind,
    continued: before === undefined ? undefined : { window, begunAt: takenAt, done },
  });

  // Earlier counts are kept without their stretches: the new crew continues reading those.
  const counted = before?.states.map((state) => ({ ...state, stretches: [] })) ?? [];
  const keep = async (states: readonly ShareState[]) => {
    // Merged into one, or the state would grow with each resume.
    const all = [gathered([...counted, ...states])];
    const state = { ...identity, window, takenAt, cluster, partitions, states: all };
    if (stateFile !== undefined) await saveState(stateFile, state);
    return state;
  };
  // Report a file that can't be written now, not after hours of work.
  await keep([{ stretches, tallies: [] }]);
  const crew = new Crew(stretches, request.workers, (own) => ({
    task,
    stretches: own,
    logLevel: request.logLevel,
    map: request.map,
    compare: request.compare,
  }));
  const save = async () => {
    if (stateFile !== undefined) await keep(await crew.states());
  };
  const stop = () => crew.stop();
  request.signal.addEventListener("abort", stop, { once: true });
  try {
    if (request.signal.aborted) stop();
    const complete = await untilDone(crew, () => request.onProgress(crew.done, total), save);
    return { ...(await keep(await crew.states())), complete };
  } finally {
    request.signal.removeEventListener("abort", stop);
    await crew.dismiss();
  }
}

/** The state is needed until the result is delivered. */
export async function forgetState(stateFile: string | undefined): Promise<void> {
  if (stateFile !== undefined) await rm(stateFile, { force: true });
}

async function untilDone(crew: Crew, progress: () => void, save: () => Promise<void>): Promise<boolean> {
  const ended = new AbortController();
  const tend = async () => {
    for (let saved = Date.now(); !ended.signal.aborted;) {
      await sleep(250, undefined, { signal: ended.signal }).catch(() => {});
      progress();
      if (!ended.signal.aborted && Date.now() - saved >= saveEveryMs) {
        await save();
        saved = Date.now();
      }
    }
  };
  const tending = tend();
  try {
    // If the state can't be saved, the replay fails: otherwise that would only show when it is needed.
    return await Promise.race([crew.work(), tending.then(() => crew.work())]);
  } finally {
    ended.abort();
    await tending.catch(() => {});
  }
}

function planFor(
  { client, topics, window, timeoutMs }: ReplayTask,
  { log, signal, partitions }: ReplayRequest,
): Promise<LogPlan | undefined> {
  const names = topics.map(({ topic }) => topic);
  const { from, to, slack, by } = window;
  const times = {
    // The clocks of senders and brokers differ.
    from: by === "record" ? from : Math.max(0, from - clockTolerance),
    // With a slack, the reading ends by itself.
    expectedEnd: slack === undefined ? to + (by === "record" ? 0 : usualDelay) : Number.POSITIVE_INFINITY,
  };
  const wanted = (partition: number) => isChosen(partitions, partition);
  return planStretches(client, names, { ...times, wanted }, { timeoutMs, signal }, log);
}

/** @throws Error when a selected partition is in no topic */
function refuseAbsent(chosen: readonly PartitionRange[] | undefined, { partitions }: LogPlan): void {
  const most = Math.max(...Object.values(partitions));
  const last = chosen?.at(-1)?.last ?? 0;
  if (chosen === undefined || last < most) return;
  const has = Object.entries(partitions).map(
    ([topic, count]) => `${topic} has ${choiceOf([...Array(count).keys()])}`,
  );
  throw new Error(`there is no partition ${last}: ${has.join(", ")}`);
}

function atStart(stretch: LogStretch): StretchState {
  return { stretch, next: stretch.start, removed: 0, lost: 0, oldestAt: undefined, order: unseen };
}
