import { gzipSync } from "node:zlib";
import { json } from "./sample.ts";

type Frame = (value: unknown) => unknown;

/** What forwarders put around a receipt. */
export const frameSamples: Readonly<Record<string, Frame>> = {
  bare: (value) => value,
  Filebeat: (value) => ({ "@timestamp": "2026-01-01T00:00:00Z", message: json(value), host: { name: "h" } }),
  "Logstash, parsed twice": (value) => ({
    "@version": "1",
    message: json(value),
    event: { original: json(value) },
  }),
  Vector: (value) => ({ file: "/l", host: "h", message: json(value), source_type: "file", timestamp: "t" }),
  "Fluent Bit": (value) => ({ log: json(value), stream: "stdout" }),
  "Docker's json-file": (value) => ({
    log: `${json(value)}\n`,
    stream: "stdout",
    time: "2026-01-01T00:00:00Z",
  }),
  "Filebeat of Docker's": (value) => ({ message: json({ log: `${json(value)}\n`, stream: "stdout" }) }),
  pino: (value) => ({ level: 30, time: 1, pid: 1, msg: "receipt", receipt: value }),
  "pino, as its message": (value) => ({ level: 30, time: 1, msg: json(value) }),
  Log4j: (value) => ({ level: "INFO", loggerName: "x", message: json(value), thread: "main" }),
  CloudEvents: (value) => ({ specversion: "1.0", id: "1", source: "s", type: "t", data: value }),
  "CloudEvents in base64": (value) => ({
    ...{ specversion: "1.0", id: "1", source: "s", type: "t" },
    data_base64: Buffer.from(json(value)).toString("base64"),
  }),
  "Kafka Connect": (value) => ({ schema: { type: "struct", fields: [] }, payload: value }),
  "Kafka Connect, as a string": (value) => ({ schema: { type: "string" }, payload: json(value) }),
  Debezium: (value) => ({ payload: { before: null, after: value, op: "c", ts_ms: 1 } }),
  "Debezium without its schema": (value) => ({ before: null, after: value, source: {}, op: "c" }),
  "an outbox table": (value) => ({ id: "u", aggregatetype: "sms", payload: value }),
  "an outbox table of strings": (value) => ({
    payload: { before: null, after: { id: "u", aggregatetype: "sms", payload: json(value) }, op: "c" },
  }),
  SNS: (value) => ({ Type: "Notification", MessageId: "m", TopicArn: "a", Message: json(value) }),
  SQS: (value) => ({ MessageId: "m", ReceiptHandle: "h", Body: json(value) }),
  "SNS in SQS": (value) => ({ MessageId: "m", Body: json({ Type: "Notification", Message: json(value) }) }),
  "SQS in Lambda": (value) => ({ Records: [{ messageId: "m", body: json(value) }] }),
  "SNS in Lambda": (value) => ({ Records: [{ EventSource: "aws:sns", Sns: { Message: json(value) } }] }),
  EventBridge: (value) => ({ version: "0", "detail-type": "x", detail: value }),
  "an HTTP gateway": (value) => ({ method: "POST", path: "/cb", headers: {}, body: value }),
  "an HTTP gateway, as text": (value) => ({
    headers: { "content-type": "application/json" },
    body: json(value),
  }),
  "Aliyun MNS": (value) => ({ MessageId: "m", MessageBody: Buffer.from(json(value)).toString("base64") }),
  "Aliyun SLS": (value) => ({ __time__: 1, __topic__: "", __source__: "h", content: json(value) }),
  "Aliyun SLS, names and values": (value) => ({
    time: 1,
    contents: [{ key: "content", value: json(value) }],
  }),
  "a list under data": (value) => ({ data: Array.isArray(value) ? value : [value] }),
  "a list of texts": (value) => (Array.isArray(value) ? value.map(json) : [json(value)]),
  "two pushes merged": (value) => [[value]],
  "a TMC frame": (value) => ({ topic: "t", id: 1, content: { topic: "t", content: json(value) } }),
  "a TMC frame of objects": (value) => ({ topic: "t", id: 1, content: { topic: "t", content: value } }),
  "an API market": (value) => ({ code: "10000", charge: false, msg: "查询成功", result: value }),
  "a relay": (value) => ({ code: 0, msg: value }),
  "JSON in a string": (value) => json(value),
  Splunk: (value) => ({ time: 1, sourcetype: "x", event: value }),
};

type Encoding = (text: string) => Buffer;

function utf16be(text: string): Buffer {
  return Buffer.from(text, "utf16le").swap16();
}

/** How the bytes of a value are written, of those that are known by themselves. */
export const encodingSamples: Readonly<Record<string, Encoding>> = {
  "UTF-8": (text) => Buffer.from(text),
  "a byte order mark": (text) => Buffer.from(`\uFEFF${text}`),
  "NULs at the end": (text) => Buffer.from(`${text}\0\0`),
  "a newline at the end": (text) => Buffer.from(`${text}\r\n`),
  "UTF-16, little end first": (text) => Buffer.from(`\uFEFF${text}`, "utf16le"),
  "UTF-16, big end first": (text) => utf16be(`\uFEFF${text}`),
  "a schema registry's prefix": (text) => Buffer.concat([Buffer.from([0, 0, 0, 0, 42]), Buffer.from(text)]),
  gzip: (text) => gzipSync(text),
  base64: (text) => Buffer.from(Buffer.from(text).toString("base64")),
  "gzip in base64": (text) => Buffer.from(gzipSync(text).toString("base64")),
  "base64 for URLs": (text) => Buffer.from(Buffer.from(text).toString("base64url")),
  "URL-encoded": (text) => Buffer.from(encodeURIComponent(text)),
  "in a field of a form": (text) => Buffer.from(`sign=abc&data=${encodeURIComponent(text)}&v=1`),
  "a log line": (text) => Buffer.from(`2026-01-01 00:00:00.123 INFO [sms-receiver] receipt=${text}`),
  "the topic's name in front": (text) => Buffer.from(`alibaba_aliqin_FcSmsDR ${text}`),
  "laid out over lines": (text) => Buffer.from(JSON.stringify(JSON.parse(text), undefined, 2)),
};
