import { createRequire } from "node:module";
import { pino } from "pino";
import { beforeAll, expect, it } from "vitest";
import { readBatchesInPlace } from "../../../src/kafka/patches/in-place.ts";
import { RecordBatch } from "../../../src/kafka/wire/record-batch.ts";
import { recordOf, writeBatch } from "../wire/batches.ts";

const require = createRequire(import.meta.url);
const decoderPath = "kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js";

/** What the broker answers next, for partition 0 of topic `t`. */
let messages: readonly unknown[] = [];

type Fetch = (request: unknown) => Promise<{
  responses: { partitions: { messages: readonly RecordBatch[] }[] }[];
}>;
const Broker = require("kafkajs/src/broker/index.js") as { prototype: { fetch: Fetch } };

// Its own file, for a process can try only once. The answer is damaged as no broker would send it.
beforeAll(() => {
  Broker.prototype.fetch = async () =>
    ({
      responses: [{ topicName: "t", partitions: [{ partition: 0, messages, abortedTransactions: [] }] }],
    }) as never;
  readBatchesInPlace(pino({ level: "silent" }));
});

async function fetchFrom(fetchOffset: number): Promise<readonly RecordBatch[]> {
  const broker = { connectionPool: { pool: [] } };
  const request = {
    topics: [{ topic: "t", partitions: [{ partition: 0, fetchOffset: String(fetchOffset) }] }],
  };
  const { responses } = await Broker.prototype.fetch.call(broker as never, request);
  return responses[0]?.partitions[0]?.messages ?? [];
}

it("takes an answer for damaged that ends before the offset that was asked for", async () => {
  const batch = new RecordBatch(writeBatch([recordOf("a", 0), recordOf("b", 1)], { baseOffset: 6 }));
  messages = [batch, batch];
  expect(await fetchFrom(7)).toEqual([batch, batch]);
  const [damaged, ...others] = await fetchFrom(8);
  expect(others).toEqual([]);
  expect(damaged?.offset).toBe("9223372036854775807");
  expect(() => damaged?.records()).toThrow("is damaged: it ends before the requested offset 8");
});

it("gives a damaged batch in place of a message set that nobody can read", async () => {
  const decodeMessages = require(decoderPath) as (decoder: unknown) => Promise<RecordBatch[]>;
  const Decoder = require("kafkajs/src/protocol/decoder.js") as new (bytes: Buffer) => unknown;
  const batch = writeBatch([recordOf("a", 0)]);
  batch[16] = 0;
  const size = Buffer.alloc(4);
  size.writeInt32BE(batch.length);
  const [damaged, ...others] = await decodeMessages(new Decoder(Buffer.concat([size, batch])));
  expect(others).toEqual([]);
  expect(() => damaged?.records()).toThrow("is damaged: not a message set");
});
