import { type Codec, type ForeignProducer, foreignProducers } from "../lab/producers.ts";
import { createRandom } from "../lab/random.ts";
import { grouped } from "./markdown.ts";
import { type BenchReceipt, type ShapeName, shapes } from "./shapes.ts";

/** Who can send the records: our own client, and the foreign ones. */
export const producerNames = ["kafkajs", ...foreignProducers] as const;
export type ProducerName = "kafkajs" | ForeignProducer;

/** One record to send. */
export interface BenchRecord {
  readonly value: string;
  /** In ms since the epoch. Foreign producers are not told: their records have the time at which they are sent. */
  readonly recordedAt: number;
}

/** What a topic of the benchmark holds. The same workload gives the same records, byte for byte. */
export interface Workload {
  readonly shape: ShapeName;
  /** Receipts in the topic. */
  readonly messages: number;
  readonly partitions: number;
  /** Who sends the records, in batches of which codec, and of how many bytes before they are compressed. */
  readonly producer: ProducerName;
  readonly codec: Codec;
  readonly batchBytes: number;
  /** Codes that the code map lists, over all of its tables. */
  readonly codes: number;
  /** How many of them the receipts have. */
  readonly distinct: number;
}

/** What is measured where nothing else is said. */
export const usual: Workload = {
  ...{ shape: "tmc-sms", messages: 1_000_000, partitions: 4 },
  ...{ producer: "kafkajs", codec: "none", batchBytes: 262_144 },
  ...{ codes: 200, distinct: 200 },
};

/** Where two sizes of a topic are measured, the larger has so many times the receipts of the smaller. */
export const larger = 5;

/** A workload in words, the same for the same workload. */
export function describeWorkload(workload: Workload): string {
  const { messages, partitions, shape, producer, codec, batchBytes, codes } = workload;
  return [
    `${grouped(messages)} receipts`,
    shape,
    partitions === 1 ? "1 partition" : `${partitions} partitions`,
    `${codec === "none" ? "uncompressed" : codec} by ${producer} in ${grouped(batchBytes / 1024)} KiB`,
    `${grouped(codes)} codes`,
  ].join(", ");
}

/** The day on which all receipts are sent and arrive, in China Standard Time. */
const day = "2026-01-01";
const dayStart = Date.parse(`${day}T00:00:00+08:00`);
const daySeconds = 86_400;
const longestDelay = 60;

/** The first moment of the receipts, and the first after them, as `replay` takes them. */
export const window = {
  from: new Date(dayStart).toISOString(),
  to: new Date(dayStart + daySeconds * 1000).toISOString(),
};

/** Nine in ten messages arrive; the other codes share the rest evenly. */
const deliveredShare = 0.9;

/** So many codes, the one of success first; all are seven characters long. */
export function codesOf(count: number): string[] {
  return Array.from({ length: count }, (_, i) => (i === 0 ? "DELIVRD" : `XA:${String(i).padStart(4, "0")}`));
}

/** How many codes a table of a workload lists, and how many of those its receipts have: the tables share them evenly. */
function codesPerTable({ shape, codes, distinct }: Workload): { listed: number; met: number } {
  const tables = shapes[shape].tables.length;
  const listed = Math.max(2, Math.floor(codes / tables));
  return { listed, met: Math.max(2, Math.min(listed, Math.floor(distinct / tables))) };
}

/**
 * A code map, in YAML.
 *
 * @param count how many codes each table lists
 * @param tables `provider/scope`, those of one provider side by side
 */
export function codeMapOf(count: number, tables: readonly string[] = ["aliyun/sms_receipt"]): string {
  const categories = ["delivered", "accepted", "unknown", "empty_number", "power_off", "blacklist"];
  const entry = (code: string, i: number) => {
    const [category, outcome, fault] =
      i === 0
        ? ["delivered", "delivered", "none"]
        : [categories[3 + (i % 3)] ?? "unknown", "failed", "recipient"];
    return `        ${JSON.stringify(code)}: { category: ${category}, outcome: ${outcome}, fault: ${fault}, retryable: no, zh: 测试, en: Invented }`;
  };
  const entries = codesOf(count).map(entry);
  let last = "";
  return [
    "version: 1",
    "categories:",
    ...categories.map((name) => `  ${name}: { en: Invented, zh: 测试 }`),
    "providers:",
    ...tables.flatMap((table) => {
      const [provider = "", scope = ""] = table.split("/");
      const begins = provider === last ? [] : [`  ${provider}:`];
      last = provider;
      return [
        ...[...begins, `    ${scope}:`, `      channel: ${scope.startsWith("voice") ? "voice" : "sms"}`],
        ...["      kind: receipt", "      title: Receipts", "      codes:", ...entries],
      ];
    }),
    "",
  ].join("\n");
}

/** The code map of a workload, in YAML: with the tables of its shape, and as many codes as it says. */
export function codeMapFor(workload: Workload): string {
  return codeMapOf(codesPerTable(workload).listed, shapes[workload.shape].tables);
}

const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, "0"));

/** A second of the day as providers write it. */
function timeOf(second: number): string {
  const minute = Math.floor(second / 60);
  return `${day} ${twoDigits[Math.floor(minute / 60)]}:${twoDigits[minute % 60]}:${twoDigits[second % 60]}`;
}

/** The records of a workload, in the order of their time, and what they add up to. */
export class Receipts {
  /** How many receipts each code had among the records so far. */
  readonly sent = new Map<string, number>();
  /** Of all values so far. */
  bytes = 0;
  readonly #workload: Workload;
  readonly #codes: readonly string[];
  readonly #random = createRandom(1);

  constructor(workload: Workload) {
    this.#workload = workload;
    this.#codes = codesOf(codesPerTable(workload).met);
  }

  /** All records, once. */
  *records(): Generator<BenchRecord> {
    const { messages, shape } = this.#workload;
    const { perRecord, write } = shapes[shape];
    for (let next = 0; next < messages; next += perRecord) {
      const receipts = Array.from({ length: Math.min(perRecord, messages - next) }, (_, i) =>
        this.#receipt(next + i),
      );
      const recordedAt = receipts.at(-1)?.receivedAt ?? dayStart;
      const value = write(receipts, this.#random);
      this.bytes += Buffer.byteLength(value);
      yield { value, recordedAt };
    }
  }

  #receipt(index: number): BenchReceipt {
    const sent = Math.floor((index / this.#workload.messages) * (daySeconds - longestDelay));
    const received = sent + 1 + this.#random.below(longestDelay - 1);
    const code = this.#drawCode();
    this.sent.set(code, (this.sent.get(code) ?? 0) + 1);
    return {
      ...{ code, delivered: code === this.#codes[0], number: String(index).padStart(9, "0") },
      ...{ sent: timeOf(sent), received: timeOf(received) },
      ...{ sentAt: dayStart + sent * 1000, receivedAt: dayStart + received * 1000 },
    };
  }

  #drawCode(): string {
    const drawn = this.#random.fraction();
    const failures = this.#codes.length - 1;
    const index =
      drawn < deliveredShare
        ? 0
        : 1 + Math.floor(((drawn - deliveredShare) / (1 - deliveredShare)) * failures);
    return this.#codes[index] ?? "";
  }
}
