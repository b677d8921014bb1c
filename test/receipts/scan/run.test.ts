import { describe, expect, it } from "vitest";
import { Turn } from "../../../src/kafka/turn.ts";
import { RecordBatch } from "../../../src/kafka/wire/record-batch.ts";
import { RecordCursor } from "../../../src/kafka/wire/record-cursor.ts";
import { createDecoder } from "../../../src/receipts/decode.ts";
import {
  recordOf,
  sealed,
  varint,
  type WrittenRecord,
  wrapRecords,
  writeBatch,
} from "../../kafka/wire/batches.ts";
import { createRandom, type Random } from "../../lab/random.ts";
import { originals } from "../samples/originals.ts";
import { shapeOf } from "../support.ts";
import { havingRead, readAtOnce, readEach } from "./read-log.ts";
import { someOf } from "./some-records.ts";
import { topics } from "./topics.ts";

/** A seed to see again: `SCAN_SEED=N`. */
const replayed = process.env.SCAN_SEED;
/** How many batches are tried of each topic; `SCAN_RECORDS` is the same for records, as in the other test. */
const perTopic = Math.ceil(Number(process.env.SCAN_RECORDS ?? 5_000) / 100);
const firstSeed = Number(replayed ?? Math.floor(Math.random() * 2 ** 31));
const timestamp = Date.parse("2026-01-01T00:00:10+08:00");

const tried = topics
  .map(({ name, shape, records }) => ({
    name,
    together: createDecoder(shape, "sms.own"),
    each: createDecoder(shape, "sms.own"),
    dimensions: shape.dimensions.length,
    records,
    atOnce: 0,
  }))
  .filter(({ together }) => together.readRun !== undefined);

/** Changes some bytes of a batch's records, or their number, and leaves the checksum right. */
function damage(batch: Buffer, { below }: Random): void {
  if (below(4) === 0) batch.writeInt32BE(batch.readInt32BE(57) + below(3) - 1, 57);
  for (let i = below(4); i > 0; i--) batch[61 + below(batch.length - 61)] = below(256);
  sealed(batch);
}

it(
  `the same is read at once as one by one, of ${perTopic * tried.length} batches that follow from the seed ${firstSeed}`,
  () => {
    const count = replayed === undefined ? perTopic * tried.length : 1;
    for (let seed = firstSeed; seed < firstSeed + count; seed++) {
      const topic = tried[seed % tried.length];
      if (topic === undefined) throw new Error("there are no topics");
      const random = createRandom(seed);
      const header = {
        ...{ baseOffset: random.below(2 ** 31) * random.below(2 ** 20), baseTimestamp: timestamp },
        ...{ attributes: random.below(4) === 0 ? 8 : 0, maxTimestamp: timestamp + 5_000 },
      };
      const batch = writeBatch(someOf(topic.records, random), header);
      if (random.below(4) === 0) damage(batch, random);
      const log = readAtOnce(batch, topic.together, topic.dimensions);
      expect(log.lines, `SCAN_SEED=${seed}: ${topic.name}`).toEqual(readEach(batch, topic.each));
      topic.atOnce += log.atOnce;
    }
    if (replayed !== undefined) return;
    // Nothing is tried where nothing is read.
    const unread = ["top-response, under auto", "top-response", "infobip, under auto", "infobip"];
    const seldom = tried.filter(({ name, atOnce }) => atOnce < perTopic / 10 && !unread.includes(name));
    expect(seldom.map(({ name, atOnce }) => `${name}: ${atOnce}`)).toEqual([]);
  },
  120_000 + 10 * perTopic * tried.length,
);

const record = JSON.stringify(originals.tmcSms?.value);

