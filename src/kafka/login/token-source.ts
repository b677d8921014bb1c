import type { Logger } from "pino";
import { KafkaFailure } from "../failure.ts";
import { Backoff } from "../group/backoff.ts";

export interface Token {
  /** The text after `Bearer `. */
  readonly value: string;
  /** How long it is valid from now on, in ms. */
  readonly lifetimeMs: number;
}

/** A new token is requested after this part of the lifetime; the rest is for retries. */
const freshPart = 0.8;

/** A token is no longer handed out in this last part of its lifetime: it could expire on the way. */
const lastPart = 0.05;

/** Longest timer, in ms: tokens with a longer lifetime are renewed daily. */
const longestWaitMs = 86_400_000;

/**
 * The tokens of one login: all connections share one request, and a token is renewed before it expires. If that
 * fails, the current one is used until it expires.
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
   * @param now monotonic, in ms
   */
  constructor(request: () => Promise<Token>, log: Logger, now: () => number = () => performance.now()) {
    this.#request = request;
    this.#log = log;
    this.#now = now;
  }

  /**
   * A token to log in with now.
   *
   * @throws KafkaFailure when none can be had: the last failure again until the next attempt is due
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

  /** Renews the token later, in the background; does not keep the process alive. */
  #renewIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#renew(), Math.min(Math.max(ms, 0), longestWaitMs)).unref();
  }

  #renew(): void {
    this.#ask().catch((error: Error) => {
      const left = (this.#token?.usableUntil ?? 0) - this.#now();
      // From here on the next caller requests a token, and reports the failure.
      if (left <= 0) return;
      this.#log.warn(
        `renewing the token failed, the current one is valid for another ${seconds(left)} s: ${error.message}`,
      );
      this.#renewIn(this.#retry.at - this.#now());
    });
  }
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}
