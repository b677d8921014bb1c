/** Writes numbers and texts compactly. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(1024);
  #length = 0;

  /** @param value a natural number up to 2^53 - 1: seven bits a byte, low bits first */
  natural(value: number): void {
    let rest = value;
    this.#reserve(8);
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Any text, preceded by its length. */
  text(value: string): void {
    this.block(Buffer.from(value));
  }

  /** Bytes, preceded by their length. */
  block(bytes: Uint8Array): void {
    this.natural(bytes.length);
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** What was written so far. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * this.#bytes.length + more);
    larger.set(this.written);
    this.#bytes = larger;
  }
}

/** Reads what {@link ByteWriter} wrote; throws an Error with a reason for anything else. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  natural(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new Error("unexpected end of data");
      value += (byte & 0x7f) * scale;
      if (!Number.isSafeInteger(value)) throw new Error("a number exceeds 2^53");
      if (byte < 0x80) return value;
    }
  }

  text(): string {
    return this.block().toString("utf8");
  }

  block(): Buffer {
    const length = this.natural();
    const start = this.#at;
    if (length > this.#bytes.length - start) throw new Error("unexpected end of data");
    this.#at += length;
    return this.#bytes.subarray(start, this.#at);
  }

  /** @throws when there is data left */
  end(): void {
    if (!this.atEnd) throw new Error("bytes follow the last field");
  }
}
