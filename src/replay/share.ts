import type { Logger } from "pino";
import type { CodeMap } from "../codes/code-map.ts";
import type { TopicSettings } from "../config/schema.ts";
import { type ClientSettings, createKafka } from "../kafka/client.ts";
import { readStretches, type StretchReader } from "../kafka/history.ts";
import { withMissingRights } from "../kafka/rights.ts";
import type { LogStretch } from "../kafka/stretches.ts";
import { keptValues } from "../ledger/commonest.ts";
import { DuplicateWindow } from "../ledger/duplicate-window.ts";
import { foldRecords, type LogRecords, positionOf, type RecordFold } from "../ledger/fold-records.ts";
import { createDecoder, type Decoder } from "../receipts/decode.ts";
import type { Receipt, Unread } from "../receipts/receipt.ts";
import { namesSegments } from "../receipts/shapes.ts";
import { type OrderState, RecordOrder, recordsInOrder } from "./order.ts";
import { Tally, type TallyState } from "./tally.ts";
import type { ReplayWindow } from "./window.ts";

/** Distinct codes that the map does not list: enough for any real log, and a bound for a broken one. */
const unlistedCodes = 10_000;

/** The oldest record of a stretch is looked for within this many offsets of its start. */
const firstRecords = 1_000;

/** What every worker needs to know; plain data. */
export interface ReplayTask {
  readonly client: ClientSettings;
  readonly topics: readonly TopicSettings[];
  readonly window: ReplayWindow;
  readonly timeoutMs: number;
  /** Prefix of the temporary groups' names. */
  readonly groupPrefix: string;
}

/** The maps to classify by. They do not travel between threads: each makes its own of their data. */
export interface ReplayMaps {
  readonly map: CodeMap;
  readonly compare: CodeMap | undefined;
}

/** How far one stretch has been read. */
export interface StretchState {
  readonly stretch: LogStretch;
  readonly next: number;
  /** Offsets of the stretch that held no record. */
  readonly removed: number;
  /** Offsets of the stretch that retention has deleted since it was planned. */
  readonly lost: number;
  /** The time of its oldest record, after what was lost, in ms since the epoch; undefined before one was read. */
  readonly oldestAt: number | undefined;
  readonly order: OrderState;
}

/** How many offsets of a stretch were read, passed over, or left since nothing that is asked for is expected there. */
export function doneOf({ stretch, next, order }: StretchState): number {
  return (order.run >= recordsInOrder ? stretch.end : next) - stretch.start;
}

/** Everything a share has counted so far, as plain data. */
export interface ShareState {
  readonly stretches: readonly StretchState[];
  readonly tallies: readonly TallyState[];
}

/** One stretch being replayed: folds its records into its topic's tally. */
class ReplayPartition implements StretchReader, RecordFold {
  readonly stretch: LogStretch;
  next: number;
  /** Filled from the offsets before the first to count, as a live one is when its partition is taken over. */
  readonly window: DuplicateWindow | undefined;
  #removed: number;
  #lost: number;
  #oldestAt: number | undefined;
  readonly #order: RecordOrder;
  readonly #tally: Tally;
  readonly #decode: Decoder;

  constructor(
    state: StretchState,
    { to, slack }: ReplayWindow,
    tally: Tally,
    decode: Decoder,
    window: number | undefined,
  ) {
    const { stretch, next, removed, lost, oldestAt, order } = state;
    this.#order = new RecordOrder(slack === undefined ? undefined : to + slack, order);
    this.stretch = stretch;
    this.next = next;
    if (window !== undefined && next < stretch.end) {
      this.window = new DuplicateWindow(window);
      this.window.beginBefore(next);
    }
    this.#removed = removed;
    this.#lost = lost;
    this.#oldestAt = oldestAt;
    this.#tally = tally;
    this.#decode = decode;
  }

  get isFull(): boolean {
    return this.#order.isPast;
  }

  get end(): number {
    return this.isFull ? this.position : this.stretch.end;
  }

  get position(): number {
    return positionOf(this);
  }

  take(records: LogRecords, end: number): void {
    foldRecords(this, this.#decode, records, end);
  }

  skipTo(offset: number): void {
    if (offset <= this.next) return;
    this.#removed += offset - this.next;
    this.next = offset;
  }

  lose(end: number): void {
    this.window?.skipTo(end);
    if (end <= this.next) return;
    this.#lost += end - this.next;
    this.#oldestAt = undefined;
    this.next = end;
  }

  count(
    receipts: readonly Receipt[],
    unread: Unread | undefined,
    recordedAt: number,
    again: readonly Receipt[] | undefined,
  ): void {
    // The first of all may be dated far ahead.
    const isEarly = this.next - this.stretch.start < firstRecords;
    if (this.#oldestAt === undefined || (isEarly && recordedAt < this.#oldestAt)) this.#oldestAt = recordedAt;
    this.#order.see(recordedAt);
    this.#tally.count(receipts, unread, recordedAt, again);
  }

  state(): StretchState {
    return {
      stretch: this.stretch,
      next: this.next,
      removed: this.#removed,
      lost: this.#lost,
      oldestAt: this.#oldestAt,
      order: this.#order.state(),
    };
  }
}

/** Some of the stretches of a replay, read by one consumer. */
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
   * @param group a temporary group of its own
   * @returns whether they were read to their end
   */
  async read(group: string, signal: AbortSignal, log: Logger): Promise<boolean> {
    const { client, timeoutMs, groupPrefix } = this.#task;
    try {
      return await readStretches(
        createKafka(client, log),
        this.#partitions,
        group,
        { timeoutMs, signal },
        log,
      );
    } catch (error) {
      const topics = [...this.#tallies.keys()];
      throw await withMissingRights(error, client, { topics, group, groupPrefix }, log);
    }
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
