import { grouped } from "../../replay/spans.ts";
import { table } from "../../table.ts";
import { type PartitionReading, readingsInWords, readingsOf, timeInWords } from "../search/readings.ts";
import type { Sampling } from "./sampling.ts";

/** What was found, and how far it read; the output of `sample --output json`. */
export interface Findings {
  /** How many records were read. */
  readonly records: number;
  /** Whether the whole period was read, or enough was found. */
  readonly complete: boolean;
  /** In the order of reading: within a partition that of the log. */
  readonly samples: readonly Finding[];
  readonly partitions: readonly PartitionReading[];
}

interface Finding {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** When it was recorded, RFC 3339. */
  readonly time: string;
  readonly reason: string;
  /** Its shape as JSON on one line, or a sentence if there is no shape. */
  readonly skeleton: string;
}

/** @param utcOffsetMinutes the time zone of times in the output */
export function findingsOf(sampling: Sampling, utcOffsetMinutes: number): Findings {
  const { records, samples } = sampling;
  const partitions = readingsOf(sampling.partitions);
  return {
    records,
    complete: partitions.every(({ complete }) => complete),
    samples: samples.map(({ topic, partition, offset, recordedAt, reason, skeleton }) => {
      return { topic, partition, offset, time: timeInWords(recordedAt, utcOffsetMinutes), reason, skeleton };
    }),
    partitions,
  };
}

/** The findings as tables for people; with explanations, record by record. */
export function findingsInWords(sampling: Sampling, utcOffsetMinutes: number): string {
  const findings = findingsOf(sampling, utcOffsetMinutes);
  const { samples, partitions } = findings;
  const isExplained = sampling.samples.some(({ explained }) => explained !== undefined);
  const told = isExplained
    ? samples.map((sample, index) => {
        const lines = sampling.samples[index]?.explained ?? [];
        const { topic, partition, offset, time } = sample;
        return `${topic}, partition ${partition}, offset ${offset}, ${time}\n${lines.join("\n")}\n`;
      })
    : [
        table([
          ["TOPIC", "PARTITION", "OFFSET", "TIME", "REASON", "SHAPE"],
          ...samples.map((one) => [
            ...[one.topic, one.partition, one.offset, one.time, one.reason, one.skeleton],
          ]),
        ]),
      ];
  const parts = samples.length === 0 ? [] : [told.join("\n")];
  return [...parts, `${readingsInWords(partitions)}${conclusion(findings, sampling)}\n`].join("\n");
}

function conclusion({ complete, samples, records }: Findings, { wanted, isFull }: Sampling): string {
  const what = `${wanted.reason ?? "malformed"} ${samples.length === 1 ? "record" : "records"}`;
  const among = `${samples.length} ${what} among ${grouped(records)} read`;
  if (complete) return `${among}, and there are no more.`;
  if (!isFull) return `${among}: reading stopped early.`;
  return `${among}: --malformed is reached. Offsets from NEXT on were not read.`;
}
