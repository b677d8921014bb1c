/**
 * The time that one fetch may be processed for in one turn of the event loop. A few kilobytes may take minutes to
 * unpack and parse, and heartbeats and scrapes must not wait for that.
 */
export class Turn {
  readonly #ms: number;
  readonly #clock: () => number;
  #end: number | undefined;

  /**
   * @param ms how long it lasts, counted from the first check
   * @param clock monotonic, in ms
   */
  constructor(ms: number, clock: () => number = () => performance.now()) {
    this.#ms = ms;
    this.#clock = clock;
  }

  get isOver(): boolean {
    const now = this.#clock();
    this.#end ??= now + this.#ms;
    return now >= this.#end;
  }
}
