import { setImmediate as turn } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countedOf, receiptOf, receiptsOf, runFlags, untilCounted } from "./counting.ts";
import {
  connect,
  createTopic,
  type ExporterProcess,
  produce,
  randomName,
  startExporter,
  waitFor,
  withAdmin,
} from "./harness.ts";
import { describeWithBroker } from "./with-broker.ts";

describeWithBroker("a log whose offsets have gaps", ({ brokers }) => {
  const compacted = randomName("compacted");
  const topics = {
    batches: randomName("batches"),
    transactions: randomName("transactions"),
    deleted: randomName("deleted"),
    overtaken: randomName("overtaken"),
    behind: randomName("behind"),
    anew: randomName("anew"),
  };
  const names = Object.values(topics);
  let exporter: ExporterProcess;

  beforeAll(async () => {
    await fillForCompaction(brokers, compacted);
    await Promise.all(names.map((topic) => createTopic(brokers, topic, 1)));
    await transact(brokers, topics.transactions, [
      ["12", 5, "commit"],
      ["006", 3, "abort"],
    ]);
    for (const topic of [topics.deleted, topics.overtaken, topics.behind, topics.anew]) {
      await produce(brokers, topic, receiptsOf("12", 10));
    }
    await deleteBefore(brokers, topics.deleted, 6);
    exporter = await startExporter(runFlags(brokers, names));
  });

  afterAll(() => exporter?.stop());

  it("counts batches of one and of ten thousand, with keys, headers, empty values and tombstones", async () => {
    const refused = JSON.stringify({ error_response: { code: 15, sub_code: "isv.BUSINESS_LIMIT_CONTROL" } });
    await produce(brokers, topics.batches, [receiptOf("DELIVRD")]);
    await produce(brokers, topics.batches, receiptsOf("12", 10_000));
    await produce(brokers, topics.batches, [
      { key: "a", value: receiptOf("024") },
      { value: refused, headers: { method: "alibaba.aliqin.fc.sms.num.send" } },
      { key: "b", value: null },
      null,
      "",
      Buffer.from([0xc3, 0x28]),
      "no receipt",
    ]);
    const { codes, malformed, skipped } = await untilCounted(exporter, brokers, topics.batches);
    expect(codes).toEqual({ DELIVRD: 1, "12": 10_000, "024": 1, "isv.BUSINESS_LIMIT_CONTROL": 1 });
    expect(malformed).toEqual({ tombstone: 2, empty: 1, invalid_utf8: 1, not_json: 1 });
    expect(skipped).toBe(0);
    const byApi = `topic="${topics.batches}".*scope="sms_send_api",code="isv.BUSINESS_LIMIT_CONTROL".*} 1`;
    expect(await exporter.metrics()).toMatch(new RegExp(byApi));
  });

  it("counts what was committed in a transaction, and not what was aborted", async () => {
    // the broker writes a transaction's marker after it has said that the transaction has ended
    const untilSkipped = (offsets: number) =>
      waitFor(async () => (await untilCounted(exporter, brokers, topics.transactions)).skipped >= offsets, {
        what: `${offsets} offsets to be skipped`,
      });
    // 3 aborted records, and a marker after each of the two transactions
    await untilSkipped(5);
    const before = await untilCounted(exporter, brokers, topics.transactions);
    expect(before).toMatchObject({ codes: { "12": 5 }, skipped: 5 });
    // now the reader is at the end, and what comes next holds nothing to count
    await transact(brokers, topics.transactions, [["006", 3, "abort"]]);
    await untilSkipped(9);
    const after = await untilCounted(exporter, brokers, topics.transactions);
    expect(after).toMatchObject({ codes: { "12": 5 }, skipped: 9 });
  });

  it("begins where the log begins when its first records were deleted", async () => {
    const { codes, skipped } = await untilCounted(exporter, brokers, topics.deleted, { 0: 6 });
    expect({ codes, skipped }).toEqual({ codes: { "12": 4 }, skipped: 0 });
  });

  it("keeps its counts when records are deleted under its feet", async () => {
    await untilCounted(exporter, brokers, topics.overtaken);
    process.kill(exporter.pid, "SIGSTOP");
    // the fetch that waits at the broker may still get the first record, which is as much as it waits for, and nothing of
    // what follows
    const bait = { ...(JSON.parse(receiptOf("006")) as object), extend: "x".repeat(200_000) };
    await produce(brokers, topics.overtaken, [JSON.stringify(bait)]);
    await produce(brokers, topics.overtaken, receiptsOf("024", 7));
    await deleteBefore(brokers, topics.overtaken, 16);
    process.kill(exporter.pid, "SIGCONT");
    const wiped = watchMetadata(brokers, names[0] ?? "", topics.overtaken);
    const { codes, skipped } = await untilCounted(exporter, brokers, topics.overtaken);
    expect(await wiped()).toEqual([]);
    const { "006": taken = 0, ...rest } = codes;
    expect(rest).toEqual({ "12": 10, "024": 2 });
    expect(skipped + taken).toBe(6);
    expect(exporter.log()).toContain("retention deleted records before they were counted");
  });

  it("counts on in a topic that was made anew while it was reading", async () => {
    await untilCounted(exporter, brokers, topics.anew);
    await withAdmin(brokers, (admin) => admin.deleteTopics({ topics: [topics.anew] }));
    await createTopic(brokers, topics.anew, 1);
    await produce(brokers, topics.anew, receiptsOf("024", 3));
    await waitFor(async () => countedOf(await exporter.metrics(), topics.anew).committed.get("0") === 3, {
      what: "the new log's end",
    });
    const { codes, skipped } = await untilCounted(exporter, brokers, topics.anew, { 0: -10 });
    expect({ codes, skipped }).toEqual({ codes: { "12": 10, "024": 3 }, skipped: 0 });
    expect(exporter.log()).toContain("the topic was recreated: counting its new log from the start");
  });

  describe("after a stop, in which the log lost what comes next", () => {
    beforeAll(async () => {
      await untilCounted(exporter, brokers, topics.behind);
      await exporter.stop();
      await produce(brokers, topics.behind, receiptsOf("024", 7));
      await deleteBefore(brokers, topics.behind, 15);
      exporter = await startExporter(runFlags(brokers, names));
    });

    it("keeps its counts, and counts deleted records as skipped", async () => {
      const { codes, skipped } = await untilCounted(exporter, brokers, topics.behind);
      expect({ codes, skipped }).toEqual({ codes: { "12": 10, "024": 2 }, skipped: 5 });
      expect(exporter.log()).toContain("retention deleted records before they were counted");
    });

    it("still knows what it had counted of the others", async () => {
      const transactions = await untilCounted(exporter, brokers, topics.transactions);
      expect(transactions).toMatchObject({ codes: { "12": 5 }, skipped: 9 });
      const { codes } = await untilCounted(exporter, brokers, topics.anew, { 0: -10 });
      expect(codes).toEqual({ "12": 10, "024": 3 });
    });
  });

  it("counts what compaction has left", async () => {
    await waitFor(async () => (await offsetsIn(brokers, compacted)).length < 100, { what: "compaction" });
    const late = await startExporter(runFlags(brokers, [compacted]));
    const counted = await untilCounted(late, brokers, compacted);
    await late.stop();
    expect(counted).toMatchObject({
      codes: { "006": 1, "024": 1 },
      malformed: { tombstone: 1 },
      skipped: 100,
    });
  });
});

