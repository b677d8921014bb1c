import { afterAll, beforeAll, expect, it } from "vitest";
import { shapes } from "../../src/demo/shapes.ts";
import { type Counted, countedOf, logEntries, runFlags } from "./counting.ts";
import {
  createTopic,
  type ExporterProcess,
  produce,
  randomName,
  startExporter,
  type TestRecord,
  waitFor,
} from "./harness.ts";
import { describeWithBroker } from "./with-broker.ts";

const phone = "13912345678";
const id = "706715193751989145";
/** Numbers as people write them. */
const written = [
  "139.1234.5678",
  "139:1234:5678",
  "(86) 139/1234/5678",
  "１３９＿１２３４＿５６７８",
  "tel=139\u200b1234|5678",
];
const secrets = [...written, phone, id, "139-1234-5678", "8613912345678", id.slice(0, 15), "abc42f-person"];

const event = (code: string) => ({
  ...{ code, delivered: false, phone, id },
  ...{ sentAt: Date.UTC(2024, 0, 1), receivedAt: Date.UTC(2024, 0, 1, 0, 0, 9) },
});
const { tmcSms, tmcSmsFramed, aliyunSms, aliyunSmsObject, topRefused, topFlat, ...voice } = shapes;

/** Every shape, with codes that are listed, unlisted, and themselves a phone number or a message id. */
const receipts = ["12", "XL:1", phone, "139-1234-5678", `+86${phone}`, `${id}^0`, ...written].flatMap(
  (code) => [
    ...[tmcSms, tmcSmsFramed, aliyunSmsObject, topRefused, topFlat].map((shape) => shape(event(code))),
    aliyunSms([event(code), event(code)]),
    ...Object.values(voice).map((shape) => shape(event(code))),
  ],
);

const malformed: TestRecord[] = [
  tmcSms(event("12")).slice(0, -20),
  `${phone} ${id} abc42f-person`,
  JSON.stringify({ phone_number: phone, biz_id: id }),
  JSON.stringify([{ ...JSON.parse(aliyunSmsObject(event("12"))) }, phone, { biz_id: id }]),
  Buffer.concat([Buffer.from(phone), Buffer.from([0xff])]),
  { key: phone, value: null, headers: { method: phone, receiver: phone, "abc42f-person": id } },
  { key: id, value: "", headers: { method: id } },
];

describeWithBroker("phone numbers and message ids", ({ brokers }) => {
  const topic = randomName("privacy");
  let exporter: ExporterProcess;
  let counted: Counted;

  beforeAll(async () => {
    await createTopic(brokers, topic, 1);
    const records = [...receipts, ...malformed];
    await produce(brokers, topic, records);
    exporter = await startExporter([...runFlags(brokers, [topic]), "--log-level", "trace"]);
    await waitFor(
      async () => {
        counted = countedOf(await exporter.metrics(), topic);
        return counted.committed.get("0") === records.length;
      },
      { what: "all records" },
    );
  });

  afterAll(() => exporter?.stop());

  it("were in receipts, in unlisted codes and in malformed records, all of them counted", () => {
    expect(Object.keys(counted.codes)).toEqual(expect.arrayContaining(["12", "XL:1", "_redacted"]));
    expect(Object.keys(counted.malformed).sort()).toEqual(
      ["bad_element", "empty", "invalid_utf8", "not_a_receipt", "not_json", "tombstone"].sort(),
    );
  });

  it("are in no label", async () => {
    const text = await exporter.metrics();
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  });

  it("are not on the landing page", async () => {
    const text = await (await exporter.get("/")).text();
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  });

  it("are in no log line, at the most talkative level, from the start to the end", async () => {
    await exporter.stop();
    const log = exporter.log();
    expect(logEntries(log).some(({ level }) => level <= 20)).toBe(true);
    expect(secrets.filter((secret) => log.includes(secret))).toEqual([]);
  });
});
