import { describe, expect, it } from "vitest";
import { parseCodeMap } from "../../src/codes/parse.ts";
import { RecordBatch } from "../../src/kafka/wire/record-batch.ts";
import { RecordCursor } from "../../src/kafka/wire/record-cursor.ts";
import { createDecoder, type Decoder } from "../../src/receipts/decode.ts";
import type { Dimension } from "../../src/receipts/dimensions/dimension.ts";
import { recordsInOrder, unseen } from "../../src/replay/order.ts";
import { ReplayPartition } from "../../src/replay/replay-partition.ts";
import { Tally } from "../../src/replay/tally.ts";
import type { ReplayWindow } from "../../src/replay/window.ts";
import { recordOf, writeBatch } from "../kafka/wire/batches.ts";
import { createRandom } from "../lab/random.ts";
import { originals } from "../receipts/samples/originals.ts";
import { someOf } from "../receipts/scan/some-records.ts";
import { topics } from "../receipts/scan/topics.ts";
import { shapeOf } from "../receipts/support.ts";
import { hour, map, minute } from "./tallying.ts";

const recordedAt = Date.parse("2026-01-01T00:00:10+08:00");
/** Two days around the samples' times, in which some of their events are not. */
const window: ReplayWindow = {
  from: recordedAt - 24 * hour,
  to: recordedAt + 24 * hour,
  step: minute,
  slack: hour,
  by: "event",
};

/** The packaged map, with another category for two codes. */
const compare = parseCodeMap(
  "scopes:\n  sms_receipt:\n    channel: sms\n    codes:\n      DELIVRD: { category: blacklist, outcome: failed, zh: 黑名单 }\n",
  "map.yaml",
);

/** A stretch from an offset on, and its topic's tally. */
function begun(
  decode: Decoder,
  rest: Partial<ReplayWindow>,
  start = 0,
  dimensions: readonly Dimension[] = [],
) {
  const wanted = { ...window, ...rest };
  const tally = new Tally({
    ...{ topic: "t", window: wanted, utcOffsetMinutes: 480 },
    cells: {
      ...{ map, provider: undefined, unknownCodes: 100, segments: true },
      dimensions: dimensions.map(({ name }) => name),
      dimensionValues: 4,
    },
    compare: "map" in compare ? compare.map : undefined,
  });
  const stretch = { topic: "t", partition: 0, start, end: 2 ** 40, removedBefore: 0, undecided: 0 };
  const state = { stretch, next: start, removed: 0, lost: 0, oldestAt: undefined, order: unseen };
  const partition = new ReplayPartition(state, wanted, tally, decode, undefined);
  return { partition, read: () => ({ partition: partition.state(), tally: tally.state() }) };
}

function asEach(decode: Decoder): Decoder {
  return (record, receipts) => decode(record, receipts);
}

describe("records that are read at once are replayed like each of them", () => {
  const alike = topics.filter(({ shape }) => createDecoder(shape).readRun !== undefined);
  it.each(alike.map((topic, i) => ({ ...topic, i })))("$name", ({ shape, records, i }) => {
    const random = createRandom(i);
    const rest = { by: i % 2 === 0 ? "event" : "record", slack: i % 3 === 0 ? undefined : hour } as const;
    const together = begun(createDecoder(shape), rest, 0, shape.dimensions);
    const apart = begun(asEach(createDecoder(shape)), rest, 0, shape.dimensions);
    let baseOffset = 0;
    for (let batch = 0; batch < 20; batch++) {
      const written = someOf(records, random);
      const bytes = writeBatch(written, { baseOffset, baseTimestamp: recordedAt });
      const last = written.at(-1)?.offsetDelta ?? 0;
      for (const end of [random.below(last) + 1, last + 3]) {
        for (const { partition } of [together, apart])
          partition.take(new RecordCursor([new RecordBatch(bytes)]), baseOffset + end);
      }
      baseOffset += last + 3;
    }
    expect(together.read()).toEqual(apart.read());
  });

  it("and no more of them once the log has passed the window", () => {
    const value = JSON.stringify(originals.tmcSms?.value);
    const decode = createDecoder(shapeOf());
    const together = begun(decode, { by: "record" }, 7);
    const apart = begun(asEach(decode), { by: "record" }, 7);
    // The last records of the window, and more than are needed to show that it is over.
    for (let first = 0; first < recordsInOrder + 2_100; first += 700) {
      const records = Array.from({ length: 700 }, (_, i) => recordOf(value, 2 * (first + i)));
      const baseTimestamp = recordedAt + (first === 0 ? 0 : 30 * 24 * hour);
      const bytes = writeBatch(records, { baseOffset: 7, baseTimestamp });
      for (const { partition } of [together, apart])
        partition.take(new RecordCursor([new RecordBatch(bytes)]), 7 + 2 * (first + 700));
    }
    expect(together.partition.isFull).toBe(true);
    expect(together.partition.next).toBe(7 + 2 * (700 + recordsInOrder - 1) + 1);
    expect(together.read()).toEqual(apart.read());
  });
});
