import type { Logger } from "pino";
import { CodeMap, type MapData } from "../codes/code-map.ts";
import type { TopicSettings } from "../config/schema.ts";
import type { ClientSettings } from "../kafka/client-settings.ts";
import { readStretches } from "../kafka/history.ts";
import { keptValues } from "../ledger/commonest.ts";
import { createDecoder, type Decoder } from "../receipts/decode.ts";
import { namesSegments } from "../receipts/shapes.ts";
import { doneOf, ReplayPartition, type StretchState } from "./replay-partition.ts";
import { Tally, type TallyState } from "./tally.ts";
import type { ReplayWindow } from "./window.ts";

/** Distinct codes that the map does not list: enough for any real log, and a bound for a broken one. */
const unlistedCodes = 10_000;

/** What every worker needs to know; plain data. */
export interface ReplayTask {
  readonly client: ClientSettings;
  readonly topics: readonly TopicSettings[];
  readonly window: ReplayWindow;
  readonly timeoutMs: number;
}

/** The maps to classify by. They do not travel between threads: each makes its own of their data. */
export interface ReplayMaps {
  readonly map: CodeMap;
  readonly compare: CodeMap | undefined;
}

/** What a worker needs to start. */
export interface WorkerOrder {
  readonly task: ReplayTask;
  readonly stretches: readonly StretchState[];
  readonly logLevel: string;
  readonly map: MapData;
  readonly compare: MapData | undefined;
}

/** Everything a share has counted so far, as plain data. */
export interface ShareState {
  readonly stretches: readonly StretchState[];
  readonly tallies: readonly TallyState[];
}

/** Some of the stretches of a replay, read by one worker. */
export class Share {
  readonly #task: ReplayTask;
  readonly #tallies = new Map<string, Tally>();
  readonly #partitions: ReplayPartition[];

  /** @param stretches where to begin, and what was found in each before */
  constructor(task: ReplayTask, maps: ReplayMaps, stretches: readonly StretchState[]) {
    this.#task = task;
    const decoders = new Map<string, Decoder>();
    const windows = new Map<string, number | undefined>();
    for (const { topic, provider, fallback, channel, shape } of task.topics) {
      const dimensions = shape.dimensions.map(({ name }) => name);
      const cells = {
        ...{ map: maps.map, provider, fallback, channel, unknownCodes: unlistedCodes },
        ...{ dimensions, dimensionValues: keptValues, segments: namesSegments(shape) },
      };
      const { utcOffsetMinutes } = shape;
      const { window } = task;
      this.#tallies.set(topic, new Tally({ topic, window, cells, compare: maps.compare, utcOffsetMinutes }));
      decoders.set(topic, createDecoder(shape, topic));
      windows.set(topic, shape.duplicates?.window);
    }
    this.#partitions = stretches.flatMap((state) => {
      const tally = this.#tallies.get(state.stretch.topic);
      const decode = decoders.get(state.stretch.topic);
      return tally === undefined || decode === undefined
        ? []
        : [new ReplayPartition(state, task.window, tally, decode, windows.get(state.stretch.topic))];
    });
  }

  /**
   * Reads its stretches.
   *
   * @returns whether they were read to their end
   */
  read(signal: AbortSignal, log: Logger): Promise<boolean> {
    const { client, timeoutMs } = this.#task;
    return readStretches(client, this.#partitions, { timeoutMs, signal }, log);
  }

  /** How many offsets have been dealt with, see {@link doneOf}. */
  get done(): number {
    return this.#partitions.reduce((sum, partition) => sum + doneOf(partition.state()), 0);
  }

  /** Shares some memory with the tallies: to be sent or written before the next batch. */
  state(): ShareState {
    return {
      stretches: this.#partitions.map((partition) => partition.state()),
      tallies: [...this.#tallies.values()].map((tally) => tally.state()),
    };
  }
}

/** The memory that a state shares with no tally: transferred instead of copied, since a month of counts is large. */
export function memoryOf({ tallies }: ShareState): ArrayBuffer[] {
  return tallies.flatMap(({ blocks: { slots, numbers, counts } }) =>
    [slots, numbers, counts].map(({ buffer }) => buffer),
  );
}

/** The share of a worker. */
export function shareOf({ task, stretches, map, compare }: WorkerOrder): Share {
  const maps = { map: new CodeMap(map), compare: compare && new CodeMap(compare) };
  return new Share(task, maps, stretches);
}
