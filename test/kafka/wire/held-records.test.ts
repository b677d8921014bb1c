import { expect, it } from "vitest";
import { RecordBatch } from "../../../src/kafka/wire/record-batch.ts";
import { RecordCursor } from "../../../src/kafka/wire/record-cursor.ts";
import { createDecoder, type Decoder } from "../../../src/receipts/decode.ts";
import { mostHeld } from "../../../src/receipts/scan/memory.ts";
import { createRandom } from "../../lab/random.ts";
import { originals } from "../../receipts/samples/originals.ts";
import { havingRead, readAtOnce, readEach } from "../../receipts/scan/read-log.ts";
import { shapeOf } from "../../receipts/support.ts";
import { recordOf, wrapRecords, type WrittenRecord, writeBatch } from "./batches.ts";

const record = JSON.stringify(originals.tmcSms?.value);
/** As many records as take four pieces. */
const count = Math.ceil((3.2 * mostHeld) / record.length);

/** Records of different lengths, so that pieces end anywhere in them. */
function records(seed: number): WrittenRecord[] {
  const { below } = createRandom(seed);
  return Array.from({ length: count }, (_, i) => recordOf(`${record}${" ".repeat(below(40))}`, i));
}

it("are read piece by piece where a batch is too large, and none is read by itself that is known", () => {
  for (const seed of [1, 2, 3]) {
    const batch = writeBatch(records(seed));
    const { lines, atOnce } = readAtOnce(batch, havingRead(shapeOf(), record));
    expect(lines).toEqual(readEach(batch, createDecoder(shapeOf())));
    expect(lines).toHaveLength(count);
    expect(atOnce).toBe(count);
  }
});

it.each([
  { name: "that is longer than what is scanned", length: 300_000 },
  { name: "that is as long as a piece", length: mostHeld },
  { name: "that is longer than a piece", length: mostHeld + 100_000 },
])("are read after a record $name", ({ length }) => {
  const long = records(4).map((one, i) => (i % 3_000 === 2_000 ? recordOf(record.padEnd(length), i) : one));
  const batch = writeBatch(long);
  const { lines, atOnce } = readAtOnce(batch, havingRead(shapeOf(), record));
  expect(lines).toEqual(readEach(batch, createDecoder(shapeOf())));
  const itself = long.filter((_, i) => i % 3_000 === 2_000).length;
  expect(atOnce).toBe(count - itself);
});

it("are as damaged in pieces as they are one by one", () => {
  const whole = writeBatch(records(5)).subarray(61);
  const header = { recordCount: count, lastOffsetDelta: count - 1 };
  const more = Buffer.concat([whole, Buffer.alloc(10)]);
  // cut off at the end of a piece too, and within the last record
  for (const bytes of [
    more,
    whole.subarray(0, mostHeld),
    whole.subarray(0, 2 * mostHeld),
    whole.subarray(0, -1),
  ]) {
    const batch = wrapRecords(bytes, header);
    const { lines } = readAtOnce(batch, havingRead(shapeOf(), record));
    expect(lines).toEqual(readEach(batch, createDecoder(shapeOf())));
    expect(lines.at(-1)).toContain("is damaged");
  }
});

it("are those of the batch that is read, whichever was read before", () => {
  // too large, and just not
  const sizes = [count, 100, count, 3_000, count, count];
  const batches = sizes.map((size, n) => records(10 + n).slice(0, size));
  const starts = sizes.map((_, n) => sizes.slice(0, n).reduce((sum, size) => sum + size, 0));
  const bytes = batches.map((batch, n) => writeBatch(batch, { baseOffset: starts[n] ?? 0 }));
  const cursor = new RecordCursor(bytes.map((batch) => new RecordBatch(batch)));
  const decode = havingRead(shapeOf(), record);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const offsets: number[] = [];
  while (offsets.length < all) {
    const columns = decode.readRun && cursor.readRun(decode.readRun, offsets.length, all);
    if (columns === undefined) throw new Error(`nothing is read at once at ${offsets.length}`);
    for (const delta of columns.offsets.subarray(0, columns.size)) offsets.push(columns.baseOffset + delta);
  }
  expect(offsets).toEqual(Array.from({ length: all }, (_, offset) => offset));
});

it("are held once more where those of another batch were held meanwhile", () => {
  const decode: Decoder = havingRead(shapeOf(), record);
  const cursors = [6, 7].map((seed) => new RecordCursor([new RecordBatch(writeBatch(records(seed)))]));
  const next = [0, 0];
  for (let isLeft = true; isLeft;) {
    isLeft = false;
    for (const [i, cursor] of cursors.entries()) {
      const columns = decode.readRun && cursor.readRun(decode.readRun, next[i] ?? 0, count);
      if (columns === undefined) continue;
      next[i] = columns.end;
      isLeft = true;
    }
  }
  expect(next).toEqual([count, count]);
});
