import type { Logger } from "pino";

/** Why a request was refused or a client cut off, and what the log says of it. */
const sentences = {
  cross_site: "a reload that a browser sent from another site was refused",
  reloads: "a reload was refused: too many in a row",
  body: "a request with a large body was refused",
  slow: "a client was cut off that did not read its answer in time",
  pages: "a client was cut off that read /metrics too slowly, while others asked for newer pages",
  connections: "a connection was closed for a new one: there are too many",
} as const;

export type Refusal = keyof typeof sentences;

/** So long a reason is not logged again, in ms: a flood of requests is none of log lines. */
const quietMs = 60_000;

/** Logs what was refused, each reason once a minute with how often it was since. */
export class Refusals {
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #told = new Map<Refusal, { at: number; since: number }>();

  /** @param now in ms, of a clock that never goes back */
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
