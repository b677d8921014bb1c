import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Report } from "../../src/replay/report/report.ts";
import { receiptOf, receiptsOf } from "./counting.ts";
import { connect, createTopic, produce, randomName, waitFor, withAdmin } from "./harness.ts";
import { begun, type Ended, fewCodes, hour, record, replayed, type Sent, untilNow } from "./replaying.ts";
import { tamper } from "./tampering.ts";
import { describeWithBroker } from "./with-broker.ts";

const from = Date.parse("2026-10-03T00:00:00+08:00");
const october = ["--from", "2026-10-03", "--to", "2026-10-04"];

describeWithBroker("a replay of a log with gaps", ({ brokers }) => {
  const compacted = randomName("compacted");
  let folder = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "dlr-exporter-gaps-"));
    await fillForCompaction(brokers, compacted);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const flags = (topic: string, address = brokers.join(",")) => [
    ...["--brokers", address, "--topic", topic, ...fewCodes, "--quiet"],
  ];

  it("says what retention has deleted of the window", async () => {
    const topic = await hourly(brokers, 10);
    await deleteBefore(brokers, topic, 6);
    const report = reportOf(await replayed(...flags(topic), ...october, "--report", "json"));
    // the receipts say no time of their own
    expect(report).toMatchObject({ records: 4, receipts: 4, undated: 4 });
    expect(report.categories).toMatchObject([
      { category: "blacklist", periods: { "2026-10-03T06:00:00+08:00": 1, "2026-10-03T09:00:00+08:00": 1 } },
    ]);
    expect(report.gaps).toEqual([
      { topic, partition: 0, offsets: 6, reason: "retention", oldest: "2026-10-03T06:00:00+08:00" },
    ]);
    const { stdout } = await replayed(...flags(topic), ...october);
    expect(stdout).toContain(
      `${topic}, partition 0: oldest record is 2026-10-03 06:00, 6 hours of the window are gone.\n`,
    );
  });

  it("knows the oldest record behind one that is dated far ahead", async () => {
    const topic = await hourly(brokers, 10, new Map([[6, from + 900 * hour]]));
    await deleteBefore(brokers, topic, 6);
    const report = reportOf(await replayed(...flags(topic), ...october, "--report", "json"));
    expect(report).toMatchObject({ receipts: 3, outside: { after: 1 } });
    expect(report.gaps).toEqual([
      { topic, partition: 0, offsets: 6, reason: "retention", oldest: "2026-10-03T07:00:00+08:00" },
    ]);
  });

  it("has a result where retention has taken all, and one of a topic that never had any", async () => {
    const [emptied, empty] = [await hourly(brokers, 10), randomName("empty")];
    await deleteBefore(brokers, emptied, 10);
    await createTopic(brokers, empty, 1);
    const args = [...flags(emptied), "--topic", empty, ...october, "--report"];
    const report = reportOf(await replayed(...args, "json"));
    expect(report).toMatchObject({ records: 0, receipts: 0 });
    expect(report.gaps).toEqual([{ topic: emptied, partition: 0, offsets: 10, reason: "retention" }]);
    const { stdout } = await replayed(...args, "table");
    expect(stdout).toContain(
      `${emptied}, partition 0: no record is left; anything the window had here is gone.\n`,
    );
  });

  it("says nothing of what lay before the window", async () => {
    const topic = await hourly(brokers, 10);
    await deleteBefore(brokers, topic, 3);
    const report = reportOf(
      await replayed(...flags(topic), "--from", "2026-10-03T04:00", "--to", "2026-10-04", "--report", "json"),
    );
    expect(report).toMatchObject({ receipts: 6, gaps: [] });
  });

  it("counts what was committed in a transaction, and ends at a marker", async () => {
    const topic = randomName("transactions");
    await createTopic(brokers, topic, 1);
    await transact(brokers, topic, "12", 5, "commit");
    await transact(brokers, topic, "006", 3, "abort");
    // the broker writes a transaction's marker after it has said that the transaction has ended
    await waitFor(async () => (await endOf(brokers, topic)) === 10, { what: "the markers" });
    const report = reportOf(await replayed(...flags(topic), ...untilNow(), "--report", "json"));
    expect(codesOf(report)).toEqual({ "12": 5 });
    // 3 aborted records, and a marker after each of the two transactions
    expect(report.gaps).toEqual([{ topic, partition: 0, offsets: 5, reason: "removed" }]);
  });

  it("ends before a transaction that is left open", async () => {
    const topic = randomName("open");
    await createTopic(brokers, topic, 1);
    await produce(brokers, topic, receiptsOf("DELIVRD", 2));
    const finish = await transact(brokers, topic, "12", 5, "leave");
    const report = reportOf(await replayed(...flags(topic), ...untilNow(), "--report", "json"));
    const { stdout } = await replayed(...flags(topic), ...untilNow());
    await finish();
    expect(codesOf(report)).toEqual({ DELIVRD: 2 });
    expect(report.gaps).toEqual([]);
    expect(report.undecided).toEqual([{ topic, partition: 0, offsets: 5 }]);
    expect(stdout).toContain(
      `${topic}, partition 0: 5 offsets after an open transaction can't be read until it ends.\n`,
    );
  });

  it("ends at the end that a growing topic had when it began", async () => {
    const topic = randomName("growing");
    await createTopic(brokers, topic, 2);
    await produce(brokers, topic, receiptsOf("12", 20_000));
    const { ended } = begun(...flags(topic), ...untilNow(), "--report", "json");
    let running = true;
    void ended.finally(() => {
      running = false;
    });
    let sent = 20_000;
    // one more may come after its end: what counts is that one has begun after its beginning
    for (let growing = true; growing; sent += 500) {
      growing = running;
      await produce(brokers, topic, receiptsOf("006", 500));
    }
    const { records } = reportOf(await ended);
    expect(records).toBeGreaterThanOrEqual(20_000);
    expect(records).toBeLessThan(sent);
  });

  it.each([
    { name: "some", deleted: 6, codes: { "006": 4 } },
    { name: "all", deleted: 10, codes: {} },
  ])(
    "goes on when retention has deleted $name of the records meanwhile",
    async ({ name, deleted, codes }) => {
      const topic = await hourly(brokers, 10);
      const state = join(folder, `${name}.state`);
      const resuming = [...october, "--report", "json", "--resume", state];
      // killed when the first record is about to arrive: the state was written before
      const way = await tamper(brokers[0] ?? "", (body) => {
        if (body.includes("biz_id")) replay.child.kill("SIGKILL");
      });
      const replay = begun(...flags(topic, way.address), ...resuming);
      await replay.ended;
      way.close();
      await deleteBefore(brokers, topic, deleted);
      const report = reportOf(await replayed(...flags(topic), ...resuming));
      expect(codesOf(report)).toEqual(codes);
      expect(report.gaps).toEqual([{ topic, partition: 0, offsets: deleted, reason: "deleted" }]);
    },
  );

  it("counts what compaction has left", async () => {
    const args = [...flags(compacted), ...october, "--report", "json"];
    let report = reportOf(await replayed(...args));
    await waitFor(
      async () => {
        // old brokers compact in several steps
        if (report.records > 4) report = reportOf(await replayed(...args));
        return report.records === 4;
      },
      { what: "compaction" },
    );
    expect(codesOf(report)).toEqual({ DELIVRD: 1, "006": 1, "024": 1 });
    expect(report).toMatchObject({ records: 4, malformed: { tombstone: 1 } });
    expect(report.gaps).toEqual([{ topic: compacted, partition: 0, offsets: 20, reason: "removed" }]);
  });
});

