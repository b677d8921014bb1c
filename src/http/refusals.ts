import type { Logger } from "pino";

/** Why a request was refused or a client disconnected, as logged. */
const sentences = {
  cross_site: "rejected a reload requested by a web page",
  reloads: "rejected a reload: too many in a row",
  body: "rejected a request with a large body",
  slow: "disconnected a client that did not read its response in time",
  pages: "disconnected a client that read /metrics too slowly while others requested newer pages",
  connections: "closed a connection to make room for a new one: too many are open",
} as const;

export type Refusal = keyof typeof sentences;

/** How long a reason is not logged again, in ms: a flood of requests must not flood the log. */
const quietMs = 60_000;

/** Logs refusals: each reason at most once a minute, with the number since the last time. */
export class Refusals {
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #told = new Map<Refusal, { at: number; since: number }>();

  /** @param now monotonic, in ms */
  constructor(log: Logger, now: () => number = () => performance.now()) {
    this.#log = log;
    this.#now = now;
  }

  note(reason: Refusal): void {
    const now = this.#now();
    const before = this.#told.get(reason);
    if (before !== undefined && now - before.at < quietMs) {
      before.since++;
      return;
    }
    this.#told.set(reason, { at: now, since: 0 });
    this.#log.warn({ reason, times: (before?.since ?? 0) + 1 }, sentences[reason]);
  }
}
