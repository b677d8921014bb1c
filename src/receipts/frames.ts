import type { Fields } from "./fields.ts";

/** A wrapper that forwarders put around a receipt. */
export interface Frame {
  /** The member that contains it, as JSON or as text. */
  readonly member: string;
  /** Which programs write it, for the table in docs/receipts.md. */
  readonly by: string;
}

/**
 * The members to open if an object is not a receipt itself, in the order in which they are tried: the first one with
 * a receipt is used, so that a receipt that a frame contains twice counts once. It does no harm if a provider's
 * receipts have a member of the same name: they are recognised before.
 */
export const frames: readonly Frame[] = [
  { member: "content", by: "TMC; Aliyun SLS" },
  { member: "message", by: "Filebeat, Logstash, Vector, Log4j" },
  { member: "log", by: "Fluent Bit, Docker's json-file" },
  { member: "msg", by: "pino; relays and API markets, beside their `code`" },
  { member: "payload", by: "Kafka Connect, Debezium, outbox tables" },
  { member: "after", by: "Debezium" },
  { member: "data", by: "CloudEvents; relays; `{data: […]}`" },
  { member: "data_base64", by: "CloudEvents" },
  { member: "Message", by: "Amazon SNS" },
  { member: "Body", by: "Amazon SQS" },
  { member: "body", by: "HTTP gateways; SQS in AWS Lambda" },
  { member: "MessageBody", by: "Aliyun MNS" },
  { member: "messageBody", by: "Aliyun MNS" },
  { member: "contents", by: "Aliyun SLS" },
  { member: "Contents", by: "Aliyun SLS" },
  { member: "Records", by: "AWS Lambda" },
  { member: "Sns", by: "SNS in AWS Lambda" },
  { member: "detail", by: "Amazon EventBridge" },
  { member: "result", by: "API markets" },
  { member: "Result", by: "API markets" },
  { member: "results", by: "relays" },
  { member: "Data", by: "relays" },
  { member: "value", by: "Kafka REST proxies, Kafka Connect" },
  { member: "receipt", by: "loggers" },
  { member: "receipts", by: "relays" },
  { member: "report", by: "loggers" },
  { member: "reports", by: "relays" },
  { member: "event", by: "Splunk, Logstash" },
  { member: "original", by: "Elastic Common Schema, in `event`" },
  { member: "fields", by: "loggers" },
  { member: "params", by: "HTTP gateways" },
  { member: "query", by: "HTTP gateways" },
  { member: "form", by: "HTTP gateways" },
  { member: "queryString", by: "HTTP gateways" },
  { member: "short_message", by: "GELF; SMPP gateways" },
  { member: "sms_status", by: "Yunpian's form" },
  { member: "items", by: "Qiniu Cloud" },
  { member: "receipt_message", by: "SMPP gateways" },
  { member: "text", by: "SMPP gateways" },
  { member: "record", by: "loggers" },
  { member: "records", by: "relays" },
];

const order: ReadonlyMap<string, number> = new Map(frames.map(({ member }, index) => [member, index]));

/** The frame members of an object, in the order in which to try them. */
export function framesOf(value: Fields): readonly string[] {
  let found: string[] | undefined;
  for (const name of Object.keys(value)) {
    if (!order.has(name)) continue;
    found ??= [];
    found.push(name);
  }
  if (found === undefined) return [];
  return found.length === 1 ? found : found.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
}

/**
 * Converts a list of names and values, as Aliyun's log service writes an entry's contents, into one object.
 *
 * @returns undefined for anything else
 */
export function pairsOf(value: readonly unknown[]): Fields | undefined {
  const entries: [string, unknown][] = [];
  for (const pair of value) {
    if (typeof pair !== "object" || pair === null) return undefined;
    const { key, Key = key, value: small, Value = small } = pair as Readonly<Record<string, unknown>>;
    if (typeof Key !== "string" || Value === undefined || Object.keys(pair).length !== 2) return undefined;
    entries.push([Key, Value]);
  }
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