function reportOf({ code, stdout, stderr }: Ended): Report {
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return JSON.parse(stdout) as Report;
}

function codesOf({ counts }: Report): Record<string, number> {
  return Object.fromEntries(counts.map(({ code, count }) => [code, count]));
}

/** A topic of one partition with a receipt for each hour from the window's start, but where another time is given. */
async function hourly(
  brokers: readonly string[],
  hours: number,
  times: ReadonlyMap<number, number> = new Map(),
): Promise<string> {
  const topic = randomName("hourly");
  await createTopic(brokers, topic, 1);
  const sent = Array.from({ length: hours }, (_, n) => ({
    value: receiptOf("006"),
    recordedAt: times.get(n) ?? from + n * hour,
  }));
  await record(brokers, topic, [sent]);
  return topic;
}

/** The end of the only partition of a topic. */
async function endOf(brokers: readonly string[], topic: string): Promise<number> {
  const [log] = await withAdmin(brokers, (admin) => admin.fetchTopicOffsets(topic));
  return Number(log?.high);
}

async function deleteBefore(brokers: readonly string[], topic: string, offset: number): Promise<void> {
  await withAdmin(brokers, async (admin) => {
    // kafkajs deletes only in topics that this connection has asked about
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(offset) }] });
  });
}

/**
 * Sends so many receipts of a code in a transaction.
 *
 * @returns ends a transaction that was left open, and the connection
 */
async function transact(
  brokers: readonly string[],
  topic: string,
  code: string,
  count: number,
  end: "commit" | "abort" | "leave",
): Promise<() => Promise<void>> {
  const producer = connect(brokers).producer({
    transactionalId: randomName("transaction"),
    // the longest that the broker allows: one that is left open must stay so
    transactionTimeout: 900_000,
    maxInFlightRequests: 1,
    idempotent: true,
  });
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: receiptsOf(code, count).map((value) => ({ value })) });
  if (end !== "leave") {
    await transaction[end]();
    await producer.disconnect();
  }
  return async () => {
    await transaction.abort();
    await producer.disconnect();
  };
}

/** Twenty records between others that a newer one of the same key replaces, in a topic that is soon compacted. */
async function fillForCompaction(brokers: readonly string[], topic: string): Promise<void> {
  await createTopic(brokers, topic, 1, {
    "cleanup.policy": "compact",
    "segment.ms": "1",
    "min.cleanable.dirty.ratio": "0.01",
  });
  const keyed = (key: string, value: string | null, n: number): Sent => ({
    key,
    value,
    recordedAt: from + n * 1_000,
  });
  const first = keyed("z", receiptOf("DELIVRD"), 0);
  const replaced = Array.from({ length: 20 }, (_, n) => keyed("a", receiptOf("12"), n));
  // compaction leaves the newest segment alone: a last record begins one
  const kept = [keyed("a", receiptOf("006"), 20), keyed("b", null, 21), keyed("c", receiptOf("024"), 22)];
  await record(brokers, topic, [[first, ...replaced, ...kept]]);
}
