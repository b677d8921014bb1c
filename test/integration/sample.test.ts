import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { gzipSync } from "node:zlib";
import { beforeAll, expect, it } from "vitest";
import type { Findings } from "../../src/commands/sample/findings.ts";
import { mainModule } from "../lab/exporter.ts";
import { type Ended, ending } from "../lab/guarded.ts";
import { ran } from "../lab/kept-program.ts";
import { receiptOf } from "./counting.ts";
import { createTopic, freePort, produce, randomName, type TestRecord, withAdmin } from "./harness.ts";
import { record } from "./replaying.ts";
import { tamper } from "./tampering.ts";
import { describeWithBroker } from "./with-broker.ts";

const phone = "13912345678";
const secrets = [phone, "SECRETWORD", "706715193751989145"];

const good = receiptOf("12");
const recording = '{"call_id":"1","record_url":"https://example.com/SECRETWORD"}';
const strange = JSON.stringify({ [phone]: phone, mine: { text: "SECRETWORD", id: "706715193751989145" } });
const partly = JSON.stringify([JSON.parse(receiptOf("DELIVRD")), { mobile: phone }]);

/** What lies in the two partitions, and what is malformed of it. */
const first: TestRecord[] = [
  good,
  { value: "SECRETWORD", key: phone, headers: { method: phone, to: phone } },
  good,
  recording,
  { value: null, key: phone },
  gzipSync(`garbage ${phone}`),
];
const second: TestRecord[] = [good, strange, good, gzipSync(good), gzipSync("x").subarray(0, 12), partly];
const malformed = [
  { partition: 0, offset: 1, reason: "not_json", skeleton: '"text of 10"' },
  { partition: 0, offset: 4, reason: "tombstone", skeleton: "no value" },
  { partition: 0, offset: 5, reason: "not_json", skeleton: '"text of 19"' },
  {
    ...{ partition: 1, offset: 1, reason: "not_a_receipt" },
    skeleton: '{"name of 11":"11 digits","mine":{"text":"text of 10","id":"18 digits"}}',
  },
  { partition: 1, offset: 4, reason: "damaged_gzip", skeleton: "12 bytes" },
  {
    ...{ partition: 1, offset: 5, reason: "bad_element" },
    skeleton: '[{"state":"1 digit","err_code":"text of 7","biz_id":"text of 3"},"1 more"]',
  },
];

function begun(...args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [mainModule, "sample", ...args]);
  return { child, ended: ending(child) };
}

function sampled(...args: string[]): Promise<Ended> {
  return ran(["sample", ...args]);
}

