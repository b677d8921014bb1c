import { spawn } from "node:child_process";
import { gzipSync } from "node:zlib";
import { beforeAll, expect, it } from "vitest";
import { shapes } from "../../src/demo/shapes.ts";
import { mainModule } from "../lab/exporter.ts";
import { type Ended, ending } from "../lab/guarded.ts";
import { ran } from "../lab/kept-program.ts";
import { connect, createTopic, produce, randomName, withAdmin } from "./harness.ts";
import { describeWithBroker } from "./with-broker.ts";

const phone = "13912345678";
const id = "706715193751989145";
const secrets = [phone, "SECRETWORD", id, "2026-11-01"];

const event = (code: string, delivered = false) => ({
  ...{ code, delivered, phone, id },
  ...{ sentAt: Date.UTC(2026, 10, 1), receivedAt: Date.UTC(2026, 10, 1, 0, 0, 9) },
});
const { tmcSms, tmcSmsFramed, aliyunSms } = shapes;
const framed = JSON.stringify({ message: tmcSms(event("DB:0141")), host: { name: "SECRETWORD" } });
const strange = JSON.stringify({ [phone]: phone, mine: { text: "SECRETWORD", id } });

/** What lies in the two partitions; at the end of the first comes what a transaction has aborted, and committed. */
const first = [
  tmcSms(event("DELIVRD", true)),
  tmcSms(event("db:0141")),
  aliyunSms([event("12"), event("DB:0141"), event("NEW:1"), event("DB:0141")]),
  strange,
];
const second = [tmcSmsFramed(event("DB:0141")), framed, gzipSync(tmcSms(event("NEW:1"))), "SECRETWORD"];

interface Line {
  readonly type: string;
  readonly [member: string]: unknown;
}

