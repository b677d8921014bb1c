/** How far the times of a log's records may be out of order before its order is not believed; in ms. */
export const orderMargin = 3_600_000;

/** So many records in a row behind all that is asked for show that the log has passed it. */
export const recordsInOrder = 10_000;

/** What the times of the records of a stretch have shown so far; plain data. */
export interface OrderState {
  /** The latest record time, in ms since the epoch; undefined before the first. */
  readonly newestAt: number | undefined;
  /** The time of the record that was read last. */
  readonly lastAt: number | undefined;
  /** How much earlier than one in front of it a record was dated at most, in ms. */
  readonly disorder: number;
  /** How many records in a row, up to the last, lie behind all that is asked for. */
  readonly run: number;
}

export const unseen: OrderState = { newestAt: undefined, lastAt: undefined, disorder: 0, run: 0 };

/**
 * Watches the times of the records of a stretch: whether a reading that is to end early may end.
 *
 * Nothing in Kafka puts the times of records in order, and its index knows no more than the latest time before each
 * offset. So one record from far ahead proves nothing, and a long row of records does as far as anything can.
 */
export class RecordOrder {
  readonly #passedAt: number;
  #newestAt: number;
  #lastAt: number | undefined;
  #disorder: number;
  #run: number;

  /**
   * @param until records from here on, in ms since the epoch, hold nothing that is asked for; undefined when any may, and
   *   all are read
   */
  constructor(until: number | undefined, { newestAt, lastAt, disorder, run }: OrderState) {
    this.#passedAt = until === undefined ? Number.POSITIVE_INFINITY : until + orderMargin;
    this.#newestAt = newestAt ?? Number.NEGATIVE_INFINITY;
    this.#lastAt = lastAt;
    this.#disorder = disorder;
    this.#run = run;
  }

  /** Whether the log has passed what is asked for. */
  get isPast(): boolean {
    return this.#run >= recordsInOrder;
  }

  /** Takes note of the next record's time, in ms since the epoch. */
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
