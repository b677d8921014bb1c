import type { CodeMap } from "../../codes/code-map.ts";
import type { LastReload } from "../../codes/live-map.ts";
import type { Suggester } from "../../codes/suggest.ts";
import type { Settings } from "../../config/schema.ts";
import {
  type CodeMapStatus,
  mostRows,
  type PartitionStatus,
  type RecentStatus,
  type Status,
  type TopicStatus,
} from "../../http/status.ts";
import type { LiveConsumer, LivePartition } from "../../kafka/consumer.ts";
import type { Readiness } from "../../kafka/group/readiness.ts";
import { partitionKey } from "../../kafka/partition-id.ts";
import type { Recent, Span } from "../../ledger/recent.ts";
import { quoted } from "../shell-words.ts";
import { momentOf, totalsOf, unknownCodesOf } from "./status-counts.ts";
import { unknownCodeOf } from "./status-suggestions.ts";

/** What a status is built from. */
export interface StatusSource {
  readonly version: string;
  readonly settings: Settings;
  /** The configuration file; undefined without one. */
  readonly configFile: string | undefined;
  readonly consumer: Pick<LiveConsumer, "partitions" | "topics" | "waits">;
  readonly readiness: Readiness;
  readonly map: CodeMap;
  /** Of that map. */
  readonly suggester: Suggester;
  readonly lastReload: LastReload;
  readonly recent: Recent;
  /** When the process started, and the present; in ms since the epoch. */
  readonly startedAt: number;
  readonly now: number;
}

/** The periods of the counts, in minutes. */
const spans = [5, 60] as const;

/**
 * The exporter's state. It uses committed counts, and is not a scrape: no counter counts as seen, and none is shown
 * that was not before.
 */
export function statusOf(source: StatusSource): Status {
  const { version, settings, consumer, readiness, map, recent, startedAt, now } = source;
  const { obstacle, remarks } = readiness;
  const owned = consumer.partitions;
  const partitions = partitionsOf(owned, consumer.waits.partitions);
  const topics = topicsOf(source, owned);
  const hour = recent.last(spans[1]);
  const totals = totalsOf(owned, hour, (topic, reason) => sampleCommand(source, topic, reason));
  const unknown = unknownCodesOf(owned, map, settings.topics, recent);
  const recents = spans.map((minutes) => recentOf(minutes, recent.last(minutes), map));
  const { files, ...codeMap } = codeMapOf(map, source.lastReload);
  const lists = {
    remarks,
    topics,
    partitions,
    unknown_codes: unknown.codes,
    malformed: totals.malformed,
    ignored: totals.ignored,
    files,
  };
  const categories = Math.max(...recents.map((one) => one.categories.length));
  return {
    version,
    now: momentOf(now),
    started: momentOf(startedAt),
    ready: obstacle === undefined,
    obstacle: obstacle ?? null,
    remarks: first(remarks, "remarks"),
    group: settings.group,
    lag: {
      records: owned.reduce((sum, { lag }) => sum + (lag ?? 0), 0),
      partitions: owned.length,
      unknown: owned.filter(({ lag }) => lag === undefined).length,
    },
    newest_event: eventOf(Math.max(0, ...owned.map(lastEventOf))),
    topics: first(topics, "topics"),
    partitions: first(partitions, "partitions"),
    recent: recents.map((one) => ({ ...one, categories: first(one.categories, "categories") })),
    unknown_codes: first(unknown.codes, "unknown_codes").map((code) =>
      unknownCodeOf(map, source.suggester, code),
    ),
    unknown_without_code: unknown.codeless,
    malformed: first(totals.malformed, "malformed"),
    ignored: first(totals.ignored, "ignored"),
    code_map: { ...codeMap, files: first(files, "files") },
    more: {
      ...{ categories: Math.max(0, categories - mostRows.categories) },
      ...leftOut(lists),
    },
  };
}

type Lists = Omit<Record<keyof Status["more"], readonly unknown[]>, "categories">;

function leftOut(lists: Lists): Record<keyof Lists, number> {
  const of = (list: keyof Lists) => Math.max(0, lists[list].length - mostRows[list]);
  return {
    remarks: of("remarks"),
    topics: of("topics"),
    partitions: of("partitions"),
    unknown_codes: of("unknown_codes"),
    malformed: of("malformed"),
    ignored: of("ignored"),
    files: of("files"),
  };
}

