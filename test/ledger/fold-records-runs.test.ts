import { describe, expect, it } from "vitest";
import { RecordBatch } from "../../src/kafka/wire/record-batch.ts";
import { RecordCursor } from "../../src/kafka/wire/record-cursor.ts";
import { counterKey } from "../../src/ledger/counter.ts";
import { Counts } from "../../src/ledger/counts.ts";
import { Delays } from "../../src/ledger/delays.ts";
import { foldRecords } from "../../src/ledger/fold-records.ts";
import { PartitionLedger } from "../../src/ledger/partition-ledger.ts";
import { createDecoder, type Decoder, type RecordShape } from "../../src/receipts/decode.ts";
import { writeBatch } from "../kafka/wire/batches.ts";
import { createRandom } from "../lab/random.ts";
import { someOf } from "../receipts/scan/some-records.ts";
import { topics } from "../receipts/scan/topics.ts";
import { map, nothing } from "./partitions.ts";

const recordedAt = Date.parse("2026-01-01T00:00:10+08:00");

/** The ledger of a partition whose receipts have segments and few named values, and what it has counted. */
function opened({ dimensions }: RecordShape) {
  const delays = new Delays();
  const options = {
    map,
    provider: undefined,
    unknownCodes: 50,
    scopes: ["sms_receipt"],
    segments: true,
    dimensions: dimensions.map(({ name }) => name),
    dimensionValues: 4,
    delays,
  };
  const ledger = new PartitionLedger("t", 0, new Counts(options), nothing, 0, 0);
  const counted = () => {
    const { counters, bySlot, lastEvent } = ledger.counts;
    const named = counters.map((counter, slot) => `${counterKey(counter)} ${bySlot[slot]}`);
    return {
      next: ledger.next,
      first: ledger.first,
      named,
      lastEvent: lastEvent.at,
      delays: [...delays.all()],
    };
  };
  return { ledger, counted };
}

describe("records that are read at once count like each of them", () => {
  it.each(
    topics
      .filter(({ shape }) => createDecoder(shape).readRun !== undefined)
      .map((topic, i) => ({ ...topic, i })),
  )("$name", ({ shape, records, i }) => {
    const random = createRandom(i);
    const decode = createDecoder(shape);
    const alone = createDecoder(shape);
    const each: Decoder = (record, receipts) => alone(record, receipts);
    const [together, apart] = [opened(shape), opened(shape)];
    let baseOffset = 0;
    for (let batch = 0; batch < 20; batch++) {
      const written = someOf(records, random);
      const bytes = writeBatch(written, { baseOffset, baseTimestamp: recordedAt });
      const last = written.at(-1)?.offsetDelta ?? 0;
      // Some batches are fetched again from where counting stopped, as after a pause; some end before their last record.
      const ends = random.below(2) === 0 ? [last + 1] : [random.below(last) + 1, last + 3];
      for (const end of ends) {
        for (const [{ ledger }, decoder] of [
          [together, decode],
          [apart, each],
        ] as const)
          foldRecords(ledger, decoder, new RecordCursor([new RecordBatch(bytes)]), baseOffset + end);
      }
      expect(together.counted()).toEqual(apart.counted());
      baseOffset += last + 3;
    }
  });
});
