/**
 * Writes the types of the Kafka protocol (https://kafka.apache.org/protocol#protocol_types). `compact…` are those of the
 * flexible versions.
 */
export class Writer {
  /** Doubles when full: a fetch names every partition, and a buffer for each field would mean thousands. */
  #bytes = Buffer.allocUnsafe(256);
  #end = 0;

  /** What was written; kafkajs expects both names in a request's body. */
  get buffer(): Buffer {
    return this.#bytes.subarray(0, this.#end);
  }

  get buf(): Buffer {
    return this.buffer;
  }

  int8(value: number): this {
    this.#end = this.#room(1).writeInt8(value, this.#end);
    return this;
  }

  int16(value: number): this {
    this.#end = this.#room(2).writeInt16BE(value, this.#end);
    return this;
  }

  int32(value: number): this {
    this.#end = this.#room(4).writeInt32BE(value, this.#end);
    return this;
  }

  /** @param value a whole number up to 2^53 */
  int64(value: number): this {
    this.#end = this.#room(8).writeBigInt64BE(BigInt(value), this.#end);
    return this;
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }

  string(value: string | null): this {
    if (value === null) return this.int16(-1);
    const length = Buffer.byteLength(value);
    return this.int16(length).#text(value, length);
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
    const bytes = this.#room(5);
    let left = value;
    for (; left >= 0x80; left >>>= 7) bytes[this.#end++] = (left & 0x7f) | 0x80;
    bytes[this.#end++] = left;
    return this;
  }

  compactString(value: string): this {
    const length = Buffer.byteLength(value);
    return this.uvarint(length + 1).#text(value, length);
  }

  compactArray<T>(values: readonly T[], write: (value: T, writer: this) => unknown): this {
    this.uvarint(values.length + 1);
    for (const value of values) write(value, this);
    return this;
  }

  /** Ends a structure of a flexible version: no tagged fields. */
  noTags(): this {
    return this.uvarint(0);
  }

  raw(bytes: Buffer): this {
    this.#room(bytes.length).set(bytes, this.#end);
    this.#end += bytes.length;
    return this;
  }

  #text(value: string, length: number): this {
    this.#room(length).write(value, this.#end);
    this.#end += length;
    return this;
  }

  /** @returns where to write, with at least this many bytes free */
  #room(bytes: number): Buffer {
    const needed = this.#end + bytes;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, this.#end);
      this.#bytes = larger;
    }
    return this.#bytes;
  }
}

/** Reads the same types. Reading past the end throws a RangeError. */
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

  /** Exact up to 2^53, which no offset or time exceeds. */
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

  /** @returns an empty list for null too */
  array<T>(read: () => T): T[] {
    return this.#list(this.int32(), read);
  }

  uvarint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes.readUInt8(this.#pass(1));
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
      if (shift > 28) throw new RangeError("a varint in a response is too long");
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

  /** Skips tagged fields. */
  tags(): void {
    for (let left = this.uvarint(); left > 0; left--) {
      this.uvarint();
      this.raw(this.uvarint());
    }
  }

  /** @returns a view, not a copy */
  raw(length: number): Buffer {
    const start = this.#pass(length);
    return this.#bytes.subarray(start, start + length);
  }

  #list<T>(length: number, read: () => T): T[] {
    // Allocate nothing for entries that the answer is too short to hold.
    if (length > this.#bytes.length - this.#at)
      throw new RangeError(`a response claims ${length} entries but is too short for them`);
    const list: T[] = [];
    for (let left = length; left > 0; left--) list.push(read());
    return list;
  }

  #pass(length: number): number {
    const start = this.#at;
    if (length < 0 || start + length > this.#bytes.length)
      throw new RangeError("a response ends unexpectedly");
    this.#at = start + length;
    return start;
  }
}
