import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import kafkajs from "kafkajs";
import { mainModule } from "../lab/exporter.ts";
import { type Ended, ending } from "../lab/guarded.ts";
import { ran } from "../lab/kept-program.ts";
import { connectProducer } from "./harness.ts";

export type { Ended };

const { CompressionTypes } = kafkajs;

export const minute = 60_000;
export const hour = 60 * minute;

/**
 * The code map of a replay of which only the counts are looked at. To read the shipped one, in each thread of a short
 * replay, is a third of what that costs.
 */
export const fewCodes = ["--code-map", fileURLToPath(new URL("./few-codes.yaml", import.meta.url))];

/** Starts `replay`, in a process of its own. */
export function begun(...args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [mainModule, "replay", ...args]);
  return { child, ended: ending(child) };
}

/** Runs `replay` to its end, in the process that is kept for that. */
export function replayed(...args: string[]): Promise<Ended> {
  return ran(["replay", ...args]);
}

/** The flags of a window of all that was sent in the last hour, the same however much later it is read. */
export function untilNow(): string[] {
  const to = Math.ceil((Date.now() + 1) / minute) * minute;
  return ["--from", new Date(to - hour).toISOString(), "--to", new Date(to).toISOString(), "--by", "record"];
}

/** A record with the time it was recorded at, in ms since the epoch. */
export interface Sent {
  readonly value: string | null;
  readonly recordedAt: number;
  readonly key?: string;
}

/** Sends each partition its records, one batch a record, each batch in another codec. */
export async function record(
  brokers: readonly string[],
  topic: string,
  partitions: readonly (readonly Sent[])[],
): Promise<void> {
  const producer = await connectProducer(brokers);
  const codecs = Object.values(CompressionTypes).filter((codec) => typeof codec === "number");
  for (const [partition, sent] of partitions.entries()) {
    for (const [index, { value, recordedAt, key }] of sent.entries()) {
      const compression = codecs[index % codecs.length] ?? CompressionTypes.None;
      const message = {
        partition,
        value,
        timestamp: String(recordedAt),
        ...(key === undefined ? {} : { key }),
      };
      await producer.send({ topic, compression, messages: [message] });
    }
  }
  await producer.disconnect();
}