function first<Row>(rows: readonly Row[], list: keyof Status["more"]): readonly Row[] {
  return rows.slice(0, mostRows[list]);
}

/** Those that are not read first, then those with an unknown lag, then the largest lag. */
function partitionsOf(
  owned: readonly LivePartition[],
  waits: ReadonlyMap<string, string>,
): PartitionStatus[] {
  const rank = ({ waits, lag }: PartitionStatus) => [waits === null ? 1 : 0, -(lag ?? Number.MAX_VALUE)];
  return owned
    .map((one) => ({
      topic: one.topic,
      partition: one.partition,
      committed_offset: one.ledger?.committedOffset ?? null,
      lag: one.lag ?? null,
      newest_event: eventOf(lastEventOf(one)),
      waits: waits.get(partitionKey(one)) ?? null,
    }))
    .map((row) => ({ row, rank: rank(row) }))
    .sort(
      (a, b) =>
        (a.rank[0] ?? 0) - (b.rank[0] ?? 0) ||
        (a.rank[1] ?? 0) - (b.rank[1] ?? 0) ||
        a.row.topic.localeCompare(b.row.topic, "en") ||
        a.row.partition - b.row.partition,
    )
    .map(({ row }) => row);
}

function topicsOf({ settings, consumer }: StatusSource, owned: readonly LivePartition[]): TopicStatus[] {
  const known = new Map(consumer.topics.map((topic) => [topic.topic, topic]));
  const byTopic = Map.groupBy(owned, ({ topic }) => topic);
  const { topics: waits } = consumer.waits;
  return settings.topics.map(({ topic, provider }) => {
    const own = byTopic.get(topic) ?? [];
    const lags = own.flatMap(({ lag }) => lag ?? []);
    return {
      topic,
      provider: provider ?? "aliyun",
      partitions: known.get(topic)?.partitions ?? null,
      owned: own.length,
      unowned: known.get(topic)?.unowned ?? null,
      lag: lags.length === 0 ? null : lags.reduce((sum, lag) => sum + lag, 0),
      waits: waits.get(topic) ?? null,
    };
  });
}

function recentOf(minutes: number, span: Span, map: CodeMap): RecentStatus {
  const rows = [...span.receipts.values()].filter(({ count }) => count > 0);
  const sumOf = (counts: Iterable<{ readonly count: number }>) =>
    [...counts].reduce((sum, { count }) => sum + count, 0);
  const delivered = sumOf(rows.filter(({ outcome }) => outcome === "delivered"));
  const failed = sumOf(rows.filter(({ outcome }) => outcome === "failed"));
  return {
    minutes,
    seconds: span.seconds,
    receipts: sumOf(rows),
    delivered,
    failed,
    delivered_share: delivered + failed === 0 ? null : delivered / (delivered + failed),
    categories: rows
      .map(({ category, outcome, count }) => {
        const { en = category, zh = category } = map.categories.get(category) ?? {};
        return { category, name: { en, zh }, outcome, count };
      })
      .sort((a, b) => b.count - a.count || a.category.localeCompare(b.category, "en")),
    malformed: sumOf(span.malformed.values()),
    ignored: sumOf(span.ignored.values()),
  };
}

function codeMapOf(map: CodeMap, { succeededAt, successful }: LastReload): CodeMapStatus {
  return {
    hash: map.hash,
    providers: map.providers().length,
    codes: map.tables.reduce((sum, { entries }) => sum + entries.length, 0),
    read: momentOf(succeededAt * 1000),
    last_reload_successful: successful,
    files: map.files,
  };
}

/** The command that shows malformed records, for a shell with the exporter's environment. */
function sampleCommand({ configFile, settings }: StatusSource, topic: string, reason: string): string {
  const source =
    configFile === undefined ? ["--brokers", settings.brokers.join(",")] : ["--config", configFile];
  const words = [...source, "--topic", topic, "--reason", reason];
  return `dlr-exporter sample ${words.map(quoted).join(" ")} --from -1h`;
}

function lastEventOf({ ledger }: LivePartition): number {
  return ledger?.durable.lastEventAt ?? 0;
}

/** @param at in ms since the epoch; 0 before the first event */
function eventOf(at: number): string | null {
  return at > 0 ? momentOf(at) : null;
}
