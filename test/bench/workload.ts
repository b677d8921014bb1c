import { createRandom } from "../lab/random.ts";

export const codecs = ["none", "gzip", "snappy", "lz4", "zstd"] as const;
export type Codec = (typeof codecs)[number];

/** What a topic of the benchmark holds. The same workload gives the same records, byte for byte. */
export interface Workload {
  /** Receipts in the topic. */
  readonly messages: number;
  readonly partitions: number;
  readonly codec: Codec;
  /** Receipts in one record; more than one are an array. */
  readonly perRecord: number;
  /** Codes that the code map lists. */
  readonly codes: number;
  /** How many of them the receipts have. */
  readonly distinct: number;
}

/** One record to send. */
export interface BenchRecord {
  readonly value: string;
  /** In ms since the epoch. */
  readonly recordedAt: number;
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

/** The codes of a workload's map, the one of success first; all are seven characters long. */
export function codesOf(count: number): string[] {
  return Array.from({ length: count }, (_, i) => (i === 0 ? "DELIVRD" : `XA:${String(i).padStart(4, "0")}`));
}

/** A code map that lists so many codes of SMS receipts, in YAML. */
export function codeMapOf(count: number): string {
  const categories = ["delivered", "accepted", "unknown", "empty_number", "power_off", "blacklist"];
  const entry = (code: string, i: number) => {
    const [category, outcome, fault] =
      i === 0
        ? ["delivered", "delivered", "none"]
        : [categories[3 + (i % 3)] ?? "unknown", "failed", "recipient"];
    return `        ${JSON.stringify(code)}: { category: ${category}, outcome: ${outcome}, fault: ${fault}, retryable: no, zh: 测试, en: Invented }`;
  };
  return [
    "version: 1",
    "categories:",
    ...categories.map((name) => `  ${name}: { en: Invented, zh: 测试 }`),
    "providers:",
    "  aliyun:",
    "    sms_receipt:",
    "      channel: sms",
    "      kind: receipt",
    "      title: SMS receipts",
    "      codes:",
    ...codesOf(count).map(entry),
    "",
  ].join("\n");
}

/** The records of a workload, in the order of their time, and what they add up to. */
export class Receipts {
  /** How many receipts each code had among the records so far. */
  readonly sent = new Map<string, number>();
  readonly #workload: Workload;
  readonly #codes: readonly string[];
  readonly #random = createRandom(1);
  readonly #clock = Array.from({ length: daySeconds }, (_, second) =>
    new Date(second * 1000).toISOString().slice(11, 19),
  );
  #next = 0;

  constructor(workload: Workload) {
    this.#workload = workload;
    this.#codes = codesOf(workload.distinct);
  }

  /** The next records; fewer than asked for when the workload ends, none after that. */
  take(records: number): BenchRecord[] {
    const { messages, perRecord } = this.#workload;
    const left = Math.ceil((messages - this.#next) / perRecord);
    return Array.from({ length: Math.min(records, left) }, () => this.#record());
  }

  #record(): BenchRecord {
    const { messages, perRecord } = this.#workload;
    const receipts: string[] = [];
    let receivedAt = 0;
    for (const end = Math.min(this.#next + perRecord, messages); this.#next < end; this.#next++) {
      const sentAt = Math.floor((this.#next / messages) * (daySeconds - longestDelay));
      receivedAt = sentAt + 1 + this.#random.below(longestDelay - 1);
      receipts.push(this.#receipt(sentAt, receivedAt));
    }
    const value = perRecord === 1 ? (receipts[0] ?? "") : `[${receipts.join(",")}]`;
    return { value, recordedAt: dayStart + receivedAt * 1000 };
  }

  /** A `tmc-sms` receipt as the provider writes it: 212 bytes. Its phone number is nobody's. */
  #receipt(sentAt: number, receivedAt: number): string {
    const code = this.#drawCode();
    this.sent.set(code, (this.sent.get(code) ?? 0) + 1);
    const number = String(this.#next).padStart(9, "0");
    return (
      `{"extend":"000000000000000000000000000000000000000000","send_time":"${day} ${this.#clock[sentAt]}",` +
      `"receiver":"1300000${number.slice(-4)}","rept_time":"${day} ${this.#clock[receivedAt]}",` +
      `"err_code":"${code}","state":"${code === this.#codes[0] ? "1" : "2"}","biz_id":"${number}^${number}"}`
    );
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
