import type { CodeMap } from "../../codes/code-map.ts";
import type { TopicSettings } from "../../config/schema.ts";
import type { IgnoredStatus, MalformedStatus } from "../../http/status.ts";
import type { LivePartition } from "../../kafka/consumer.ts";
import { placeholders } from "../../ledger/cells.ts";
import type { Counter, ReceiptCounter } from "../../ledger/counter.ts";
import type { Recent, Span } from "../../ledger/recent.ts";

/** A counter of an owned partition with its committed count, if that is above 0. */
interface Kept {
  readonly topic: string;
  readonly counter: Counter;
  readonly count: number;
}

function* keptIn(owned: readonly LivePartition[]): Iterable<Kept> {
  for (const { topic, ledger } of owned) {
    if (ledger === undefined) continue;
    const { counters } = ledger.counts;
    const { counts } = ledger.durable;
    for (let slot = 0; slot < counts.length; slot++) {
      const [counter, count = 0] = [counters[slot], counts[slot]];
      if (counter !== undefined && count > 0) yield { topic, counter, count };
    }
  }
}

/**
 * The records without a receipt, in total and in the last hour: most in the last hour first.
 *
 * @param commandFor the command that shows a topic's records which are malformed for a reason
 */
export function totalsOf(
  owned: readonly LivePartition[],
  hour: Span,
  commandFor: (topic: string, reason: string) => string,
): { readonly malformed: readonly MalformedStatus[]; readonly ignored: readonly IgnoredStatus[] } {
  const malformed = new Map<string, { topic: string; reason: string; count: number }>();
  const ignored = new Map<string, { kind: string; count: number }>();
  for (const { topic, counter, count } of keptIn(owned)) {
    if (counter.kind === "malformed") {
      const key = `${topic}\t${counter.reason}`;
      const before = malformed.get(key)?.count ?? 0;
      malformed.set(key, { topic, reason: counter.reason, count: before + count });
    } else if (counter.kind === "ignored") {
      const before = ignored.get(counter.what)?.count ?? 0;
      ignored.set(counter.what, { kind: counter.what, count: before + count });
    }
  }
  return {
    malformed: [...malformed]
      .map(([key, own]) => ({
        ...own,
        last_hour: hour.malformed.get(key)?.count ?? 0,
        command: commandFor(own.topic, own.reason),
      }))
      .sort(latestFirst),
    ignored: [...ignored]
      .map(([kind, own]) => ({ ...own, last_hour: hour.ignored.get(kind)?.count ?? 0 }))
      .sort(latestFirst),
  };
}

type Counted = { readonly last_hour: number; readonly count: number };

function latestFirst(a: Counted, b: Counted): number {
  return b.last_hour - a.last_hour || b.count - a.count;
}

/** An unlisted code, without the readings of other tables. */
export interface CountedCode {
  readonly counter: ReceiptCounter;
  readonly count: number;
  readonly sinceStart: number;
  /** In ms since the epoch; undefined if it was before the process started. */
  readonly firstAt: number | undefined;
  readonly lastAt: number | undefined;
}

/**
 * The codes that the map does not list: the newest first, then the most recent, then the most frequent; and the
 * receipts whose code is not shown, by label.
 */
export function unknownCodesOf(
  owned: readonly LivePartition[],
  map: CodeMap,
  topics: readonly TopicSettings[],
  recent: Recent,
): { readonly codes: readonly CountedCode[]; readonly codeless: Readonly<Record<string, number>> } {
  const fallbacks = new Map(topics.map(({ topic, fallback = [] }) => [topic, fallback]));
  const codes = new Map<string, { counter: ReceiptCounter; count: number }>();
  const codeless = new Map<string, number>();
  const listed = new Map<string, boolean>();
  for (const { topic, counter, count } of keptIn(owned)) {
    if (counter.kind !== "receipts" || counter.category !== "unknown") continue;
    const { provider, scope, code } = counter;
    if (placeholders.includes(code)) {
      codeless.set(code, (codeless.get(code) ?? 0) + count);
      continue;
    }
    const key = `${provider}\t${scope}\t${code}`;
    // Success codes with a failure flag are unknown too, but listed; others may be listed by now. Partitions share
    // codes, so each is looked up once for a topic.
    const ofTopic = `${topic}\t${key}`;
    let isListed = listed.get(ofTopic);
    if (isListed === undefined) {
      const asked = [provider, ...(fallbacks.get(topic) ?? [])];
      isListed = map.lookupAmong(asked, scope, code) !== undefined;
      listed.set(ofTopic, isListed);
    }
    if (isListed) continue;
    codes.set(key, { counter, count: (codes.get(key)?.count ?? 0) + count });
  }
  const seen = [...codes.values()].map(({ counter, count }): CountedCode => {
    const own = recent.code(counter.provider, counter.scope, counter.code);
    // If there are more than since the start, the first came earlier, or to another instance.
    const firstAt = own !== undefined && count <= own.count ? own.firstAt : undefined;
    return { counter, count, sinceStart: own?.count ?? 0, firstAt, lastAt: own?.lastAt };
  });
  return {
    codes: seen.sort(
      (a, b) => (b.firstAt ?? 0) - (a.firstAt ?? 0) || (b.lastAt ?? 0) - (a.lastAt ?? 0) || b.count - a.count,
    ),
    codeless: Object.fromEntries(codeless),
  };
}

/** A time in ms since the epoch as RFC 3339 in UTC, to the second. */
export function momentOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
