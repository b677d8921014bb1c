import type { KafkaMessage } from "kafkajs";
import decoder from "kafkajs/src/protocol/decoder.js";
import messageSetDecoder from "kafkajs/src/protocol/messageSet/decoder.js";
import { registerCodecs } from "./codecs.ts";
import {
  type AbortedTransaction,
  batchMagic,
  hideAborted,
  RecordBatch,
  splitBatches,
} from "./record-batch.ts";
import type { Fetched } from "./record-cursor.ts";

registerCodecs();
const Decoder = decoder as new (bytes: Buffer) => object;
const decodeMessageSet = messageSetDecoder as (
  decoder: object,
  size: number,
) => Promise<readonly KafkaMessage[]>;

/** The magic is at the same place in all formats. */
const magicAt = 16;

/** The contents of a record set, opened only as far as needed to know which offsets it covers. */
export interface RecordSet {
  readonly fetched: readonly Fetched[];
  /** One past the last offset that it covers; undefined when it is empty. */
  readonly end: number | undefined;
}

/**
 * Splits the record set of a fetched partition. A damaged batch throws when it is walked, not here: the records
 * before it are counted first.
 *
 * @param from the requested offset: the first batch contains it, or comes after it
 */
export async function readRecordSet(
  set: Buffer,
  from: number,
  aborted: readonly AbortedTransaction[],
): Promise<RecordSet> {
  if (set.length <= magicAt) return { fetched: [], end: undefined };
  if (set.readUInt8(magicAt) < batchMagic) return readMessageSet(set, from);
  const batches = splitBatches(set);
  const [first] = batches;
  if (first === undefined) return { fetched: [], end: undefined };
  if (first.isDamaged) return { fetched: [first], end: from + 1 };
  if (first.lastOffset < from) {
    return {
      fetched: [first.asDamaged(`it ends before the requested offset ${from}`)],
      end: from + 1,
    };
  }
  hideAborted(batches, aborted);
  // Continue after the last whole batch: a damaged one comes first in the next fetch.
  const whole = batches.filter((batch) => !batch.isDamaged);
  return {
    fetched: whole.filter((batch) => !batch.isHidden),
    end: (whole.at(-1)?.lastOffset ?? from) + 1,
  };
}

/** The format before record batches; a log written by old clients or brokers may still hold it. */
async function readMessageSet(set: Buffer, from: number): Promise<RecordSet> {
  try {
    const fetched = await decodeMessageSet(new Decoder(set), set.length);
    const last = fetched.at(-1);
    return { fetched, end: last === undefined ? undefined : Number(last.offset) + 1 };
  } catch {
    return { fetched: [new RecordBatch(set, "not a message set")], end: from + 1 };
  }
}
