import type { Logger } from "pino";
import { foldRecords } from "../ledger/fold.ts";
import type { PartitionLedger } from "../ledger/partition-ledger.ts";
import type { Decoder } from "../receipts/decode.ts";
import { partitionKey } from "./assignment.ts";
import type { RecordCursor } from "./record-cursor.ts";

/** The partitions whose next records are damaged. */
export class UnreadablePartitions {
  readonly #log: Logger;
  readonly #sentences = new Map<string, string>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** One sentence on what can't be read; undefined when everything can. */
  get sentence(): string | undefined {
    for (const sentence of this.#sentences.values()) return sentence;
    return undefined;
  }

  /**
   * Folds what was fetched.
   *
   * @param end one more than the last offset that the records cover
   * @returns false when they can't be read; those before are counted then
   */
  fold(ledger: PartitionLedger, decode: Decoder, records: RecordCursor, end: number): boolean {
    const { topic, partition } = ledger;
    try {
      foldRecords(ledger, decode, records, end);
      this.settle(ledger);
      return true;
    } catch (error) {
      const reason = (error as Error).message;
      const sentence = `records can't be read: partition ${partition} of topic ${topic}: ${reason}`;
      this.#sentences.set(partitionKey(topic, partition), sentence);
      this.#log.error({ topic, partition, next: ledger.next, reason }, "records can't be read: trying again");
      return false;
    }
  }

  /** The damaged records of a partition were read after all, or are gone. */
  settle({ topic, partition }: PartitionLedger): void {
    this.#sentences.delete(partitionKey(topic, partition));
  }

  clear(): void {
    this.#sentences.clear();
  }
}
