import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { deserialize, serialize } from "node:v8";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { MapData } from "../codes/code-map.ts";
import type { TopicSettings } from "../config/schema.ts";
import { replaceFile } from "./replace-file.ts";
import type { ShareState } from "./share.ts";
import type { ReplayWindow } from "./window.ts";

/** Grows when the meaning of a state changes. */
const format = 6;

/** What is replayed: enough to make a result of a state without the command that began it. */
export interface ReplaySubject {
  readonly topics: readonly TopicSettings[];
  /** How many codes that the map does not list keep their name in each topic. */
  readonly unknownCodes: number;
  /** How many values of each dimension keep their name in each topic. */
  readonly dimensionValues: number;
  readonly map: MapData;
  /** Whether another map was held against it. */
  readonly compared: boolean;
}

/** How far a replay has come. */
export interface ReplayState {
  /** As of the start of the replay: `now` stays the same when it is resumed. */
  readonly window: ReplayWindow;
  /** When the logs' ends were taken, in ms since the epoch. */
  readonly takenAt: number;
  /** The cluster's id; undefined where its brokers have none. */
  readonly cluster: string | undefined;
  /** The fingerprint of what was asked for; see {@link fingerprintOf}. */
  readonly request: string;
  readonly subject: ReplaySubject;
  /** Which partitions were chosen, as `--partitions` has it; undefined for all. */
  readonly chosen: string | undefined;
  /** How many partitions each topic had. */
  readonly partitions: Readonly<Record<string, number>>;
  readonly states: readonly ShareState[];
}

interface Saved extends ReplayState {
  readonly format: number;
}

/** A state file that can't be resumed. */
export class StateFileError extends Error {
  override readonly name = "StateFileError";
}

/** What a replay must have in common with the one that it resumes. */
export function fingerprintOf(parts: unknown): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/**
 * Holds the cluster that a state is of against the one that is asked now. A cluster of old has no id, and passes.
 *
 * @throws StateFileError
 */
export function refuseOtherCluster(file: string, before: string | undefined, now: string | undefined): void {
  if (before === undefined || now === undefined || before === now) return;
  throw new StateFileError(
    `${file} is the state of a replay of another cluster (${before}; these brokers belong to ${now}): use its brokers, or another file`,
  );
}

/**
 * Writes the state of a replay, whole or not at all.
 *
 * @throws FileError
 */
export async function saveState(file: string, state: ReplayState): Promise<void> {
  const saved: Saved = { format, ...state };
  await replaceFile(file, [zstdCompressSync(serialize(saved))], new AbortController().signal);
}

/**
 * Reads the state of a replay, to go on with it.
 *
 * @param request the fingerprint of what is asked for now
 * @param chosen the partitions that are chosen now
 * @returns undefined when there is no such file: the replay begins at its start
 * @throws StateFileError when it is no state file, or that of another replay
 */
export async function loadState(
  file: string,
  request: string,
  chosen: string | undefined,
): Promise<ReplayState | undefined> {
  const state = await readState(file);
  if (state === undefined) return undefined;
  if (state.request !== request) {
    throw new StateFileError(
      `${file} is the state of a replay with different topics, dimensions, times, step or code map: use the same ones, or another file`,
    );
  }
  if (state.chosen !== chosen) {
    const which = (choice: string | undefined) =>
      choice === undefined ? "all partitions" : `partitions ${choice}`;
    throw new StateFileError(
      `${file} is the state of a replay of ${which(state.chosen)}, not of ${which(chosen)}: use the same partitions, or another file`,
    );
  }
  return state;
}

/**
 * Reads a state, whichever replay it is of.
 *
 * @returns undefined when there is no such file
 * @throws StateFileError when it is no state file
 */
export async function readState(file: string): Promise<ReplayState | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new StateFileError(`cannot read ${file}: ${(error as Error).message}`, { cause: error });
  }
  let saved: Partial<Saved>;
  try {
    saved = Object(deserialize(zstdDecompressSync(bytes))) as Partial<Saved>;
  } catch {
    throw new StateFileError(`${file} is not the state of a replay`);
  }
  const { format: written, ...state } = saved;
  if (written !== format) {
    throw new StateFileError(
      `${file} was written by another version: remove it to start over, or use another file`,
    );
  }
  return state as ReplayState;
}
