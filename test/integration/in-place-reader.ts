import { createHash } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import { pino } from "pino";
import { createKafka } from "../../src/kafka/client.ts";
import { readStretches, type StretchReader } from "../../src/kafka/history.ts";
import type { LogStretch } from "../../src/kafka/stretches.ts";
import type { LogRecords } from "../../src/ledger/fold-records.ts";
import { randomName } from "./harness.ts";

/** What to read, in a thread of its own: from the first batch on kafkajs is another one there. */
export interface ReadOrder {
  readonly brokers: readonly string[];
  readonly stretches: readonly LogStretch[];
}

/** One record as both ways of reading have to see it: offset, timestamp, and what its value hashes to. */
export function seen(offset: unknown, timestamp: unknown, value: Buffer | null): string {
  const hash = value === null ? "null" : createHash("sha1").update(value).digest("base64");
  return `${offset} ${timestamp} ${hash}`;
}

/** Takes note of every record of a stretch. */
class Witness implements StretchReader {
  readonly stretch: LogStretch;
  readonly records: string[] = [];
  position: number;

  constructor(stretch: LogStretch) {
    this.stretch = stretch;
    this.position = stretch.start;
  }

  get end(): number {
    return this.stretch.end;
  }

  take(records: LogRecords, end: number): void {
    while (records.advance()) {
      const { offset, timestamp, bytes } = records;
      if (offset < this.position || offset >= end) continue;
      this.records.push(seen(offset, timestamp, bytes?.subarray(records.start, records.end) ?? null));
    }
    this.position = end;
  }

  lose(end: number): void {
    this.position = end;
  }
}

if (parentPort !== null) {
  const { brokers, stretches } = workerData as ReadOrder;
  const readers = stretches.map((stretch) => new Witness(stretch));
  const warnings: string[] = [];
  const log = pino({ level: "warn" }, { write: (line: string) => void warnings.push(line) });
  const kafka = createKafka({ brokers, clientId: "dlr-exporter-test", ssl: undefined, sasl: undefined }, log);
  const patience = { timeoutMs: 180_000, signal: new AbortController().signal };
  await readStretches(kafka, readers, randomName("in-place"), patience, log);
  parentPort.postMessage({ records: readers.map((reader) => reader.records), warnings });
  parentPort.close();
}
