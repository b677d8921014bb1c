import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Reader, Writer } from "../../../src/kafka/wire/bytes.ts";
import * as foreign from "./foreign.ts";

/** Each type: how it is written and read, how another writes it, and what it may hold. */
const types = {
  int8: {
    values: fc.integer({ min: -128, max: 127 }),
    write: (to: Writer, value: number) => to.int8(value),
    read: (from: Reader) => from.int8(),
    bytes: foreign.i8,
  },
  int16: {
    values: fc.integer({ min: -32_768, max: 32_767 }),
    write: (to: Writer, value: number) => to.int16(value),
    read: (from: Reader) => from.int16(),
    bytes: foreign.i16,
  },
  int32: {
    values: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    write: (to: Writer, value: number) => to.int32(value),
    read: (from: Reader) => from.int32(),
    bytes: foreign.i32,
  },
  int64: {
    values: fc.maxSafeInteger(),
    write: (to: Writer, value: number) => to.int64(value),
    read: (from: Reader) => from.int64(),
    bytes: (value: number) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64BE(BigInt(value));
      return bytes;
    },
  },
  boolean: {
    values: fc.boolean(),
    write: (to: Writer, value: boolean) => to.boolean(value),
    read: (from: Reader) => from.boolean(),
    bytes: (value: boolean) => Buffer.of(value ? 1 : 0),
  },
  string: {
    values: fc.option(fc.string({ unit: "binary", maxLength: 300 })),
    write: (to: Writer, value: string | null) => to.string(value),
    read: (from: Reader) => from.string(),
    bytes: foreign.text,
  },
  compactString: {
    values: fc.string({ unit: "binary", maxLength: 300 }),
    write: (to: Writer, value: string) => to.compactString(value),
    read: (from: Reader) => from.compactString(),
    bytes: foreign.compactText,
  },
  bytes: {
    values: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    write: (to: Writer, value: Buffer) => to.bytes(value),
    read: (from: Reader) => from.bytes(),
    bytes: foreign.blob,
  },
  uvarint: {
    values: fc.oneof(fc.nat(300), fc.nat(2 ** 31 - 1)),
    write: (to: Writer, value: number) => to.uvarint(value),
    read: (from: Reader) => from.uvarint(),
    bytes: foreign.uvarint,
  },
  array: {
    values: fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 200 }),
    write: (to: Writer, values: readonly number[]) => to.array(values, (value, into) => into.int16(value)),
    read: (from: Reader) => from.array(() => from.int16()),
    bytes: (values: readonly number[]) => foreign.list(...values.map(foreign.i16)),
  },
  compactArray: {
    values: fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 200 }),
    write: (to: Writer, values: readonly number[]) =>
      to.compactArray(values, (value, into) => into.int16(value)),
    read: (from: Reader) => from.compactArray(() => from.int16()),
    bytes: (values: readonly number[]) => foreign.compactList(...values.map(foreign.i16)),
  },
} as const;

interface Type {
  readonly values: fc.Arbitrary<unknown>;
  readonly write: (to: Writer, value: never) => Writer;
  readonly read: (from: Reader) => unknown;
  readonly bytes: (value: never) => Buffer;
}

const entries = Object.entries(types) as unknown as readonly (readonly [string, Type])[];

describe.each(entries)("%s", (_, { values, write, read, bytes }) => {
  it("is written as the protocol says, and read back, with what follows left alone", () => {
    fc.assert(
      fc.property(values, (value) => {
        const { buffer } = write(new Writer(), value as never);
        expect(buffer).toEqual(bytes(value as never));
        const reader = new Reader(write(new Writer().int8(3), value as never).int8(7).buffer);
        expect(reader.int8()).toBe(3);
        expect(read(reader)).toEqual(value);
        expect(reader.int8()).toBe(7);
        expect(() => reader.int8()).toThrow(RangeError);
      }),
    );
  });

  it("is refused wherever it is cut off", () => {
    fc.assert(
      fc.property(values, fc.nat(400), (value, cut) => {
        const { buffer } = write(new Writer(), value as never);
        const short = buffer.subarray(0, Math.max(0, buffer.length - 1 - (cut % buffer.length)));
        expect(() => read(new Reader(short))).toThrow(RangeError);
      }),
    );
  });
});

