import { createRequire } from "node:module";
import type { KafkaMessage } from "kafkajs";
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
const require = createRequire(import.meta.url);
const Decoder = require("kafkajs/src/protocol/decoder.js") as new (bytes: Buffer) => object;
const decodeMessageSet = require("kafkajs/src/protocol/messageSet/decoder.js") as (
  decoder: object,
  size: number,
) => Promise<readonly KafkaMessage[]>;

/** The magic stands at the same place in all formats. */
const magicAt = 16;

/** What a record set holds, opened as far as is needed to know what it covers. */
export interface RecordSet {
  readonly fetched: readonly Fetched[];
  /** One more than the last offset that it covers; undefined when it is empty. */
  readonly end: number | undefined;
}

/**
 * Takes the record set of a fetched partition apart. What is damaged throws when it is walked, not here: what lies before
 * it is counted first.
 *
 * @param from the offset that was asked for: the first batch holds it, or lies behind it
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
      fetched: [first.asDamaged(`it ends before offset ${from}, which was asked for`)],
      end: from + 1,
    };
  }
  hideAborted(batches, aborted);
  // Behind the last one that is whole: a damaged one is met by the next fetch, as its first.
  const whole = batches.filter((batch) => !batch.isDamaged);
  return {
    fetched: whole.filter((batch) => !batch.isControlRecord),
    end: (whole.at(-1)?.lastOffset ?? from) + 1,
  };
}

/** The format before record batches, which a log that was written by old clients or brokers may still hold. */
async function readMessageSet(set: Buffer, from: number): Promise<RecordSet> {
  try {
    const fetched = await decodeMessageSet(new Decoder(set), set.length);
    const last = fetched.at(-1);
    return { fetched, end: last === undefined ? undefined : Number(last.offset) + 1 };
  } catch {
    return { fetched: [new RecordBatch(set, "it is no message set")], end: from + 1 };
  }
}