/** Runs transactions one after the other, each of so many receipts of a code. */
async function transact(
  brokers: readonly string[],
  topic: string,
  transactions: readonly (readonly [code: string, count: number, end: "commit" | "abort"])[],
): Promise<void> {
  const producer = connect(brokers).producer({
    transactionalId: randomName("transaction"),
    maxInFlightRequests: 1,
    idempotent: true,
  });
  await producer.connect();
  for (const [code, count, end] of transactions) {
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: receiptsOf(code, count).map((value) => ({ value })) });
    await transaction[end]();
  }
  await producer.disconnect();
}

async function deleteBefore(brokers: readonly string[], topic: string, offset: number): Promise<void> {
  await withAdmin(brokers, async (admin) => {
    // kafkajs deletes only in topics that this connection has asked about
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(offset) }] });
  });
}

/** A hundred records that a newer one of the same key replaces, in a topic that is soon compacted. */
async function fillForCompaction(brokers: readonly string[], topic: string): Promise<void> {
  await createTopic(brokers, topic, 1, {
    "cleanup.policy": "compact",
    "segment.ms": "1",
    "min.cleanable.dirty.ratio": "0.01",
  });
  const keyed = (value: string | null) => ({ key: "a", value });
  await produce(brokers, topic, receiptsOf("12", 100).map(keyed));
  await produce(brokers, topic, [keyed(receiptOf("006")), { key: "b", value: null }]);
  // compaction leaves the newest segment alone: a last record begins one
  await produce(brokers, topic, [{ key: "c", value: receiptOf("024") }]);
}

/** The offsets of the records that a topic of one partition holds. */
async function offsetsIn(brokers: readonly string[], topic: string): Promise<string[]> {
  const ends = await withAdmin(brokers, (admin) => admin.fetchTopicOffsets(topic));
  const last = String(Number(ends[0]?.high) - 1);
  const offsets: string[] = [];
  const consumer = connect(brokers).consumer({ groupId: randomName("reader"), maxWaitTimeInMs: 200 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({ eachMessage: async ({ message }) => void offsets.push(message.offset) });
  await waitFor(() => offsets.at(-1) === last, { what: `record ${last}` });
  await consumer.disconnect();
  return offsets;
}

/**
 * Reads what the group has committed for a topic again and again.
 *
 * @returns ends it, and gives every commit that was without counts
 */
function watchMetadata(brokers: readonly string[], group: string, topic: string): () => Promise<string[]> {
  let watching = true;
  const wiped: string[] = [];
  const watch = withAdmin(brokers, async (admin) => {
    while (watching) {
      const [committed] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
      for (const { offset, metadata } of committed?.partitions ?? []) {
        if (metadata?.startsWith("dlr2:") !== true) wiped.push(`${offset}: ${metadata}`);
      }
      await turn();
    }
  });
  return async () => {
    watching = false;
    await watch;
    return wiped;
  };
}
