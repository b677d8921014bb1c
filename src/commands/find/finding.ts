import type { CodeMap } from "../../codes/code-map.ts";
import { normaliseCode } from "../../codes/normalise.ts";
import type { Channel, Outcome } from "../../codes/verdict.ts";
import type { TopicSettings } from "../../config/schema.ts";
import type { LogStretch } from "../../kafka/stretches.ts";
import { createDecoder } from "../../receipts/decode.ts";
import { maskedRecord } from "../../receipts/masked/masked-record.ts";
import type { Receipt, Unread } from "../../receipts/receipt.ts";
import { Explainer } from "../classify/explain.ts";
import { type Search, SearchedPartition, type SeenRecord } from "../search/searched-partition.ts";
import { verdictOf } from "../verdict-of.ts";
import type { WantedReceipts, WantedRecords } from "./request.ts";
import { wordsOf } from "./words.ts";

/** Where a match is. Times in ms since the epoch. */
interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly recordedAt: number;
  /** The masked record, see {@link maskedRecord}; undefined unless asked for. */
  readonly record: unknown;
  /** The lines that explain the record; undefined unless asked for. */
  readonly explained: readonly string[] | undefined;
}

/** A matching receipt. */
export interface FoundReceipt extends Place {
  readonly kind: "receipt";
  /** Its index among the record's receipts, from 0. */
  readonly index: number;
  /** NaN when the receipt has none. */
  readonly eventAt: number;
  readonly provider: string;
  readonly channel: Channel;
  readonly scope: string;
  /** As in labels. */
  readonly code: string;
  readonly category: string;
  readonly outcome: Outcome;
}

/** A matching record that is not a receipt, or only in part. */
export interface FoundUnread extends Place {
  readonly kind: "unread";
  readonly reason: Unread;
}

export type Found = FoundReceipt | FoundUnread;

/** How records are searched. */
export interface FindingOptions {
  readonly wanted: WantedRecords;
  readonly topics: readonly TopicSettings[];
  readonly map: CodeMap;
  readonly isShown: boolean;
  readonly isExplained: boolean;
}

/** Searches stretches of a log for receipts, or for records without one, until enough are found. */
export class Finding implements Search {
  readonly wanted: WantedRecords;
  readonly partitions: readonly SearchedPartition[];
  readonly #options: FindingOptions;
  readonly #topics: ReadonlyMap<string, LookedAt>;
  readonly #all: Found[] = [];
  #more = 0;

  /** @param stretches of the topics in the options */
  constructor(options: FindingOptions, stretches: readonly LogStretch[]) {
    this.wanted = options.wanted;
    this.#options = options;
    this.#topics = new Map(options.topics.map((topic) => [topic.topic, lookedAt(topic, options)]));
    const decoders = new Map(options.topics.map(({ topic, shape }) => [topic, createDecoder(shape, topic)]));
    this.partitions = stretches.flatMap((stretch) => {
      const decode = decoders.get(stretch.topic);
      return decode === undefined ? [] : [new SearchedPartition(stretch, this, decode)];
    });
  }

  /** In the order of reading: within a partition that of the log. */
  get all(): readonly Found[] {
    return this.#all;
  }

  get found(): number {
    return this.#all.length;
  }

  /** How many more matches the last record has, beyond the limit. */
  get more(): number {
    return this.#more;
  }

  get isFull(): boolean {
    return this.found >= this.wanted.limit;
  }

  get to(): number | undefined {
    return this.wanted.to;
  }

  get records(): number {
    return this.partitions.reduce((sum, { records }) => sum + records, 0);
  }

  see(record: SeenRecord): void {
    const { from, to, receipts, unread } = this.wanted;
    const { recordedAt } = record;
    const looked = this.#topics.get(record.topic);
    if (looked === undefined || recordedAt < from || (to !== undefined && recordedAt >= to)) return;
    if (receipts === undefined) {
      if (record.unread === undefined || !unread.has(record.unread)) return;
      this.#all.push({ kind: "unread", reason: record.unread, ...this.#placeOf(record, looked) });
      return;
    }
    let place: Place | undefined;
    for (const [index, receipt] of record.receipts.entries()) {
      const { category, outcome, code, channel, provider } = verdictOf(
        this.#options.map,
        looked.topic,
        receipt,
      );
      const { scope, receivedAt: eventAt } = receipt;
      const judged = { provider, channel, scope, code, category, outcome };
      if (!isWanted(receipts, receipt, judged)) continue;
      if (this.isFull) {
        this.#more++;
        continue;
      }
      place ??= this.#placeOf(record, looked);
      this.#all.push({ kind: "receipt", index, eventAt, ...judged, ...place });
    }
  }

  #placeOf(record: SeenRecord, { topic, explainer, isWord }: LookedAt): Place {
    const { partition, offset, recordedAt, raw, receipts } = record;
    const codes = new Set(receipts.map(({ code }) => code));
    const masked = () =>
      raw === undefined
        ? "a batch too large to unpack"
        : maskedRecord(raw, topic.shape.charset, { isWord, codes });
    const explained = () =>
      raw === undefined ? ["  unread     too_large: the batch"] : explainer?.explain(raw);
    return {
      ...{ topic: record.topic, partition, offset, recordedAt },
      record: this.#options.isShown ? masked() : undefined,
      explained: explainer === undefined ? undefined : explained(),
    };
  }
}

function isWanted(
  { codes, categories, outcomes, channels, providers, scopes }: WantedReceipts,
  { code: sent }: Receipt,
  judged: Pick<FoundReceipt, "provider" | "channel" | "scope" | "code" | "category" | "outcome">,
): boolean {
  const { provider, channel, scope, code, category, outcome } = judged;
  const has = (wanted: ReadonlySet<string>, value: string) => wanted.size === 0 || wanted.has(value);
  return (
    has(categories, category) &&
    has(outcomes, outcome) &&
    has(channels, channel) &&
    has(providers, provider) &&
    has(scopes, scope) &&
    // as sent, or as in labels
    (has(codes, normaliseCode(sent)) || has(codes, normaliseCode(code)))
  );
}

/** How a topic's records are read. */
interface LookedAt {
  readonly topic: TopicSettings;
  readonly explainer: Explainer | undefined;
  isWord(text: string): boolean;
}

function lookedAt(topic: TopicSettings, { map, isShown, isExplained }: FindingOptions): LookedAt {
  const words = isShown ? wordsOf(map, topic.shape) : new Set<string>();
  return {
    topic,
    explainer: isExplained ? new Explainer(topic, map) : undefined,
    isWord: (text) => words.has(normaliseCode(text)),
  };
}