describe("Reader", () => {
  it("never reads past the end, whatever the bytes are", () => {
    const reads = entries.map(([, { read }]) => read);
    const others: readonly ((from: Reader) => unknown)[] = [
      (from) => from.tags(),
      (from) => from.compactBytes(),
      (from) => from.array(() => from.compactString()),
      (from) => from.compactArray(() => from.tags()),
    ];
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        fc.array(fc.constantFrom(...reads, ...others), { maxLength: 20 }),
        (raw, steps) => {
          // What lies beyond the answer in the same memory is not the reader's to see.
          const memory = Buffer.concat([Buffer.from(raw), Buffer.alloc(64, 1)]);
          const reader = new Reader(memory.subarray(0, raw.length));
          try {
            for (const step of steps) {
              const value = step(reader);
              if (Buffer.isBuffer(value)) expect(value.length).toBeLessThanOrEqual(raw.length);
            }
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("does not allot what an answer announces and does not hold", () => {
    let reads = 0;
    const read = () => reads++;
    expect(() => new Reader(foreign.i32(2 ** 31 - 1)).array(read)).toThrow(
      "a response claims 2147483647 entries but is too short for them",
    );
    expect(() => new Reader(foreign.uvarint(2 ** 28)).compactArray(read)).toThrow(
      "but is too short for them",
    );
    expect(() => new Reader(foreign.i32(2 ** 31 - 1)).bytes()).toThrow("a response ends unexpectedly");
    expect(reads).toBe(0);
  });

  it("reads what is null as nothing", () => {
    expect(new Reader(foreign.i32(-1)).array(() => 1)).toEqual([]);
    expect(new Reader(foreign.uvarint(0)).compactArray(() => 1)).toEqual([]);
    expect(new Reader(foreign.i32(-1)).bytes()).toBeNull();
    expect(new Reader(foreign.uvarint(0)).compactBytes()).toBeNull();
    expect(new Reader(foreign.uvarint(0)).compactString()).toBeNull();
    expect(new Reader(foreign.i16(-1)).string()).toBeNull();
    expect(new Reader(foreign.compactBlob(Buffer.from("ab"))).compactBytes()).toEqual(Buffer.from("ab"));
  });

  it("passes over tagged fields", () => {
    const reader = new Reader(
      foreign.all(
        foreign.tags([0, Buffer.from("abc")], [300, Buffer.alloc(200)], [7, Buffer.alloc(0)]),
        foreign.tags(),
        foreign.i8(9),
      ),
    );
    reader.tags();
    reader.tags();
    expect(reader.int8()).toBe(9);
  });

  it("refuses a number that does not end", () => {
    expect(() => new Reader(Buffer.alloc(20, 0xff)).uvarint()).toThrow("a varint in a response is too long");
  });

  it("gives views of its bytes, not copies", () => {
    const bytes = foreign.blob(Buffer.from("abc"));
    const view = new Reader(bytes).bytes();
    bytes[4] = 0x7a;
    expect(view?.toString()).toBe("zbc");
  });
});

describe("Writer", () => {
  it("shows what kafkajs looks for in a request's body, as often as it likes", () => {
    const writer = new Writer().int8(1).string("a");
    expect(writer.buf).toEqual(Buffer.from([1, 0, 1, 0x61]));
    writer.noTags();
    expect(writer.buffer).toEqual(Buffer.from([1, 0, 1, 0x61, 0]));
    expect(writer.buf).toEqual(writer.buffer);
    expect(new Writer().buffer).toEqual(Buffer.alloc(0));
  });

  it("keeps what was written when it grows, whatever comes last", () => {
    const text = "é".repeat(200);
    const long = Buffer.alloc(5_000, 7);
    const written = new Writer()
      .string(text)
      .raw(long)
      .compactString(text)
      .uvarint(2 ** 31 - 1)
      .int64(-2);
    const read = new Reader(written.buffer);
    expect([read.string(), read.raw(5_000), read.compactString()]).toEqual([text, long, text]);
    expect([read.uvarint(), read.int64()]).toEqual([2 ** 31 - 1, -2]);
    expect(() => read.int8()).toThrow(RangeError);
  });

  it("refuses a text that is too long for its length", () => {
    expect(() => new Writer().string("x".repeat(32_768))).toThrow(RangeError);
    expect(new Writer().string("x".repeat(32_767)).buffer).toHaveLength(32_769);
  });
});
