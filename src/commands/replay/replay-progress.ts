import { grouped, spanWords } from "../../replay/spans.ts";
import type { Output } from "../command.ts";

const clearLine = "\r\u001b[K";
const redrawMs = 200;
const lineMs = 60_000;
const barWidth = 24;

/** A shorter replay is over before anyone could read about it. */
const momentMs = 1_000;

/** A fetch takes less; without a record for this long something is wrong, and the wait is reported. */
const silenceMs = 5_000;

/** What a replay is doing. */
export interface Doing {
  readonly words: string;
  /** What it is waiting for; undefined when it is not. */
  readonly waitsFor: string | undefined;
}

/** The progress of a replay: a bar on a terminal; elsewhere a line a minute, and one when it waits. */
export class ReplayProgress {
  readonly #output: Output;
  readonly #quiet: boolean;
  readonly #patience: string;
  readonly #startedAt = performance.now();
  #saidAt = performance.now();
  #movedAt = performance.now();
  /** Since when it has been waiting. */
  #waitsSince: number | undefined;
  #saidWait = false;
  #drawn = false;
  #first: number | undefined;
  #done = 0;
  #total = 0;

  /** @param timeoutMs how long it waits before it gives up */
  constructor(output: Output, quiet: boolean, timeoutMs: number) {
    this.#output = output;
    this.#quiet = quiet;
    this.#patience = spanWords(timeoutMs);
  }

  /** @param done and `total`: offsets */
  show(done: number, total: number): void {
    const now = performance.now();
    if (done !== this.#done || this.#first === undefined) this.#movedAt = now;
    // Offsets from a resumed state were read by an earlier run, and don't count for the speed.
    this.#first ??= done;
    this.#done = done;
    this.#total = total;
    const filled = Math.floor((barWidth * done) / Math.max(1, total));
    const bar = `${"█".repeat(filled).padEnd(barWidth, "░")} `;
    const silence = now - this.#movedAt;
    if (done >= total || silence < silenceMs) {
      this.#say({ words: `${this.#share}, ${this.#speed(now)}`, waitsFor: undefined }, bar);
      return;
    }
    const words = `${this.#share}, no record for ${Math.floor(silence / 1000)} s`;
    this.#say({ words, waitsFor: "a broker" }, bar);
  }

  /**
   * Shows what is being done once it takes more than a moment.
   *
   * @param doing called repeatedly; returns undefined when there is nothing to show
   * @returns the result of the work
   */
  async during<T>(doing: () => Doing | undefined, work: Promise<T>): Promise<T> {
    const began = performance.now();
    const telling = setInterval(() => {
      const now = doing();
      if (now !== undefined && performance.now() - began >= momentMs) this.#say(now, "");
    }, redrawMs);
    try {
      return await work;
    } finally {
      clearInterval(telling);
      this.end();
    }
  }

  /** Whether the amount to read is known. */
  get begun(): boolean {
    return this.#first !== undefined;
  }

  /** The progress as a phrase: `after 1,000 of 4,000 records (25 %)`. */
  get summary(): string {
    return this.#total === 0 ? "before the first record" : `after ${this.#share}`;
  }

  /** Clears the bar. */
  end(): void {
    if (this.#drawn) this.#output.write(clearLine);
    this.#drawn = false;
    this.#waitsSince = undefined;
  }

  get #share(): string {
    const percent = Math.floor((100 * this.#done) / Math.max(1, this.#total));
    return `${grouped(this.#done)} of ${grouped(this.#total)} records (${percent} %)`;
  }

  /** @param bar shown before the words on a terminal */
  #say({ words, waitsFor }: Doing, bar: string): void {
    if (this.#quiet) return;
    const now = performance.now();
    const terminal = this.#output.isTTY === true;
    if (waitsFor === undefined) {
      this.#waitsSince = undefined;
      this.#saidWait = false;
    } else {
      this.#waitsSince ??= now;
    }
    const isNews = !this.#saidWait && now - (this.#waitsSince ?? now) >= silenceMs;
    if (now - this.#saidAt < (terminal ? redrawMs : isNews ? 0 : lineMs)) return;
    this.#saidAt = now;
    this.#saidWait = waitsFor !== undefined;
    const text =
      waitsFor === undefined ? words : `${words}; waiting for ${waitsFor}, for up to ${this.#patience}`;
    if (!terminal) {
      this.#output.write(`${text}\n`);
      return;
    }
    this.#drawn = true;
    this.#output.write(`${clearLine}${bar}${text}`);
  }

  #speed(now: number): string {
    const rate = ((this.#done - (this.#first ?? 0)) * 1000) / (now - this.#startedAt);
    if (rate <= 0) return "waiting for the first";
    const left = Math.ceil((this.#total - this.#done) / rate);
    const time =
      left < 90 ? `${left} s` : left < 5400 ? `${Math.ceil(left / 60)} min` : `${(left / 3600).toFixed(1)} h`;
    return `${grouped(Math.round(rate))}/s, ${time} left`;
  }
}
