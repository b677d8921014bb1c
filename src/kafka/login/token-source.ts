import type { Logger } from "pino";
import { KafkaFailure } from "../failure.ts";
import { Backoff } from "../group/backoff.ts";

export interface Token {
  /** What stands behind `Bearer `. */
  readonly value: string;
  /** How long it is good from now on, in ms. */
  readonly lifetimeMs: number;
}

/** Which part of its life a token is used before another is asked for; the rest is for trying again. */
const freshPart = 0.8;

/** Which part of its life a token is given to nobody any more: a broker refuses one that ends on its way. */
const lastPart = 0.05;

/** The longest that a timer waits, in ms: a token that is good for longer is renewed each day. */
const longestWaitMs = 86_400_000;

/**
 * The tokens of one login: one request serves all connections, and another token is there before the present one ends.
 * Where that fails, the present one is used to its end.
 */
export class TokenSource {
  readonly #request: () => Promise<Token>;
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #retry = new Backoff(500, 10_000);
  #token: { readonly value: string; readonly usableUntil: number } | undefined;
  #asking: Promise<string> | undefined;
  #failure: KafkaFailure | undefined;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param request gets a token; throws KafkaFailure
   * @param now in ms, of a clock that never goes back
   */
  constructor(request: () => Promise<Token>, log: Logger, now: () => number = () => performance.now()) {
    this.#request = request;
    this.#log = log;
    this.#now = now;
  }

  /**
   * A token to log in with now.
   *
   * @throws KafkaFailure when none can be had: the last failure again, while it is too early to ask anew
   */
  async get(): Promise<string> {
    const now = this.#now();
    if (this.#token !== undefined && now < this.#token.usableUntil) return this.#token.value;
    if (this.#failure !== undefined && now < this.#retry.at) throw this.#failure;
    return this.#ask();
  }

  #ask(): Promise<string> {
    this.#asking ??= this.#take().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #take(): Promise<string> {
    const askedAt = this.#now();
    try {
      const { value, lifetimeMs } = await this.#request();
      this.#token = { value, usableUntil: askedAt + lifetimeMs * (1 - lastPart) };
      this.#failure = undefined;
      this.#retry.worked();
      this.#renewIn(askedAt + lifetimeMs * freshPart - this.#now());
      return value;
    } catch (error) {
      if (error instanceof KafkaFailure) this.#failure = error;
      this.#retry.failed(this.#now());
      throw error;
    }
  }

  /** Asks for another token later, without anybody waiting for it: the process may end before. */
  #renewIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#renew(), Math.min(Math.max(ms, 0), longestWaitMs)).unref();
  }

  #renew(): void {
    this.#ask().catch((error: Error) => {
      const left = (this.#token?.usableUntil ?? 0) - this.#now();
      // From here on whoever needs one asks, and says what came of it.
      if (left <= 0) return;
      this.#log.warn(
        `there is no new token yet, the present one is good for ${seconds(left)} s: ${error.message}`,
      );
      this.#renewIn(this.#retry.at - this.#now());
    });
  }
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}
