import type { Output } from "./command.ts";

const clearLine = "\r\u001b[K";
const redrawMs = 200;
const lineMs = 60_000;
const barWidth = 24;

/** How far a replay is: a bar on a terminal, a line a minute elsewhere. */
export class ReplayProgress {
  readonly #output: Output;
  readonly #quiet: boolean;
  readonly #startedAt = performance.now();
  #saidAt = performance.now();
  #drawn = false;
  #first: number | undefined;
  #done = 0;
  #total = 0;

  constructor(output: Output, quiet: boolean) {
    this.#output = output;
    this.#quiet = quiet;
  }

  /** @param done and `total`: offsets */
  show(done: number, total: number): void {
    // What a state file brought along was read by another run, and says nothing of this one's speed.
    this.#first ??= done;
    this.#done = done;
    this.#total = total;
    if (this.#quiet) return;
    const now = performance.now();
    const terminal = this.#output.isTTY === true;
    if (now - this.#saidAt < (terminal ? redrawMs : lineMs)) return;
    this.#saidAt = now;
    if (!terminal) {
      this.#output.write(`${this.#share}, ${this.#speed(now)}\n`);
      return;
    }
    this.#drawn = true;
    const filled = Math.floor((barWidth * done) / Math.max(1, total));
    const bar = "█".repeat(filled).padEnd(barWidth, "░");
    this.#output.write(`${clearLine}${bar} ${this.#share}, ${this.#speed(now)}`);
  }

  /** How far it came, as a phrase: `after 1,000 of 4,000 records (25 %)`. */
  get summary(): string {
    return this.#total === 0 ? "before the first record" : `after ${this.#share}`;
  }

  get #share(): string {
    const percent = Math.floor((100 * this.#done) / Math.max(1, this.#total));
    return `${grouped(this.#done)} of ${grouped(this.#total)} records (${percent} %)`;
  }

  /** Takes the bar away. */
  end(): void {
    if (this.#drawn) this.#output.write(clearLine);
    this.#drawn = false;
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

function grouped(count: number): string {
  return count.toLocaleString("en-US");
}
