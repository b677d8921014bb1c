import { placeholders } from "./cells.ts";
import type { Counter, ReceiptCounter } from "./counter.ts";

/** What was committed for one topic in a period. */
export interface Span {
  /** Its length in seconds: shorter than requested if the process has not run that long. */
  readonly seconds: number;
  readonly receipts: ReadonlyMap<string, Tally<Pick<ReceiptCounter, "category" | "outcome">>>;
  readonly malformed: ReadonlyMap<string, Tally<{ readonly topic: string; readonly reason: string }>>;
  readonly ignored: ReadonlyMap<string, Tally<{ readonly kind: string }>>;
}

/** Something with its count. */
export type Tally<Of> = Of & { readonly count: number };

/** A code of category `unknown`, since this process started. */
export interface SeenCode {
  /** Number of receipts with it. */
  readonly count: number;
  /** When the first and the last of them were committed, in ms since the epoch. */
  readonly firstAt: number;
  readonly lastAt: number;
}

/** The number of minutes kept: an hour, and the current one. */
const minutes = 61;
const minuteMs = 60_000;

/** How many codes are kept with their times: those seen last. */
const rememberedCodes = 1_000;

/** The counts of one minute: by category and outcome, topic and reason, kind. */
interface Minute {
  readonly number: number;
  readonly receipts: Map<string, Tally<Pick<ReceiptCounter, "category" | "outcome">>>;
  readonly malformed: Map<string, Tally<{ readonly topic: string; readonly reason: string }>>;
  readonly ignored: Map<string, Tally<{ readonly kind: string }>>;
}

/**
 * What was counted and committed in the last hour, by the minute of the commit. Counters have the totals; this shows
 * what is coming in now, to people without a Prometheus at hand. It lives as long as the process.
 */
export class Recent {
  readonly #clock: () => number;
  readonly #wallClock: () => number;
  readonly #begunAt: number;
  /** The newest last; minutes without counts are left out. */
  readonly #minutes: Minute[] = [];
  /** The last seen ones at the end. */
  readonly #codes = new Map<string, SeenCode>();

  /**
   * @param clock monotonic, in ms
   * @param wallClock in ms since the epoch
   */
  constructor(clock: () => number = () => performance.now(), wallClock: () => number = Date.now) {
    this.#clock = clock;
    this.#wallClock = wallClock;
    this.#begunAt = clock();
  }

  /**
   * Notes that a partition's counts were committed.
   *
   * @param counters by slot
   * @param before the committed numbers so far, by slot; folded (-1) and missing ones count as 0
   * @param after the committed numbers from now on
   */
  note(
    topic: string,
    counters: readonly Counter[],
    before: readonly number[],
    after: readonly number[],
  ): void {
    for (let slot = 0; slot < after.length; slot++) {
      const more = Math.max(0, after[slot] ?? 0) - Math.max(0, before[slot] ?? 0);
      const counter = counters[slot];
      // A fold moves a code's count to `_other` of the same cell.
      if (more !== 0 && counter !== undefined) this.#add(topic, counter, more);
    }
  }

  /**
   * What was committed in the current minute and the `length` minutes before it.
   *
   * @param length 1 to 60
   */
  last(length: number): Span {
    const now = this.#clock();
    const running = this.#minuteOf(now);
    const age = now - this.#begunAt;
    const wanted = length * minuteMs + (age - running * minuteMs);
    const span = { receipts: new Map(), malformed: new Map(), ignored: new Map() };
    for (const minute of this.#minutes) {
      if (minute.number < running - length) continue;
      for (const tally of minute.receipts.values()) addTo(span.receipts, keyOfReceipts(tally), tally);
      for (const tally of minute.malformed.values()) addTo(span.malformed, keyOfMalformed(tally), tally);
      for (const tally of minute.ignored.values()) addTo(span.ignored, tally.kind, tally);
    }
    return { seconds: Math.floor(Math.min(age, wanted) / 1000), ...span };
  }

  /** When a code of category `unknown` was seen; undefined when it was not, or a thousand others were since. */
  code(provider: string, scope: string, code: string): SeenCode | undefined {
    return this.#codes.get(`${provider}\t${scope}\t${code}`);
  }

  #add(topic: string, counter: Counter, count: number): void {
    switch (counter.kind) {
      case "receipts": {
        const { category, outcome } = counter;
        const { receipts } = this.#minute();
        addTo(receipts, keyOfReceipts(counter), { category, outcome, count });
        if (category === "unknown" && count > 0 && !placeholders.includes(counter.code))
          this.#see(counter, count);
        break;
      }
      case "malformed": {
        const own = { topic, reason: counter.reason, count };
        addTo(this.#minute().malformed, keyOfMalformed(own), own);
        break;
      }
      case "ignored":
        addTo(this.#minute().ignored, counter.what, { kind: counter.what, count });
        break;
    }
  }

  #see({ provider, scope, code }: ReceiptCounter, count: number): void {
    const key = `${provider}\t${scope}\t${code}`;
    const now = this.#wallClock();
    const before = this.#codes.get(key);
    this.#codes.delete(key);
    this.#codes.set(key, {
      count: (before?.count ?? 0) + count,
      firstAt: before?.firstAt ?? now,
      lastAt: now,
    });
    const [oldest] = this.#codes.keys();
    if (oldest !== undefined && this.#codes.size > rememberedCodes) this.#codes.delete(oldest);
  }

  /** The current minute's counts. */
  #minute(): Minute {
    const number = this.#minuteOf(this.#clock());
    const newest = this.#minutes.at(-1);
    if (newest?.number === number) return newest;
    const minute = { number, receipts: new Map(), malformed: new Map(), ignored: new Map() };
    this.#minutes.push(minute);
    while ((this.#minutes[0]?.number ?? number) <= number - minutes) this.#minutes.shift();
    return minute;
  }

  #minuteOf(now: number): number {
    return Math.floor((now - this.#begunAt) / minuteMs);
  }
}

function keyOfReceipts({ category, outcome }: Pick<ReceiptCounter, "category" | "outcome">): string {
  return `${category}\t${outcome}`;
}

function keyOfMalformed({ topic, reason }: { readonly topic: string; readonly reason: string }): string {
  return `${topic}\t${reason}`;
}

function addTo<Of extends { readonly count: number }>(sums: Map<string, Of>, key: string, more: Of): void {
  const before = sums.get(key);
  sums.set(key, before === undefined ? more : { ...before, count: before.count + more.count });
}
