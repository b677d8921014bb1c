import zlib from "node:zlib";
import { compressFrameSync } from "lz4-napi";
import snappy from "snappy";
import { describe, expect, it } from "vitest";
import { largestBatch, largestValue } from "../../../src/bounds.ts";
import { unpack } from "../../../src/kafka/wire/codecs.ts";
import { RecordBatch } from "../../../src/kafka/wire/record-batch.ts";
import { RecordCursor } from "../../../src/kafka/wire/record-cursor.ts";
import { foldRecords } from "../../../src/ledger/fold-records.ts";
import { PartitionLedger } from "../../../src/ledger/partition-ledger.ts";
import { malformedIn } from "../../../src/ledger/summary.ts";
import { createDecoder } from "../../../src/receipts/decode.ts";
import { shapeOf } from "../../receipts/support.ts";
import { planOf, sumOf } from "../group/support.ts";
import { recordOf, wrapRecords, writeBatch } from "./batches.ts";

const codecs = [
  { codec: 1, name: "gzip", pack: (bytes: Buffer) => zlib.gzipSync(bytes, { level: 1 }) },
  { codec: 2, name: "snappy", pack: (bytes: Buffer) => snappy.compressSync(bytes) },
  { codec: 2, name: "snappy in blocks", pack: inBlocks },
  { codec: 3, name: "lz4", pack: (bytes: Buffer) => compressFrameSync(bytes) },
  { codec: 4, name: "zstd", pack: (bytes: Buffer) => zlib.zstdCompressSync(bytes) },
];

/** Snappy as the Java client frames it. */
function inBlocks(bytes: Buffer): Buffer {
  const blocks = Array.from({ length: Math.ceil(bytes.length / 65_536) }, (_, n) => {
    const packed = snappy.compressSync(bytes.subarray(n * 65_536, (n + 1) * 65_536));
    const length = Buffer.alloc(4);
    length.writeInt32BE(packed.length);
    return Buffer.concat([length, packed]);
  });
  return Buffer.concat([Buffer.from("82534e41505059000000000100000001", "hex"), ...blocks]);
}

/** A partition into which record sets are folded. */
function partition() {
  const ledger = new PartitionLedger("t", 0, planOf("t").openCounts(), { offset: -1, metadata: null }, 0, 0);
  const decode = createDecoder(shapeOf());
  const fold = (...batches: Buffer[]) => {
    const opened = batches.map((bytes) => new RecordBatch(bytes));
    foldRecords(ledger, decode, new RecordCursor(opened), (opened.at(-1)?.lastOffset ?? 0) + 1);
  };
  const counted = () => {
    const skipped = ledger.counts.counters.findIndex(({ kind }) => kind === "skipped");
    return { ...Object.fromEntries(malformedIn(ledger.counts)), skipped: ledger.counts.bySlot[skipped] };
  };
  return { ledger, fold, counted };
}

describe.each(codecs)("a batch in $name", ({ codec, pack }) => {
  const size = 4 * 65_536;

  it("is unpacked up to the bound, and no further", () => {
    const packed = pack(Buffer.alloc(size, "receipt "));
    expect(unpack(codec, packed, size)?.length).toBe(size);
    expect(unpack(codec, packed, size - 1)).toBeUndefined();
  });

  it("is passed when it unpacks to too much: one record too large, the other offsets skipped", () => {
    const bomb = pack(Buffer.alloc(largestBatch + 65_536));
    expect(bomb.length).toBeLessThan(largestBatch / 15);
    const { ledger, fold, counted } = partition();
    fold(
      writeBatch([recordOf("no json", 0)], { baseOffset: 0 }),
      wrapRecords(bomb, { baseOffset: 1, attributes: codec, lastOffsetDelta: 9, recordCount: 2 ** 31 - 1 }),
      writeBatch([recordOf("no json", 0)], { baseOffset: 11 }),
    );
    expect(counted()).toEqual({ not_json: 2, too_large: 1, skipped: 9 });
    expect([ledger.next, sumOf(ledger)]).toEqual([12, 12]);
  });
});

describe("lz4", () => {
  const text = Buffer.alloc(4 * 65_536, "receipt ");

  it("is bounded over all of its frames", () => {
    const frames = Buffer.concat([compressFrameSync(text), compressFrameSync(text)]);
    expect(unpack(3, frames, 2 * text.length)?.length).toBeGreaterThanOrEqual(text.length);
    expect(unpack(3, frames, 2 * text.length - 1)).toBeUndefined();
  });

  it.each(["184d2a50", "184c2102", "00000000"])("of no frame that Kafka knows is refused: %s", (magic) => {
    const head = Buffer.from(magic, "hex").reverse();
    const hidden = Buffer.concat([head, Buffer.alloc(4), compressFrameSync(text)]);
    expect(() => unpack(3, hidden)).toThrow("not an lz4 frame");
  });
});

describe("a value", () => {
  it("is not looked at when it is too long, and its neighbours are", () => {
    const { ledger, fold, counted } = partition();
    const long = recordOf(`"${"x".repeat(largestValue - 2)}"`, 0);
    const longer = recordOf("x".repeat(largestValue + 1), 1);
    fold(writeBatch([long, longer, recordOf("no json", 2)]));
    expect(counted()).toEqual({ not_a_receipt: 1, too_large: 1, not_json: 1, skipped: 0 });
    expect(sumOf(ledger)).toBe(3);
  });
});
