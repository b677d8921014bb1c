import type { Output } from "../command.ts";

const redrawMs = 200;
const clearLine = "\r\u001b[K";

/** The progress of reading a file, on one line of a terminal; nothing if it is not a terminal. */
export class InputProgress {
  readonly #total: number | undefined;
  readonly #output: Output;
  readonly #startedAt = performance.now();
  #drawnAt = Number.NEGATIVE_INFINITY;
  #bytes = 0;

  /**
   * @param total bytes to come, undefined if unknown
   * @param output where to draw
   */
  constructor(total: number | undefined, output: Output) {
    this.#total = total;
    this.#output = output;
  }

  /** Notes that more bytes were processed. */
  advance(bytes: number): void {
    this.#bytes += bytes;
    const now = performance.now();
    if (this.#output.isTTY !== true || now - this.#drawnAt < redrawMs) return;
    this.#drawnAt = now;
    const rate = this.#bytes / ((now - this.#startedAt) / 1000);
    const share = this.#total
      ? `, ${Math.floor((100 * this.#bytes) / this.#total)} % of ${megabytes(this.#total)}`
      : "";
    this.#output.write(`${clearLine}${megabytes(this.#bytes)} read${share}, ${megabytes(rate)}/s`);
  }

  /** Clears the line. */
  end(): void {
    if (this.#drawnAt > 0) this.#output.write(clearLine);
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
