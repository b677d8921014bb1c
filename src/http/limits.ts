/** Limits of one server for unknown clients: a client that exceeds one is refused or disconnected. */
export interface Limits {
  /** The size of request line and headers, in bytes. Beyond it: 431. */
  readonly headBytes: number;
  /** How long they may take, from the connection or the next byte after the last answer, in ms. Beyond it: 408. */
  readonly headMs: number;
  /** How long a whole request may take, including its unused body, in ms; at least `headMs`. Beyond it: 408. */
  readonly requestMs: number;
  /** How often the two timeouts above are checked, in ms. */
  readonly checkMs: number;
  /** Keep-alive timeout, in ms. Node.js adds a second. */
  readonly idleMs: number;
  /**
   * The size of a body, which no route reads, in bytes. Beyond it: 413, and the connection is closed, as it is after
   * a request that does not announce the size of its body.
   */
  readonly bodyBytes: number;
  /**
   * Time from a request to the last byte of its answer, in ms. After that the connection is closed. It is the longest
   * `scrape_timeout` that Prometheus allows with its default `scrape_interval`.
   */
  readonly answerMs: number;
  /** Concurrent connections. Another one replaces an idle one, or else the oldest. */
  readonly connections: number;
  /**
   * Pages of `/metrics` kept for clients at the same time. Another one replaces the oldest, whose clients are
   * disconnected.
   */
  readonly pages: number;
  /**
   * How long a page that is still being sent is shared with further scrapes, and a status with all clients, in ms:
   * many clients cost no more than one page and one status a second.
   */
  readonly sharedMs: number;
  /** Smaller pages are not compressed, in bytes: they fit into one packet. */
  readonly gzipFromBytes: number;
  /** Reloads over HTTP in a burst. Beyond it: 429 with Retry-After. */
  readonly reloads: number;
  /** Interval after which another one is allowed, in ms. */
  readonly reloadEveryMs: number;
}

/** The limits of a running exporter. */
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
