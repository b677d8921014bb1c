import { partitionKey } from "../kafka/partition-id.ts";
import { choiceOf } from "./partitions.ts";
import { doneOf, type StretchState } from "./replay-partition.ts";
import { grouped } from "./spans.ts";
import { type ReplayState, StateFileError } from "./state-file.ts";

/** A part of a replay, and its state file. */
export interface ReplayPart {
  readonly file: string;
  readonly state: ReplayState;
}

/**
 * Joins parts of a replay, each of other partitions.
 *
 * @returns the state that a single replay would have
 * @throws StateFileError if the parts belong to different replays, overlap, lack partitions, or are not complete
 */
export function joinParts(parts: readonly [ReplayPart, ...ReplayPart[]]): ReplayState {
  const [{ file, state: first }, ...others] = parts;
  for (const other of others) refuseStranger({ file, state: first }, other);
  for (const part of parts) refuseUnread(part);
  const seen = new Map<string, string>();
  for (const { file: own, state } of parts) {
    for (const { topic, partition } of stretchesOf(state)) {
      const key = partitionKey({ topic, partition });
      const before = seen.get(key);
      if (before !== undefined)
        throw new StateFileError(
          `partition ${partition} of topic ${topic} is in ${before} and in ${own}: its receipts would count twice`,
        );
      seen.set(key, own);
    }
  }
  for (const [topic, count] of Object.entries(first.partitions)) {
    const missing = Array.from({ length: count }, (_, partition) => partition).filter(
      (partition) => !seen.has(partitionKey({ topic, partition })),
    );
    if (missing.length > 0)
      throw new StateFileError(
        `partitions ${choiceOf(missing)} of topic ${topic} are missing from the files: replay them with --partitions ${choiceOf(missing)}`,
      );
  }
  return {
    ...first,
    takenAt: Math.min(...parts.map(({ state }) => state.takenAt)),
    states: parts.flatMap(({ state }) => state.states),
  };
}

/** @throws StateFileError when two parts belong to different replays */
function refuseStranger(first: ReplayPart, other: ReplayPart): void {
  const [a, b] = [first.state, other.state];
  const both = `${first.file} and ${other.file}`;
  if (a.request !== b.request)
    throw new StateFileError(
      `${both} are from replays with different topics, dimensions, times, step or code maps`,
    );
  if (a.cluster !== b.cluster)
    throw new StateFileError(`${both} are from two clusters (${a.cluster}, ${b.cluster})`);
  if (JSON.stringify(a.window) !== JSON.stringify(b.window))
    throw new StateFileError(
      `${both} have different windows because --from or --to moves with the clock (-3h, now, or a time in the future): use fixed past times, such as 2026-10-01`,
    );
  if (JSON.stringify(a.partitions) !== JSON.stringify(b.partitions))
    throw new StateFileError(
      `${both} were written when the topics had different numbers of partitions: replay one of them again`,
    );
}

/** @throws StateFileError when a part is not complete */
function refuseUnread({ file, state }: ReplayPart): void {
  const left = stretchStates(state).reduce(
    (sum, one) => sum + one.stretch.end - one.stretch.start - doneOf(one),
    0,
  );
  if (left > 0)
    throw new StateFileError(
      `${file} still has ${grouped(left)} offsets to read: run its replay again to continue`,
    );
}

function stretchStates(state: ReplayState): StretchState[] {
  return state.states.flatMap(({ stretches }) => stretches);
}

function stretchesOf(state: ReplayState) {
  return stretchStates(state).map(({ stretch }) => stretch);
}
