import kafkajs from "kafkajs";
import { pino } from "pino";
import { beforeAll, describe, expect, it } from "vitest";
import { shapes } from "../../src/demo/shapes.ts";
import { planStretches } from "../../src/kafka/stretches.ts";
import type { Report } from "../../src/replay/report/report.ts";
import { createRandom } from "../lab/random.ts";
import { connect, createTopic, randomName } from "./harness.ts";
import { type Ended, fewCodes, hour, minute, replayed, type Sent } from "./replaying.ts";
import { describeWithBroker } from "./with-broker.ts";

const from = Date.parse("2026-10-03T00:00:00+08:00");
const day = 24 * hour;

/** A receipt of a moment, recorded when it is told. */
function receiptAt(at: number, recordedAt = at): Sent {
  const event = { code: "12", delivered: false, sentAt: at - 1_000, receivedAt: at, phone: "1", id: "1" };
  return { value: shapes.tmcSms(event), recordedAt };
}

/** So many receipts, evenly over a span from `start` on. */
function evenly(count: number, start: number, span: number): Sent[] {
  return Array.from({ length: count }, (_, n) => receiptAt(start + Math.floor((n * span) / count)));
}

/** Sends one partition its records, a hundred a batch, each batch in another codec; in transactions when it is told. */
async function send(
  brokers: readonly string[],
  topic: string,
  sent: readonly Sent[],
  transactional = false,
): Promise<void> {
  const once = { idempotent: true, maxInFlightRequests: 1 };
  const transacting = { ...once, transactionalId: randomName("later") };
  const producer = connect(brokers).producer(transactional ? transacting : once);
  const codecs = Object.values(kafkajs.CompressionTypes).filter((codec) => typeof codec === "number");
  await producer.connect();
  for (let at = 0; at < sent.length; at += 100) {
    const messages = sent.slice(at, at + 100).map(({ value, recordedAt }) => ({
      partition: 0,
      value,
      timestamp: String(recordedAt),
    }));
    const batch = { topic, messages, compression: codecs[(at / 100) % codecs.length] ?? 0 };
    if (!transactional) {
      await producer.send(batch);
      continue;
    }
    const transaction = await producer.transaction();
    await transaction.send(batch);
    await transaction.commit();
  }
  await producer.disconnect();
}

