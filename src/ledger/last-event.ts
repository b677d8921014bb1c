import { clockTolerance } from "../bounds.ts";

/** The newest event time that was counted. Clocks differ: a time far in the future is of a wrong one. */
export class LastEvent {
  /** In ms since the epoch; 0 before the first. */
  at = 0;
  readonly #clock: () => number;
  /** A later time is in the future, by the last reading of the clock. */
  #horizon = Number.NEGATIVE_INFINITY;

  /** @param clock in ms since the epoch */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Restores it; one in the future is ignored. */
  restore(at: number): void {
    this.at = this.isPast(at) ? at : 0;
  }

  /**
   * Notes a receipt. Its record's time is used if it has no time, or one more than ten minutes later, by a wrong clock.
   *
   * @param receivedAt, recordedAt in ms since the epoch; NaN, or a time in the future, changes nothing
   */
  note(receivedAt: number, recordedAt: number): void {
    const eventAt = receivedAt <= recordedAt + clockTolerance ? receivedAt : recordedAt;
    if (eventAt > this.at && this.isPast(eventAt)) this.at = eventAt;
  }

  /** Reads the clock only for times that seem to be in the future, so it costs nothing. False for NaN. */
  isPast(at: number): boolean {
    if (at > this.#horizon) this.#horizon = this.#clock() + clockTolerance;
    return at <= this.#horizon;
  }
}
