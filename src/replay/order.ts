/** How far a log's record times may be out of order before its order is not trusted; in ms. */
export const orderMargin = 3_600_000;

/** This many consecutive records after the window show that the log has passed it. */
export const recordsInOrder = 10_000;

/** The record times of a stretch so far; plain data. */
export interface OrderState {
  /** The latest record time, in ms since the epoch; undefined before the first. */
  readonly newestAt: number | undefined;
  /** The time of the last record. */
  readonly lastAt: number | undefined;
  /** How much earlier a record was dated than one before it, at most, in ms. */
  readonly disorder: number;
  /** How many consecutive records, up to the last, are after the window. */
  readonly run: number;
}

export const unseen: OrderState = { newestAt: undefined, lastAt: undefined, disorder: 0, run: 0 };

/**
 * Watches the record times of a stretch, to tell when a reading with an early end may end.
 *
 * Kafka does not order records by time, and its index only has the latest time before each offset. So a single record
 * from the future proves nothing, while many consecutive ones prove as much as possible.
 */
export class RecordOrder {
  readonly #passedAt: number;
  #newestAt: number;
  #lastAt: number | undefined;
  #disorder: number;
  #run: number;

  /** @param until later records are not needed, in ms since the epoch; undefined when all are read */
  constructor(until: number | undefined, { newestAt, lastAt, disorder, run }: OrderState) {
    this.#passedAt = until === undefined ? Number.POSITIVE_INFINITY : until + orderMargin;
    this.#newestAt = newestAt ?? Number.NEGATIVE_INFINITY;
    this.#lastAt = lastAt;
    this.#disorder = disorder;
    this.#run = run;
  }

  /** Whether the log has passed the window. */
  get isPast(): boolean {
    return this.#run >= recordsInOrder;
  }

  /** Notes the next record's time, in ms since the epoch. */
  see(recordedAt: number): void {
    if (recordedAt > this.#newestAt) this.#newestAt = recordedAt;
    else if (this.#newestAt - recordedAt > this.#disorder) this.#disorder = this.#newestAt - recordedAt;
    this.#lastAt = recordedAt;
    this.#run = recordedAt >= this.#passedAt ? this.#run + 1 : 0;
  }

  state(): OrderState {
    const newestAt = this.#newestAt === Number.NEGATIVE_INFINITY ? undefined : this.#newestAt;
    return { newestAt, lastAt: this.#lastAt, disorder: this.#disorder, run: this.#run };
  }
}