describeWithBroker("a replay of records that are not in order", ({ brokers }) => {
  const topicOf = async (name: string, sent: readonly Sent[], transactional = false): Promise<string> => {
    const topic = randomName(name);
    await createTopic(brokers, topic, 1);
    await send(brokers, topic, sent, transactional);
    return topic;
  };
  /** Replays from `start` days to `end` days after the 3rd of October. */
  const replay = (topic: string, start: number, end: number, ...args: string[]) =>
    replayed(
      ...["--brokers", brokers.join(","), "--topic", topic, ...fewCodes, "--quiet", "--report", "json"],
      ...["--from", new Date(from + start * day).toISOString()],
      ...["--to", new Date(from + end * day).toISOString(), ...args],
    );
  const reportOf = ({ code, stdout, stderr }: Ended): Report => {
    expect(stderr).toBe("");
    expect(code).toBe(0);
    return JSON.parse(stdout) as Report;
  };

  it("finds a history that a transactional producer has written later", async () => {
    // between the transactions lie markers with the time of today
    const topic = await topicOf("later", evenly(1_000, from, day), true);
    for (const by of ["event", "record"])
      expect(reportOf(await replay(topic, 0, 1, "--by", by))).toMatchObject({ receipts: 1_000, unread: [] });
  });

  it("finds what lies behind a record from far ahead, in the windows before and after", async () => {
    const sent = evenly(2_000, from, day);
    sent[100] = receiptAt(from + hour, from + 30 * day);
    const topic = await topicOf("ahead", [...sent, ...evenly(300, from + 30 * day, day)]);
    expect(reportOf(await replay(topic, 0, 1)).receipts).toBe(2_000);
    expect(reportOf(await replay(topic, 0, 1, "--by", "record")).receipts).toBe(1_999);
    expect(reportOf(await replay(topic, 29, 31)).receipts).toBe(300);
    expect(reportOf(await replay(topic, 30, 31, "--by", "record")).receipts).toBe(301);
  });

  it("finds a day that was recorded behind later ones", async () => {
    const topic = await topicOf("imported", [
      ...evenly(500, from + day, day),
      ...evenly(700, from, day),
      ...evenly(500, from + 2 * day, day),
    ]);
    expect(reportOf(await replay(topic, 0, 1)).receipts).toBe(700);
  });

  it("finds the history of a topic whose records have the time at which the broker took them", async () => {
    const topic = randomName("appended");
    await createTopic(brokers, topic, 1, { "message.timestamp.type": "LogAppendTime" });
    await send(brokers, topic, evenly(400, from, day));
    expect(reportOf(await replay(topic, 0, 1)).receipts).toBe(400);
    expect(reportOf(await replay(topic, 0, 1, "--by", "record"))).toMatchObject({ outside: { after: 400 } });
  });

  describe("by a minute", () => {
    const random = createRandom(11);
    const jitter = () => random.below(2 * minute) - minute;
    let topic = "";

    beforeAll(async () => {
      // many where one day becomes the next
      const midnights = [1, 2].flatMap((n) => evenly(2_000, from + n * day - 2 * minute, 4 * minute));
      const sent = [...evenly(2_000, from, 3 * day), ...midnights]
        .sort((a, b) => a.recordedAt - b.recordedAt)
        .map(({ recordedAt }) => receiptAt(recordedAt + jitter(), recordedAt + jitter()));
      topic = await topicOf("jitter", sent);
    });

    it.each(["record", "event"])("has days that add up, by %s", async (by) => {
      const [first, rest] = await Promise.all([
        replay(topic, 0, 1, "--by", by),
        replay(topic, 1, 3, "--by", by),
      ]);
      const all = reportOf(await replay(topic, 0, 3, "--by", by)).receipts;
      expect(all).toBeGreaterThan(5_990);
      expect(reportOf(first).receipts + reportOf(rest).receipts).toBe(all);
      // not a receipt is lost at the edges either
      expect(reportOf(await replay(topic, -1, 4, "--by", by)).receipts).toBe(6_000);
    });
  });

  describe("with a slack", () => {
    const behind = evenly(11_000, from + 2 * day, day);

    it("leaves unread what lies far behind the window, and says so", async () => {
      const topic = await topicOf("slack", [...evenly(1_000, from, day), ...behind]);
      const report = reportOf(await replay(topic, 0, 1, "--slack", "6h"));
      expect(report.receipts).toBe(1_000);
      expect(report.unread).toMatchObject([{ topic, partition: 0, offsets: 1_000, suspect: false }]);
      const [{ after = "", until = "" } = {}] = report.unread;
      expect(Date.parse(after)).toBeGreaterThan(from + 2 * day);
      expect(Date.parse(until)).toBeGreaterThan(Date.parse(after));
      expect(reportOf(await replay(topic, 0, 1)).unread).toEqual([]);
    });

    it("ends with 1 where that may hold what was asked for", async () => {
      const late = evenly(1_000, from, day).with(500, receiptAt(from, from + 5 * day));
      const topic = await topicOf("suspect", [...late, ...behind, ...evenly(100, from, day)]);
      const { code, stdout, stderr } = await replay(topic, 0, 1, "--slack", "6h");
      expect(JSON.parse(stdout)).toMatchObject({
        receipts: 1_000,
        unread: [{ offsets: 1_100, suspect: true }],
      });
      expect(stderr).toMatch(
        /^dlr-exporter: records of .* are up to .* days out of order, .* leave out --slack/,
      );
      expect(code).toBe(1);
      expect(reportOf(await replay(topic, 0, 1)).receipts).toBe(1_100);
    });
  });
});

describeWithBroker("the beginning of a stretch of time", ({ brokers }) => {
  const log = pino({ level: "silent" });
  const client = { brokers, clientId: "test", ssl: undefined, sasl: undefined };
  const patience = { timeoutMs: 60_000, signal: new AbortController().signal };
  /** A segment and an entry of the index of times for almost each batch: all that the broker looks things up in. */
  const small = { "segment.ms": "60000", "index.interval.bytes": "1" };

  it.each([
    { name: "records of any time", transactional: false },
    { name: "transactions and their markers", transactional: true },
  ])("has nothing of it in front: $name", async ({ transactional }) => {
    const random = createRandom(transactional ? 5 : 3);
    const topic = randomName("begins");
    await createTopic(brokers, topic, 1, small);
    const sent = Array.from({ length: 3_000 }, (_, n) =>
      // often the same moment twice, mostly forwards, and sometimes from far ahead or behind
      receiptAt(from + 1_000 * Math.floor(n / 3 + random.below(random.below(300) === 0 ? 300 : 20))),
    );
    await send(brokers, topic, sent, transactional);
    const starts: number[] = [];
    for (let n = 0; n < 60; n++) {
      const time = from + 1_000 * random.below(3_500) + random.below(3) - 1;
      const times = { from: time, expectedEnd: Infinity, wanted: () => true };
      const plan = await planStretches(client, [topic], times, patience, log);
      const { start = -1 } = plan?.stretches[0] ?? {};
      // with a marker behind each hundred
      const before = sent.filter((_, index) => index + (transactional ? Math.floor(index / 100) : 0) < start);
      expect(before.filter(({ recordedAt }) => recordedAt >= time)).toEqual([]);
      starts.push(start);
    }
    // and the index is of use, up to the first marker, which has the time of today
    expect(new Set(starts).size).toBeGreaterThan(transactional ? 1 : 10);
  });
});
