const newline = 0x0a;
const carriageReturn = 0x0d;

/** The longest line that is kept, in bytes: more than Kafka usually allows for a record, and little memory. */
export const maxLineBytes = 16 * 1024 * 1024;

/**
 * Splits a stream of bytes into lines without decoding them. Memory is limited to one chunk and one line.
 *
 * A line ends with LF or CRLF, which is not part of it; the last one needs none. Empty lines are skipped.
 */
export class LineSplitter {
  readonly #onLine: (line: Buffer | undefined) => void;
  #parts: Buffer[] = [];
  #length = 0;

  /** @param onLine gets each line, or undefined for one longer than {@link maxLineBytes} */
  constructor(onLine: (line: Buffer | undefined) => void) {
    this.#onLine = onLine;
  }

  /** Takes the next bytes of the stream. */
  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      this.#take(chunk.subarray(start, end));
      this.#endLine();
      start = end + 1;
    }
    this.#take(chunk.subarray(start));
  }

  /** The stream has ended. */
  end(): void {
    this.#endLine();
  }

  #take(part: Buffer): void {
    this.#length += part.length;
    if (this.#length > maxLineBytes) this.#parts = [];
    else if (part.length > 0) this.#parts.push(part);
  }

  #endLine(): void {
    if (this.#length > maxLineBytes) {
      this.#onLine(undefined);
    } else {
      const [first, ...rest] = this.#parts;
      const line = first === undefined || rest.length === 0 ? first : Buffer.concat(this.#parts);
      const end = line?.at(-1) === carriageReturn ? -1 : undefined;
      const bare = line?.subarray(0, end);
      if (bare !== undefined && bare.length > 0) this.#onLine(bare);
    }
    this.#parts = [];
    this.#length = 0;
  }
}
