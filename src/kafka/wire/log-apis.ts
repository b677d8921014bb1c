import { brokerFailure, type Failure } from "../failure.ts";
import type { FetchFrom } from "../group/asks.ts";
import type { PartitionId } from "../partition-id.ts";
import type { Api } from "./api.ts";
import { byTopic } from "./by-topic.ts";
import type { Reader, Writer } from "./bytes.ts";
import type { AbortedTransaction } from "./record-batch.ts";

/** The timestamps that stand for the two ends of a log. */
export const logEnds = { earliest: -2, latest: -1 } as const;

/** Which offsets of a broker's partitions to tell. */
export interface OffsetsRequest {
  readonly partitions: readonly PartitionId[];
  /** A time in ms since the epoch, or one of {@link logEnds}. */
  readonly at: number;
  /** Whether a log ends before its first open transaction. */
  readonly decided: boolean;
}

/** An offset of a partition: the end of its log, or that of the first record at or after a time, -1 without one. */
export interface LogOffset extends PartitionId {
  readonly failure: Failure | undefined;
  readonly offset: number;
}

/** Where logs begin or end, or reach a time. */
export const listOffsets: Api<OffsetsRequest, readonly LogOffset[]> = {
  name: "ListOffsets",
  key: 2,
  versions: [
    {
      version: 2,
      flexible: false,
      write: ({ partitions, at, decided }, writer) =>
        writer
          .int32(-1)
          .int8(decided ? isolation.readCommitted : isolation.readUncommitted)
          .array(byTopic(partitions), ([topic, parts], to) =>
            to.string(topic).array(parts, ({ partition }, into) => into.int32(partition).int64(at)),
          ),
      read: (reader) => {
        reader.int32();
        return reader
          .array(() => {
            const topic = reader.string() ?? "";
            return reader.array(() => {
              const partition = reader.int32();
              const failure = brokerFailure(reader.int16());
              reader.int64(); // timestamp
              return { topic, partition, failure, offset: reader.int64() };
            });
          })
          .flat();
      },
    },
  ],
};

const isolation = { readUncommitted: 0, readCommitted: 1 } as const;

/** Largest answer, in bytes. A single batch is returned whole even if it is larger. */
const largestAnswer = 4 * 1024 * 1024;

/**
 * Bytes per partition in an answer, of which many partitions share one: few and large answers cost less, and what they
 * unpack to takes memory.
 */
const partitionBytes = { least: 262_144, most: 1_048_576 } as const;

/** So many bytes make a broker answer at once. A single partition must be able to fill it. */
const enoughBytes = partitionBytes.least / 2;

export interface FetchRequest {
  readonly partitions: readonly FetchFrom[];
  /** How long a broker waits if there is little to send, in ms. */
  readonly waitMs: number;
}

/** A partition's records, unopened. */
export interface FetchedSet extends PartitionId {
  readonly failure: Failure | undefined;
  /** One past the log's last offset, open transactions included. */
  readonly logEnd: number;
  readonly aborted: readonly AbortedTransaction[];
  readonly records: Buffer;
}

export interface FetchResponse {
  readonly failure: Failure | undefined;
  readonly partitions: readonly FetchedSet[];
}

/**
 * Reads records. Version 13 (Kafka 3.1 and later) identifies the topic by id, so that a broker never returns the
 * records of a recreated topic.
 */
export const fetch: Api<FetchRequest, FetchResponse> = {
  name: "Fetch",
  key: 1,
  versions: [
    {
      version: 13,
      flexible: true,
      write: (request, writer) =>
        head(request, writer)
          .compactArray(byTopic(request.partitions), ([, parts], to) =>
            to
              .raw(Buffer.from(parts[0]?.topicId ?? "0".repeat(32), "hex"))
              .compactArray(parts, ({ partition, offset }, into) =>
                into
                  .int32(partition)
                  .int32(-1)
                  .int64(offset)
                  .int32(-1)
                  .int64(-1)
                  .int32(bytesFor(request))
                  .noTags(),
              )
              .noTags(),
          )
          .compactArray([], () => undefined)
          .compactString("")
          .noTags(),
      read: (reader, request) => {
        reader.int32();
        const failure = brokerFailure(reader.int16());
        reader.int32(); // fetch session: none
        const names = new Map(request.partitions.map(({ topic, topicId }) => [topicId, topic]));
        const partitions = reader.compactArray(() => {
          const topic = names.get(reader.raw(16).toString("hex")) ?? "";
          const parts = reader.compactArray(() => {
            const fields = readFields(reader, topic);
            const aborted = reader.compactArray(() => {
              const transaction = readAborted(reader);
              reader.tags();
              return transaction;
            });
            reader.int32(); // preferred replica
            const records = reader.compactBytes() ?? nothing;
            reader.tags();
            return { ...fields, aborted, records };
          });
          reader.tags();
          return parts;
        });
        return { failure, partitions: partitions.flat() };
      },
    },
    {
      version: 11,
      flexible: false,
      write: (request, writer) =>
        head(request, writer)
          .array(byTopic(request.partitions), ([topic, parts], to) =>
            to
              .string(topic)
              .array(parts, ({ partition, offset }, into) =>
                into.int32(partition).int32(-1).int64(offset).int64(-1).int32(bytesFor(request)),
              ),
          )
          .array([], () => undefined)
          .string(""),
      read: (reader) => {
        reader.int32();
        const failure = brokerFailure(reader.int16());
        reader.int32();
        const partitions = reader.array(() => {
          const topic = reader.string() ?? "";
          return reader.array(() => {
            const fields = readFields(reader, topic);
            const aborted = reader.array(() => readAborted(reader));
            reader.int32();
            return { ...fields, aborted, records: reader.bytes() ?? nothing };
          });
        });
        return { failure, partitions: partitions.flat() };
      },
    },
  ],
};

/** Bytes per partition. */
function bytesFor({ partitions }: FetchRequest): number {
  const { least, most } = partitionBytes;
  return Math.max(least, Math.min(most, Math.floor(largestAnswer / partitions.length)));
}

function head({ waitMs }: FetchRequest, writer: Writer): Writer {
  return writer
    .int32(-1)
    .int32(waitMs)
    .int32(enoughBytes)
    .int32(largestAnswer)
    .int8(isolation.readCommitted)
    .int32(0)
    .int32(-1);
}

function readFields(reader: Reader, topic: string): Omit<FetchedSet, "aborted" | "records"> {
  const partition = reader.int32();
  const failure = brokerFailure(reader.int16());
  const logEnd = reader.int64();
  reader.int64(); // last stable offset
  reader.int64(); // log start
  return { topic, partition, failure, logEnd };
}

function readAborted(reader: Reader): AbortedTransaction {
  return { producerId: String(reader.int64()), firstOffset: String(reader.int64()) };
}

const nothing = Buffer.alloc(0);
