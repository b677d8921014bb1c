/**
 * Writes the types of the Kafka protocol (https://kafka.apache.org/protocol#protocol_types). `compact…` are those of the
 * flexible versions.
 */
export class Writer {
  #parts: Buffer[] = [];

  /** What was written; both names are what kafkajs looks for in a request's body. */
  get buffer(): Buffer {
    if (this.#parts.length !== 1) this.#parts = [Buffer.concat(this.#parts)];
    return this.#parts[0] ?? Buffer.alloc(0);
  }

  get buf(): Buffer {
    return this.buffer;
  }

  int8(value: number): this {
    const bytes = Buffer.alloc(1);
    bytes.writeInt8(value);
    return this.raw(bytes);
  }

  int16(value: number): this {
    const bytes = Buffer.alloc(2);
    bytes.writeInt16BE(value);
    return this.raw(bytes);
  }

  int32(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return this.raw(bytes);
  }

  /** @param value a whole number up to 2^53 */
  int64(value: number): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(BigInt(value));
    return this.raw(bytes);
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }

  string(value: string | null): this {
    if (value === null) return this.int16(-1);
    const bytes = Buffer.from(value);
    return this.int16(bytes.length).raw(bytes);
  }

  bytes(value: Buffer): this {
    return this.int32(value.length).raw(value);
  }

  array<T>(values: readonly T[], write: (value: T, writer: this) => unknown): this {
    this.int32(values.length);
    for (const value of values) write(value, this);
    return this;
  }

  /** @param value 0 or more, below 2^31 */
  uvarint(value: number): this {
    const bytes: number[] = [];
    let left = value;
    for (; left >= 0x80; left >>>= 7) bytes.push((left & 0x7f) | 0x80);
    bytes.push(left);
    return this.raw(Buffer.from(bytes));
  }

  compactString(value: string): this {
    const bytes = Buffer.from(value);
    return this.uvarint(bytes.length + 1).raw(bytes);
  }

  compactArray<T>(values: readonly T[], write: (value: T, writer: this) => unknown): this {
    this.uvarint(values.length + 1);
    for (const value of values) write(value, this);
    return this;
  }

  /** The end of every structure of a flexible version: no tagged fields. */
  noTags(): this {
    return this.uvarint(0);
  }

  raw(bytes: Buffer): this {
    this.#parts.push(bytes);
    return this;
  }
}

/** Reads the same types. A read past the end throws a RangeError. */
export class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int8(): number {
    return this.#bytes.readInt8(this.#pass(1));
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#pass(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#pass(4));
  }

  /** Exact up to 2^53, which no offset and no time reaches. */
  int64(): number {
    return Number(this.#bytes.readBigInt64BE(this.#pass(8)));
  }

  boolean(): boolean {
    return this.int8() !== 0;
  }

  string(): string | null {
    const length = this.int16();
    return length < 0 ? null : this.raw(length).toString();
  }

  bytes(): Buffer | null {
    const length = this.int32();
    return length < 0 ? null : this.raw(length);
  }

  /** @returns an empty list for null, too */
  array<T>(read: () => T): T[] {
    return this.#list(this.int32(), read);
  }

  uvarint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes.readUInt8(this.#pass(1));
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
      if (shift > 28) throw new RangeError("a number in an answer does not end");
    }
  }

  compactString(): string | null {
    const length = this.uvarint() - 1;
    return length < 0 ? null : this.raw(length).toString();
  }

  compactBytes(): Buffer | null {
    const length = this.uvarint() - 1;
    return length < 0 ? null : this.raw(length);
  }

  compactArray<T>(read: () => T): T[] {
    return this.#list(this.uvarint() - 1, read);
  }

  /** Passes over tagged fields. */
  tags(): void {
    for (let left = this.uvarint(); left > 0; left--) {
      this.uvarint();
      this.raw(this.uvarint());
    }
  }

  /** @returns a view of the bytes, no copy */
  raw(length: number): Buffer {
    const start = this.#pass(length);
    return this.#bytes.subarray(start, start + length);
  }

  #list<T>(length: number, read: () => T): T[] {
    // What an answer announces is not allotted before it is there.
    if (length > this.#bytes.length - this.#at)
      throw new RangeError(`an answer announces ${length} entries it does not hold`);
    const list: T[] = [];
    for (let left = length; left > 0; left--) list.push(read());
    return list;
  }

  #pass(length: number): number {
    const start = this.#at;
    if (length < 0 || start + length > this.#bytes.length) throw new RangeError("an answer ends too early");
    this.#at = start + length;
    return start;
  }
}
