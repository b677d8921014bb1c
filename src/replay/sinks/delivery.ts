import { spanWords } from "../spans.ts";
import { CertificateError } from "./certificates.ts";
import { type Clock, wallClock } from "./clock.ts";
import { type Endpoint, isPage, whyUnanswered, wordsOf } from "./endpoint.ts";
import { type Answer, type Asked, exchange } from "./exchange.ts";

/** How a request is retried; in ms. */
export interface Pace {
  /** Timeout of one attempt. */
  readonly attempt: number;
  /** The wait before the second attempt; it doubles up to {@link longest}, half of it is random. */
  readonly shortest: number;
  readonly longest: number;
}

/** When to retry, and when to give up. */
export interface Persistence {
  /** How long to retry, in ms. */
  readonly timeoutMs: number;
  readonly pace: Pace;
  readonly signal: AbortSignal;
  /** Called with the reason of each retry. */
  readonly onWait?: ((reason: string) => void) | undefined;
  readonly clock?: Clock | undefined;
}

/** The result of one attempt. */
export type Attempt<Value> =
  | { readonly verdict: "taken"; readonly value: Value }
  /** Status 0 means that the request was not sent: TLS does not work. */
  | { readonly verdict: "refused"; readonly status: number; readonly reason: string }
  | { readonly verdict: "busy"; readonly reason: string; readonly retryAfter: string | undefined };

/** A server accepted nothing for too long; the message is its last response. */
export class GivenUpError extends Error {
  override readonly name = "GivenUpError";
}

/** A request was rejected for good; the message is the server's response. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
  readonly #status: number;

  /** @param status of the response */
  constructor(reason: string, status: number) {
    super(reason);
    this.#status = status;
  }

  /** Whether the server requires another login. */
  get wantsLogin(): boolean {
    return this.#status === 401 || this.#status === 403;
  }
}

/** Advice for a server that requires a login. */
export const loginAdvice =
  "it requires a login or a tenant: see --username, --bearer-token-file and --header";

/** A receiver's text for samples before its window; Prometheus 2.42 sends it with the status of a temporary failure. */
const tooOld = /too[ -]old|out[ -]of[ -]bounds|out[ -]of[ -]order/i;

/** @returns whether a receiver's text means that samples are before its window */
export function saysTooOld(reason: string): boolean {
  return tooOld.test(reason) && !/future/i.test(reason);
}

/**
 * Posts until it is accepted. An attempt with an unknown result is repeated too, so sending the body twice must be
 * harmless.
 *
 * @returns the number of failed attempts
 * @throws like {@link persist}
 */
export async function deliver(
  endpoint: Endpoint,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
  persistence: Persistence,
): Promise<number> {
  const post = (signal: AbortSignal) => attemptOf(endpoint, { method: "POST", headers, body }, signal);
  return (await persist(post, persistence)).failed;
}

/**
 * Retries until it succeeds: overload and temporary failures are retried according to remote write 1.0, see
 * https://prometheus.io/docs/specs/prw/remote_write_spec/#retries-backoff.
 *
 * @param attempt is given its deadline
 * @throws RefusedError when it was rejected for good; GivenUpError after `timeoutMs`, with the last failure; the
 *   signal's reason, or an error caused by it, when it aborts
 */
export async function persist<Value>(
  attempt: (signal: AbortSignal) => Promise<Attempt<Value>>,
  { timeoutMs, pace, signal, onWait, clock = wallClock }: Persistence,
): Promise<{ readonly value: Value; readonly failed: number }> {
  const deadline = clock.now() + timeoutMs;
  let reason: string | undefined;
  for (let failed = 0; ; failed++) {
    const left = Math.max(1, deadline - clock.now());
    const limit = clock.limit(Math.min(pace.attempt, left));
    const outcome = await attempt(AbortSignal.any([signal, limit]));
    if (outcome.verdict === "taken") return { value: outcome.value, failed };
    if (outcome.verdict === "refused") throw new RefusedError(outcome.reason, outcome.status);
    // An attempt cut short by the deadline tells less than the one before.
    if (reason === undefined || !limit.aborted || left >= pace.attempt) reason = outcome.reason;
    const backoff = Math.min(pace.longest, pace.shortest * 2 ** failed) * (0.5 + Math.random() / 2);
    const wait = Math.max(backoff, waitOf(outcome.retryAfter, clock.now()));
    if (clock.now() + wait >= deadline) {
      throw new GivenUpError(`gave up after ${spanWords(timeoutMs)} without progress; ${reason}`);
    }
    onWait?.(reason);
    await clock.sleep(wait, signal);
  }
}

/** Makes one attempt. 5xx, 429 and a broken connection may be temporary, everything else is final. */
export async function attemptOf(
  endpoint: Endpoint,
  asked: Asked,
  signal: AbortSignal,
): Promise<Attempt<Answer>> {
  try {
    const answer = await exchange(endpoint, asked, signal);
    const { status } = answer;
    if (isTaken(answer)) return { verdict: "taken", value: answer };
    const reason = wordsOf(answer, endpoint);
    const passing = (status >= 500 && !saysTooOld(reason)) || status === 429;
    if (!passing) return { verdict: "refused", status, reason };
    return { verdict: "busy", reason, retryAfter: answer.headers["retry-after"] };
  } catch (error) {
    if (error instanceof CertificateError) return { verdict: "refused", status: 0, reason: error.message };
    return { verdict: "busy", reason: whyUnanswered(error), retryAfter: undefined };
  }
}

/** Whether a server has accepted a request. */
export function isTaken(answer: Answer): boolean {
  return answer.status >= 200 && answer.status <= 299 && !isPage(answer);
}

/** @param header `Retry-After`: seconds or an HTTP date (RFC 9110, 10.2.3) @returns ms from now, 0 if there is none */
function waitOf(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  const wait = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(wait) ? 0 : Math.max(0, wait);
}