describe("a run ends", () => {
  /** The offsets that are read at once of a batch of five records that were all read before. */
  function offsetsRead(
    from: number,
    to: number,
    change: (records: WrittenRecord[]) => WrittenRecord[] = (all) => all,
  ) {
    const decode = havingRead(shapeOf(), record);
    const records = change(Array.from({ length: 5 }, (_, i) => recordOf(record, 2 * i)));
    const cursor = new RecordCursor([new RecordBatch(writeBatch(records, { baseOffset: 100 }))]);
    const offsets: number[] = [];
    for (let next = from; ;) {
      // The clock is read behind the first record.
      expect(cursor.isPaused).toBe(false);
      const columns = decode.readRun && cursor.readRun(decode.readRun, next, to);
      if (columns === undefined) return offsets;
      expect(columns.records).toBe(columns.size);
      for (const delta of columns.offsets.subarray(0, columns.size)) offsets.push(columns.baseOffset + delta);
      next = columns.end;
      expect(next).toBe((offsets.at(-1) ?? 0) + 1);
    }
  }

  it("at the end of the batch", () => expect(offsetsRead(0, 1000)).toEqual([100, 102, 104, 106, 108]));
  it("before the end of the offsets", () => expect(offsetsRead(0, 104)).toEqual([100, 102]));
  it("before it begins, at offsets that are counted", () => expect(offsetsRead(101, 1000)).toEqual([]));
  it("with nothing, where all offsets are behind", () => expect(offsetsRead(0, 50)).toEqual([]));

  const third = (changed: Partial<WrittenRecord>) => (records: WrittenRecord[]) =>
    records.map((one, i) => (i === 2 ? { ...one, ...changed } : one));
  it.each([
    { name: "a tombstone", changed: { value: null } },
    { name: "an empty value", changed: { value: Buffer.alloc(0) } },
    { name: "a time that is months away from the batch's", changed: { timestampDelta: 2 ** 40 } },
    { name: "an offset before the one in front of it", changed: { offsetDelta: 1 } },
    {
      name: "a value that is longer than what is scanned",
      changed: { value: Buffer.from(record.padEnd(300_000)) },
    },
  ])("in front of $name", ({ changed }) => expect(offsetsRead(0, 1000, third(changed))).toEqual([100, 102]));
  it.each([
    { name: "a key", changed: { key: Buffer.alloc(300, "k") } },
    {
      name: "headers",
      changed: {
        headers: [
          ["method", null],
          ["trace", Buffer.alloc(200, "h")],
        ] as const,
      },
    },
    { name: "blanks around its value", changed: { value: Buffer.from(` ${record}\n`) } },
  ])("not at a record with $name", ({ changed }) =>
    expect(offsetsRead(0, 1000, third(changed))).toHaveLength(5),
  );

  it("in front of a record with less than no headers, which is damaged", () => {
    const value = Buffer.from(record);
    const fields = [
      Buffer.from([0]),
      varint(0),
      varint(1),
      varint(-1),
      varint(value.length),
      value,
      varint(-1),
    ];
    const damaged = Buffer.concat(fields);
    const first = writeBatch([recordOf(record, 0)]).subarray(61);
    const records = Buffer.concat([first, varint(damaged.length), damaged]);
    const batch = wrapRecords(records, { recordCount: 2, lastOffsetDelta: 1 });
    const { lines } = readAtOnce(batch, havingRead(shapeOf(), record));
    expect(lines).toEqual(readEach(batch, createDecoder(shapeOf())));
    expect(lines.at(-1)).toContain("a negative number of headers");
  });

  // So long that the receipts of as many bytes as are read at once have room.
  const long = `${record}${" ".repeat(300)}`;
  const longOnes = Array.from({ length: 2_000 }, (_, i) => recordOf(long, i));
  const quarterMibs = (records: number) => Math.round((records * (long.length + 10)) / (256 * 1024));

  it("after so many bytes, so that the clock is read", () => {
    const decode = havingRead(shapeOf(), long);
    const cursor = new RecordCursor([new RecordBatch(writeBatch(longOnes))]);
    const sizes: number[] = [];
    for (let from = 0; from < longOnes.length; from += sizes.at(-1) ?? 0) {
      expect(cursor.isPaused).toBe(false);
      sizes.push((decode.readRun && cursor.readRun(decode.readRun, from, 5_000))?.records ?? 0);
    }
    expect(sizes.length).toBeGreaterThan(3);
    for (const size of sizes.slice(0, -1)) expect(quarterMibs(size)).toBe(1);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(longOnes.length);
  });

  it("when the turn of its fetch is over", () => {
    const decode = havingRead(shapeOf(), long);
    let now = 0;
    const turn = new Turn(3, () => now++);
    const cursor = new RecordCursor([new RecordBatch(writeBatch(longOnes))], turn);
    let read = 0;
    while (!cursor.isPaused && read < longOnes.length)
      read += (decode.readRun && cursor.readRun(decode.readRun, read, 5_000))?.records ?? 0;
    expect(quarterMibs(read)).toBe(3);
  });

  it("before a record whose receipts have no room any more", () => {
    const many = `[${Array.from({ length: 1_100 }, () => record).join(",")}]`;
    const batch = writeBatch([many, many, many].map((value, i) => recordOf(value, i)));
    const log = readAtOnce(batch, havingRead(shapeOf(), many));
    expect(log.atOnce).toBe(3);
    expect(log.lines).toHaveLength(3_300);
    const tooMany = `[${Array.from({ length: 2_049 }, () => record).join(",")}]`;
    expect(readAtOnce(writeBatch([recordOf(tooMany, 0)]), havingRead(shapeOf(), record)).atOnce).toBe(0);
  });
});
