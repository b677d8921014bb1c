import type { CodeMap } from "../../codes/code-map.ts";
import type { TopicSettings } from "../../config/schema.ts";
import type { LogStretch } from "../../kafka/stretches.ts";
import { createDecoder, type RawRecord } from "../../receipts/decode.ts";
import { isIgnored, type Unread } from "../../receipts/receipt.ts";
import { skeletonOfRecord } from "../../receipts/skeleton.ts";
import { Explainer } from "../classify/explain.ts";
import { type Search, SearchedPartition, type SeenRecord } from "../search/searched-partition.ts";
import type { Wanted } from "./request.ts";

/** A record without a receipt, by its place; it contains none of the record's values. */
export interface Sample {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** In ms since the epoch. */
  readonly recordedAt: number;
  readonly reason: Unread;
  /** Its shape, see {@link skeletonOfRecord}. */
  readonly skeleton: string;
  /** The lines that explain it, with reason and shape; undefined unless asked for. */
  readonly explained: readonly string[] | undefined;
}

/** How records are searched. */
export interface SamplingOptions {
  readonly wanted: Wanted;
  readonly topics: readonly TopicSettings[];
  readonly map: CodeMap;
  readonly isExplained: boolean;
}

/** Searches stretches of a log for records without a receipt, until enough are found. */
export class Sampling implements Search {
  readonly wanted: Wanted;
  readonly #samples: Sample[] = [];
  readonly #topics: ReadonlyMap<string, SampledTopic>;
  readonly partitions: readonly SearchedPartition[];

  /** @param stretches of the topics in the options */
  constructor(options: SamplingOptions, stretches: readonly LogStretch[]) {
    this.wanted = options.wanted;
    this.#topics = new Map(options.topics.map((topic) => [topic.topic, topicOf(topic, options)]));
    const decoders = new Map(options.topics.map(({ topic, shape }) => [topic, createDecoder(shape, topic)]));
    this.partitions = stretches.flatMap((stretch) => {
      const decode = decoders.get(stretch.topic);
      return decode === undefined ? [] : [new SearchedPartition(stretch, this, decode)];
    });
  }

  /** In the order of reading. */
  get samples(): readonly Sample[] {
    return this.#samples;
  }

  get found(): number {
    return this.#samples.length;
  }

  /** Whether enough were found. */
  get isFull(): boolean {
    return this.found >= this.wanted.count;
  }

  get to(): number | undefined {
    return this.wanted.to;
  }

  /** How many records were read. */
  get records(): number {
    return this.partitions.reduce((sum, { records }) => sum + records, 0);
  }

  see({ topic, partition, offset, recordedAt, raw, unread }: SeenRecord): void {
    const looked = this.#topics.get(topic);
    if (looked === undefined || unread === undefined || !this.#isWanted(unread, recordedAt)) return;
    this.#samples.push({
      ...{ topic, partition, offset, recordedAt, reason: unread },
      skeleton: raw === undefined ? "a batch too large to unpack" : looked.skeletonOf(raw),
      explained: raw === undefined ? ["  unread     too_large: the batch"] : looked.explain(raw),
    });
  }

  #isWanted(unread: Unread, recordedAt: number): boolean {
    const { reason, from, to } = this.wanted;
    if (recordedAt < from || (to !== undefined && recordedAt >= to)) return false;
    return reason === undefined ? !isIgnored(unread) : unread === reason;
  }
}

/** How a topic's records are read. */
interface SampledTopic {
  skeletonOf(record: RawRecord): string;
  explain(record: RawRecord): readonly string[] | undefined;
}

function topicOf(topic: TopicSettings, { map, isExplained }: SamplingOptions): SampledTopic {
  const explainer = isExplained ? new Explainer(topic, map) : undefined;
  return {
    skeletonOf: (record) => skeletonOfRecord(record, topic.shape.charset),
    explain: (record) => explainer?.explain(record),
  };
}
