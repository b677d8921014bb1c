/** What one server gives to clients that it does not know: beyond a bound, the one who went there is refused or cut off. */
export interface Limits {
  /** The size of a request's line and headers, in bytes. Beyond it: 431. */
  readonly headBytes: number;
  /** How long they may take, from the connection or the last answer's next byte on, in ms. Beyond it: 408. */
  readonly headMs: number;
  /** How long a whole request may take, with a body that nobody reads, in ms; not below `headMs`. Beyond it: 408. */
  readonly requestMs: number;
  /** How often requests are looked at for the two above, in ms. */
  readonly checkMs: number;
  /** How long a connection is kept for another request, in ms. Node.js adds a second before it closes it. */
  readonly idleMs: number;
  /**
   * The size of a body, which no route reads, in bytes. Beyond it: 413, and the connection is closed, as it is after the
   * answer to a request that does not say how large its body is.
   */
  readonly bodyBytes: number;
  /**
   * How long it may take from a request to the last byte of its answer, in ms. Beyond it the connection is cut. It is
   * the longest `scrape_timeout` that Prometheus takes with its usual `scrape_interval`.
   */
  readonly answerMs: number;
  /** Connections at once. Another one takes the place of one that waits for no answer, or of the oldest. */
  readonly connections: number;
  /** Pages of `/metrics` that are held for clients at once. Another one takes the place of the oldest, which is cut off. */
  readonly pages: number;
  /**
   * How long a page that is still being sent is given to further scrapes, and a status to all who ask, in ms: a crowd
   * costs one of each a second.
   */
  readonly sharedMs: number;
  /** Pages below so many bytes are not compressed: they fit into one packet. */
  readonly gzipFromBytes: number;
  /** Reloads over HTTP that may come at once after a pause. Beyond it: 429 with Retry-After. */
  readonly reloads: number;
  /** After how long there may be one more, in ms. */
  readonly reloadEveryMs: number;
}

/** The bounds of a running exporter. */
export const usualLimits: Limits = {
  headBytes: 16_384,
  headMs: 10_000,
  requestMs: 20_000,
  checkMs: 1_000,
  idleMs: 5_000,
  bodyBytes: 65_536,
  answerMs: 60_000,
  connections: 256,
  pages: 8,
  sharedMs: 1_000,
  gzipFromBytes: 1_400,
  reloads: 10,
  reloadEveryMs: 1_000,
};
