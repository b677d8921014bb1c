import type { Clock } from "../../../src/replay/sinks/clock.ts";

/** A clock that stands still but where somebody sleeps, which it makes pass at once, and where the test moves it. */
export class TestClock implements Clock {
  /** How long each sleep was, in ms. */
  readonly sleeps: number[] = [];
  readonly #limits: { readonly at: number; readonly end: AbortController }[] = [];
  #now = Date.UTC(2026, 10, 1);

  now(): number {
    return this.#now;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.sleeps.push(ms);
    this.pass(ms);
  }

  limit(ms: number): AbortSignal {
    const end = new AbortController();
    this.#limits.push({ at: this.#now + ms, end });
    return end.signal;
  }

  /** Lets so many ms pass. */
  pass(ms: number): void {
    this.#now += ms;
    for (const { at, end } of this.#limits) {
      if (at <= this.#now) end.abort(new DOMException("the time is over", "TimeoutError"));
    }
  }
}

/** A clock that never moves, on which everybody sleeps until the signal aborts. */
export class StoppedClock extends TestClock {
  readonly #asleep = Promise.withResolvers<void>();
  /** Settles once somebody sleeps. */
  readonly asleep = this.#asleep.promise;

  override sleep(_ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      this.#asleep.resolve();
    });
  }
}