describeWithBroker("sample", ({ brokers }) => {
  const topic = randomName("sampled");
  const group = randomName("live");
  const flags = ["--brokers", brokers.join(","), "--topic", topic];
  const json = async (...args: string[]): Promise<Findings> => {
    const { code, stdout, stderr } = await sampled(...flags, "--output", "json", ...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return JSON.parse(stdout);
  };
  const placesIn = ({ samples }: Findings) => samples.map((one) => `${one.partition}/${one.offset}`).sort();
  const committed = () =>
    withAdmin(brokers, (admin) => admin.fetchOffsets({ groupId: group, topics: [topic] }));

  beforeAll(async () => {
    await createTopic(brokers, topic, 2);
    for (const [partition, records] of [first, second].entries()) {
      const placed = records.map((one) =>
        one === null || typeof one === "string" || Buffer.isBuffer(one)
          ? { value: one, partition }
          : { ...one, partition },
      );
      await produce(brokers, topic, placed);
    }
    const partitions = [0, 1].map((partition) => ({ partition, offset: "1" }));
    await withAdmin(brokers, (admin) => admin.setOffsets({ groupId: group, topic, partitions }));
  });

  it("finds exactly the malformed records, with their offsets and shapes, and says that it read all", async () => {
    const began = Date.now();
    const { samples, ...rest } = await json("--malformed", "100");
    const byPlace = [...samples].sort((a, b) => a.partition - b.partition || a.offset - b.offset);
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/);
    expect(byPlace).toEqual(malformed.map((one) => ({ topic, time, ...one })));
    for (const one of samples) expect(Date.parse(one.time)).toBeLessThanOrEqual(began);
    expect(rest).toEqual({
      ...{ records: 12, complete: true },
      partitions: [0, 1].map((partition) => {
        return {
          topic,
          partition,
          ...{ first: 0, next: 6, end: 6, records: 6, complete: true, undecided: 0 },
        };
      }),
    });
  });

  it("stops at as many as are asked for, and says how far it read", async () => {
    const { samples, partitions, records, complete } = await json("--malformed", "2");
    expect(samples).toHaveLength(2);
    expect(complete).toBe(false);
    // one partition's fetch has both
    const of = samples[0]?.partition ?? 0;
    const nexts = of === 0 ? [5, 0] : [0, 5];
    expect(partitions.map(({ next }) => next)).toEqual(nexts);
    expect(partitions.map(({ end }) => end)).toEqual([6, 6]);
    expect(records).toBe(5);
    expect(placesIn({ samples, partitions, records, complete })).toEqual(
      malformed
        .filter(({ partition }) => partition === of)
        .slice(0, 2)
        .map(({ partition, offset }) => `${partition}/${offset}`),
    );
  });

  it("finds those of one reason, or of one kind of ignored records", async () => {
    expect(placesIn(await json("--reason", "not_json"))).toEqual(["0/1", "0/5"]);
    expect(placesIn(await json("--reason", "recording"))).toEqual(["0/3"]);
    expect(placesIn(await json("--reason", "schema_registry"))).toEqual([]);
  });

  it("shows nothing of values, keys and headers, explained neither", async () => {
    for (const form of [["--output", "json"], [], ["--explain"], ["--reason", "recording", "--explain"]]) {
      const { code, stdout, stderr } = await sampled(...flags, "--log-level", "debug", ...form);
      expect(code).toBe(0);
      expect(stdout).toContain(topic);
      expect(secrets.filter((secret) => (stdout + stderr).includes(secret))).toEqual([]);
    }
    const { stdout } = await sampled(...flags, "--reason", "bad_element", "--explain");
    expect(stdout).toMatch(/partition 1, offset 5, .*\n(?: {2}.*\n)* {2}unread {5}bad_element\n {2}shape /);
  });

  it("looks at the records of a time alone", async () => {
    const dated = randomName("dated");
    await createTopic(brokers, dated, 1);
    const at = Date.now() - 3 * 86_400_000;
    const hours = [0, 1, 2, 3].map((hour) => ({ value: "no receipt", recordedAt: at + 3_600_000 * hour }));
    await record(brokers, dated, [hours]);
    const window = (from: number, to: number) => [
      ...["--from", new Date(at + from).toISOString(), "--to", new Date(at + to).toISOString()],
    ];
    const own = ["--topic", dated];
    const inside = await json(...own, ...window(3_600_000, 3 * 3_600_000));
    expect(inside.samples.filter((one) => one.topic === dated).map(({ offset }) => offset)).toEqual([1, 2]);
    const lately = await json(...own);
    expect(lately.samples.filter((one) => one.topic === dated)).toEqual([]);
  });

  it("commits nothing", async () => {
    const before = await committed();
    await json("--malformed", "100");
    expect(await committed()).toEqual(before);
    expect(before[0]?.partitions.map(({ offset }) => offset)).toEqual(["1", "1"]);
  });

  it("prints what it has found when the log can't be read any further, and ends with 1", async () => {
    const damaged = randomName("damaged");
    await createTopic(brokers, damaged, 1);
    // more than is fetched at once, so that the damage comes with another fetch
    await produce(brokers, damaged, ["no receipt", "x".repeat(400_000)]);
    await produce(brokers, damaged, ["damaged here"]);
    const way = await tamper(brokers[0] ?? "", (body) => {
      const at = body.indexOf("damaged here");
      if (at !== -1) body.write("D", at);
    });
    const { code, stdout, stderr } = await sampled(
      ...["--brokers", way.address, "--topic", damaged, "--output", "json"],
    );
    way.close();
    expect(code).toBe(1);
    expect(stderr).toContain(`partition 0 of topic ${damaged} can't be read: `);
    const { samples, records, complete, partitions }: Findings = JSON.parse(stdout);
    expect({ offsets: samples.map(({ offset }) => offset), records, complete }).toEqual({
      ...{ offsets: [0, 1], records: 2, complete: false },
    });
    expect(partitions).toMatchObject([{ first: 0, next: 2, end: 3 }]);
  });

  it("ends with 1 and a sentence where there is no topic or no broker", async () => {
    const missing = randomName("missing");
    const none = await sampled("--brokers", brokers.join(","), "--topic", missing);
    expect(none).toEqual({ code: 1, stdout: "", stderr: `dlr-exporter: topic ${missing} does not exist\n` });
    const away = `127.0.0.1:${await freePort()}`;
    const { code, stdout, stderr } = await sampled("--brokers", away, "--log-level", "silent");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^dlr-exporter: no broker can be reached: .*\n$/);
  });

  it.each(["SIGINT", "SIGTERM"] as const)(
    "ends with 1 at %s, while it waits for a broker",
    async (signal) => {
      const silent = createServer().listen(0, "127.0.0.1");
      await once(silent, "listening");
      const { port } = silent.address() as AddressInfo;
      const { child, ended } = begun("--brokers", `127.0.0.1:${port}`, "--log-level", "silent");
      await Promise.race([once(silent, "connection"), ended]);
      child.kill(signal);
      const stderr = "dlr-exporter: stopped before finding enough\n";
      expect(await ended).toEqual({ code: 1, stdout: "", stderr: expect.stringContaining(stderr) });
      silent.close();
    },
  );
});
