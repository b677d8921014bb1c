/**
 * What an answer of a broker may take in one turn of the event loop. In a fetch of a few kilobytes there may be what
 * takes minutes to unpack and to parse, and heartbeats and scrapes have their time too.
 */
export class Turn {
  readonly #ms: number;
  readonly #clock: () => number;
  #end: number | undefined;

  /**
   * @param ms how long it lasts, from when it is first asked about
   * @param clock in ms, one that never goes back
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
