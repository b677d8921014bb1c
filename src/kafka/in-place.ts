import { createRequire } from "node:module";
import type { Logger } from "pino";
import { giveBackFrames } from "./frame-socket.ts";
import {
  type AbortedTransaction,
  batchMagic,
  hideAborted,
  RecordBatch,
  splitBatches,
} from "./record-batch.ts";

const folder = "kafkajs/src/protocol/requests/fetch";

/** The magic stands at the same place in all formats. */
const magicAt = 16;

/** Which of a broker's connections carries the fetches, and nothing else. */
const fetchConnection = 1;

let asked = false;

/**
 * Makes kafkajs hand out record batches as they are (see {@link RecordBatch}) in place of one object a record,
 * which costs more than all the rest of the walk. It holds for every consumer of this process, so only what reads
 * batches may ask for it, before the first fetch.
 *
 * All versions of kafkajs' Fetch decode records in one module; that is exchanged, after it was found as it is in
 * 2.2.4. Where it is not, one warning is logged, and consumers go on with an object a record.
 */
export function readBatchesInPlace(log: Logger): void {
  if (asked) return;
  asked = true;
  const require = createRequire(import.meta.url);
  const { version } = require("kafkajs/package.json") as { version: string };
  const path = require.resolve(`${folder}/v4/decodeMessages.js`);
  const decodeMessages = require(path) as unknown;
  const module = require.cache[path];
  const { prototype } = require("kafkajs/src/broker/index.js") as { prototype: BrokerPart };
  // A response that is loaded keeps the decoder that it was loaded with.
  const used = [4, 5, 7, 8, 11].some((v) => require.resolve(`${folder}/v${v}/response.js`) in require.cache);
  const found =
    version === "2.2.4" &&
    module !== undefined &&
    typeof decodeMessages === "function" &&
    decodeMessages.length === 1 &&
    typeof prototype.fetch === "function" &&
    !used;
  if (!found) {
    log.warn({ version }, "record batches can't be read in place with this kafkajs: reading costs more");
    return;
  }

  const inherited = decodeMessages as DecodeMessages;
  module.exports = (async (decoder) => {
    const start = decoder.offset + 4;
    const end = start + decoder.buffer.readInt32BE(decoder.offset);
    const inBatches = start + magicAt < end && decoder.buffer.readInt8(start + magicAt) >= batchMagic;
    if (!inBatches || end > decoder.buffer.length) return inherited(decoder);
    decoder.offset = end;
    return splitBatches(decoder.buffer.subarray(start, end));
  }) satisfies DecodeMessages;

  const fetch = prototype.fetch;
  prototype.fetch = async function (request) {
    // Each broker is asked again only when all that came before is folded; fetches have this socket for themselves.
    const socket = this.connectionPool.pool[fetchConnection]?.socket;
    if (socket !== undefined) giveBackFrames(socket);
    const answer = await fetch.call(this, request);
    for (const partition of answer.responses.flatMap(({ partitions }) => partitions)) {
      const batches = partition.messages.filter((message) => message instanceof RecordBatch);
      if (batches.length === 0 || partition.abortedTransactions === undefined) continue;
      hideAborted(batches, partition.abortedTransactions);
      partition.abortedTransactions = [];
    }
    return answer;
  };
}

type DecodeMessages = (decoder: { readonly buffer: Buffer; offset: number }) => Promise<unknown[]>;

interface BrokerPart {
  readonly connectionPool: { readonly pool: readonly { readonly socket?: object }[] };
  fetch(this: BrokerPart, request: unknown): Promise<FetchAnswer>;
}

interface FetchAnswer {
  readonly responses: readonly {
    readonly partitions: readonly {
      readonly messages: readonly unknown[];
      /** Absent in answers of the oldest brokers. */
      abortedTransactions?: readonly AbortedTransaction[];
    }[];
  }[];
}