describeWithBroker("find", ({ brokers }) => {
  const topic = randomName("found");
  const group = randomName("live");
  const flags = ["--brokers", brokers.join(","), "--topic", topic];
  const found = (...args: string[]): Promise<Ended> => ran(["find", ...flags, ...args]);
  const linesOf = async (...args: string[]): Promise<Line[]> => {
    const { code, stdout, stderr } = await found("--output", "json", ...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  };
  const placesOf = (lines: readonly Line[]) =>
    lines
      .filter(({ type }) => type === "receipt")
      .map((one) => `${one.partition}/${one.offset}/${one.index} ${one.code} ${one.category} ${one.outcome}`)
      .sort();
  const committed = () =>
    withAdmin(brokers, (admin) => admin.fetchOffsets({ groupId: group, topics: [topic] }));

  beforeAll(async () => {
    await createTopic(brokers, topic, 2);
    await produce(
      brokers,
      topic,
      [first, second].flatMap((records, partition) =>
        records.map((value) => ({ value, partition, key: phone, headers: { to: phone } })),
      ),
    );
    const producer = connect(brokers).producer({
      ...{ transactionalId: randomName("transaction"), idempotent: true, maxInFlightRequests: 1 },
    });
    await producer.connect();
    for (const end of ["abort", "commit"] as const) {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ partition: 0, value: tmcSms(event("DB:0141")) }] });
      await transaction[end]();
    }
    await producer.disconnect();
    const partitions = [0, 1].map((partition) => ({ partition, offset: "1" }));
    await withAdmin(brokers, (admin) => admin.setOffsets({ groupId: group, topic, partitions }));
  });

  it("finds a code in every shape and spelling, and nothing of a transaction that was aborted", async () => {
    const lines = await linesOf("--code", "ＤＢ：0141");
    // 4 was aborted, 5 is its marker
    expect(placesOf(lines)).toEqual(
      ["0/1/0", "0/2/1", "0/2/3", "0/6/0", "1/0/0", "1/1/0"].map(
        (place) => `${place} DB:0141 blacklist failed`,
      ),
    );
    expect(lines.find(({ offset, partition }) => partition === 0 && offset === 1)).toEqual({
      ...{ type: "receipt", topic, partition: 0, offset: 1, index: 0 },
      ...{ event_time: "2026-11-01T08:00:09+08:00", recorded_time: expect.stringMatching(/^20.*\+08:00$/) },
      ...{
        provider: "aliyun",
        channel: "sms",
        scope: "sms_receipt",
        code: "DB:0141",
        category: "blacklist",
        outcome: "failed",
      },
    });
    expect(lines.slice(-3)).toEqual([
      ...[8, 4].map((end, partition) => ({
        ...{ type: "partition", topic, partition, first: 0, next: end, end },
        ...{ records: [5, 4][partition], complete: true, undecided: 0 },
      })),
      { type: "end", found: 6, more: 0, records: 9, complete: true },
    ]);
  });

  it("finds by category, outcome, and what gives no receipt", async () => {
    expect(placesOf(await linesOf("--category", "unknown"))).toEqual([
      "0/2/2 NEW:1 unknown failed",
      "1/2/0 NEW:1 unknown failed",
    ]);
    expect(placesOf(await linesOf("--outcome", "delivered"))).toEqual(["0/0/0 DELIVRD delivered delivered"]);
    expect(placesOf(await linesOf("--provider", "tencent"))).toEqual([]);
    const unread = await linesOf("--malformed", "not_a_receipt", "--malformed", "not_json");
    expect(
      unread
        .filter(({ type }) => type === "malformed")
        .map((one) => `${one.partition}/${one.offset} ${one.reason}`),
    ).toEqual(expect.arrayContaining(["0/3 not_a_receipt", "1/3 not_json"]));
  });

  it("stops at the limit, and says how far it read", async () => {
    const lines = await linesOf("--category", "blacklist", "--limit", "2");
    expect(placesOf(lines)).toHaveLength(2);
    const read = lines.filter(({ type }) => type === "partition");
    expect(read.map(({ complete }) => complete)).toContain(false);
    // one partition's fetch has both
    expect([
      [3, 0],
      [0, 2],
    ]).toContainEqual(read.map(({ next }) => next));
    expect(lines.at(-1)).toMatchObject({ type: "end", found: 2, complete: false });
    const { stdout } = await found("--category", "blacklist", "--limit", "2");
    expect(stdout).toMatch(/--limit is reached; .*offsets from NEXT on were not read\.\n/);
  });

  it("shows records with nothing of a person or a message in them, keys and headers left out", async () => {
    const shown = await linesOf("--code", "DB:0141", "--show");
    expect(shown.find(({ offset, partition }) => partition === 0 && offset === 1)?.record).toEqual({
      ...{ extend: "6 digits", send_time: "text of 19", receiver: "11 digits", rept_time: "text of 19" },
      ...{ err_code: "db:0141", state: "2", biz_id: "text of 20" },
    });
    for (const looked of [[], ["--malformed", "not_a_receipt", "--malformed", "not_json"]]) {
      for (const form of [
        ["--output", "json", "--show"],
        ["--show"],
        ["--explain"],
        ["--show", "--explain"],
      ]) {
        const { code, stdout, stderr } = await found("--log-level", "debug", ...looked, ...form);
        expect(code).toBe(0);
        expect(stdout).toContain(topic);
        const said = (stdout + stderr).replaceAll(/event 2026-11-01|event_time":"2026-11-01/g, "event");
        const kept = form.includes("--explain") ? secrets.slice(0, 3) : secrets;
        expect(kept.filter((secret) => said.includes(secret))).toEqual([]);
      }
    }
  });

  it("finds nothing and ends with 0, and with 1 where there is no topic", async () => {
    const none = await found("--code", "NO:SUCH");
    expect(none).toMatchObject({ code: 0, stderr: "" });
    expect(none.stdout).toMatch(/\n0 receipts among 9 records read, and there are no more\.\n$/);
    const missing = randomName("missing");
    const sentence = `dlr-exporter: topic ${missing} does not exist\n`;
    // in a process of its own, which has to end
    const alone = [mainModule, "find", ...flags, "--topic", missing];
    expect(await ending(spawn(process.execPath, alone))).toEqual({ code: 1, stdout: "", stderr: sentence });
  });

  it("commits nothing", async () => {
    const before = await committed();
    await linesOf();
    expect(await committed()).toEqual(before);
  });
});
