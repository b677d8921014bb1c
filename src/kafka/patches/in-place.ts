import { createRequire } from "node:module";
import type { Logger } from "pino";
import { giveBackFrames } from "../wire/frame-socket.ts";
import {
  type AbortedTransaction,
  batchMagic,
  hideAborted,
  RecordBatch,
  splitBatches,
} from "../wire/record-batch.ts";

const folder = "kafkajs/src/protocol/requests/fetch";

/** The magic is at the same place in all formats. */
const magicAt = 16;

/** The one of a broker's connections that kafkajs uses for fetches only. */
const fetchConnection = 1;

let asked = false;

/**
 * Makes kafkajs return record batches as they are (see {@link RecordBatch}) instead of one object a record, which
 * costs more than all the rest of the walk. It affects every consumer of this process, so only readers of batches may
 * call it, before the first fetch.
 *
 * All versions of kafkajs' Fetch decode records in one module; that is replaced, in the release that `repairKafkajs`
 * has verified. If an answer has been decoded already, it logs one warning, and consumers keep getting an object a
 * record.
 */
export function readBatchesInPlace(log: Logger): void {
  if (asked) return;
  asked = true;
  const require = createRequire(import.meta.url);
  const path = require.resolve(`${folder}/v4/decodeMessages.js`);
  const inherited = require(path) as DecodeMessages;
  const module = require.cache[path];
  const { prototype } = require("kafkajs/src/broker/index.js") as { prototype: BrokerPart };
  // A loaded response keeps the decoder that it was loaded with.
  const used = [4, 5, 7, 8, 11].some((v) => require.resolve(`${folder}/v${v}/response.js`) in require.cache);
  if (module === undefined || used) {
    log.warn(
      "record batches can't be read in place because kafkajs' decoder was already loaded: reading will be slower",
    );
    return;
  }

  module.exports = (async (decoder) => {
    const start = decoder.offset + 4;
    const end = start + decoder.buffer.readInt32BE(decoder.offset);
    if (start + magicAt >= end || end > decoder.buffer.length) return inherited(decoder);
    const set = decoder.buffer.subarray(start, end);
    if (set.readUInt8(magicAt) < batchMagic) {
      // A message set, or a batch with a damaged magic: the rest of the answer is still read.
      return inherited(decoder).catch(() => {
        decoder.offset = end;
        return [new RecordBatch(set, "not a message set")];
      });
    }
    decoder.offset = end;
    return splitBatches(set);
  }) satisfies DecodeMessages;

  const fetch = prototype.fetch;
  const busy = new WeakSet<BrokerPart>();
  const shared = new WeakSet<BrokerPart>();
  prototype.fetch = async function (request) {
    // A broker is asked again only after the previous answer is folded, and this socket is used for fetches only. The
    // exception is one address for two brokers: then kafkajs fetches from both over it, taking turns.
    if (busy.has(this)) shared.add(this);
    const socket = this.connectionPool.pool[fetchConnection]?.socket;
    if (socket !== undefined && !shared.has(this)) giveBackFrames(socket);
    busy.add(this);
    const answer = await fetch.call(this, request).finally(() => busy.delete(this));
    for (const { topicName, partitions } of answer.responses) {
      const { partitions: asked = [] } = request.topics.find(({ topic }) => topic === topicName) ?? {};
      for (const partition of partitions) {
        const from = asked.find((one) => one.partition === partition.partition)?.fetchOffset;
        hideUnasked(partition, Number(from ?? 0));
      }
    }
    return answer;
  };
}

/** @param from the requested offset: the first batch contains it, or comes after it */
function hideUnasked(partition: FetchedPartition, from: number): void {
  const batches = partition.messages.filter((message) => message instanceof RecordBatch);
  const [first] = batches;
  if (first === undefined) return;
  if (Number(first.offset) < from) {
    partition.messages = [first.asDamaged(`it ends before the requested offset ${from}`)];
    return;
  }
  if (partition.abortedTransactions === undefined) return;
  hideAborted(batches, partition.abortedTransactions);
  partition.abortedTransactions = [];
}

type DecodeMessages = (decoder: { readonly buffer: Buffer; offset: number }) => Promise<unknown[]>;

interface BrokerPart {
  readonly connectionPool: { readonly pool: readonly { readonly socket?: object }[] };
  fetch(this: BrokerPart, request: FetchRequest): Promise<FetchAnswer>;
}

interface FetchRequest {
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly fetchOffset: string | number }[];
  }[];
}

interface FetchAnswer {
  readonly responses: readonly { readonly topicName: string; readonly partitions: FetchedPartition[] }[];
}

interface FetchedPartition {
  readonly partition: number;
  messages: readonly unknown[];
  /** Absent in answers of the oldest brokers. */
  abortedTransactions?: readonly AbortedTransaction[];
}
