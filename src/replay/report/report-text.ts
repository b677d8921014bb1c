import { delayBuckets } from "../../ledger/delays.ts";
import { countedWords, table } from "../../table.ts";
import type { Gap, ReplayCounts, Unread } from "../counts.ts";
import { counted, spanFlag, spanWords } from "../spans.ts";
import { delayTable } from "./delay-shares.ts";
import { localMinute, localTime, periodsBetween, zoneText } from "./local-time.ts";
import type { Report } from "./report.ts";
import { segmentTable } from "./segment-table.ts";
import { share } from "./share.ts";
import { valueTable } from "./value-table.ts";

/** Categories with a column of their own; the rarer ones share the last. */
const mostColumns = 6;

/** A report as text: tables, a line of totals, and a sentence for each thing that the reader should know. */
export function reportText(report: Report, counts: ReplayCounts, utcOffsetMinutes: number): string {
  const { window } = counts;
  const minute = (at: number) => localMinute(at, utcOffsetMinutes);
  const title =
    `Receipts from ${minute(window.from)} to ${minute(window.to)} (${zoneText(utcOffsetMinutes)}), ` +
    `by the time of their ${window.by}\n`;
  const parts = [
    title,
    ...[
      categories(report),
      codes(report),
      periods(report, counts, utcOffsetMinutes),
      unknown(report),
      delays(report),
      segmentTable(report.segments ?? []),
      delayTable(report.receiptDelays),
      ...Object.entries(report.dimensions ?? {}).map(([name, own]) => valueTable(name, own)),
    ]
      .filter((rows) => rows.length > 1)
      .map(table),
    totals(report),
    [
      ...notes(counts),
      ...counts.gaps.filter(isLoss).map((gap) => lossNote(gap, counts, minute)),
      ...removed(counts),
      ...counts.unread.map((one) => unreadNote(one, counts, minute)),
      ...counts.undecided.map(
        ({ topic, partition, offsets }) =>
          `${topic}, partition ${partition}: ${counted(offsets, "offset")} after an open transaction can't be read until it ends.`,
      ),
    ]
      .map((note) => `${note}\n`)
      .join(""),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

type Rows = (string | number)[][];

function categories({ categories, receipts }: Report): Rows {
  const rows = categories.map(({ category, count }) => [category, count, share(count, receipts)]);
  return [["CATEGORY", "COUNT", "SHARE"], ...rows];
}

/** One row for each code and what it counts as, all topics together. */
function codes({ counts }: Report): Rows {
  const rows = [
    ...Map.groupBy(counts, ({ provider, scope, code, category, outcome }) =>
      [provider, scope, code, category, outcome].join("\t"),
    ),
  ]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, own]) => [...key.split("\t"), sumOf(own)]);
  return [["PROVIDER", "SCOPE", "CODE", "CATEGORY", "OUTCOME", "COUNT"], ...rows];
}

function sumOf(parts: readonly { readonly count: number }[]): number {
  return parts.reduce((sum, { count }) => sum + count, 0);
}

/** Every hour or day of the window, those without a receipt too: a hole is what one looks for. */
function periods({ per, categories }: Report, { window }: ReplayCounts, utcOffsetMinutes: number): Rows {
  if (categories.length === 0) return [];
  const own = categories.length > mostColumns + 1 ? categories.slice(0, mostColumns) : categories;
  const others = categories.slice(own.length);
  const head = [per.toUpperCase(), "ALL", ...own.map(({ category }) => category)];
  const rows = periodsBetween(window.from, window.to, per, utcOffsetMinutes).map((start) => {
    const key = localTime(start, utcOffsetMinutes);
    const at = (parts: typeof categories) => parts.reduce((sum, { periods }) => sum + (periods[key] ?? 0), 0);
    const name = localMinute(start, utcOffsetMinutes).slice(0, per === "day" ? 10 : undefined);
    const cells = [name, at(categories), ...own.map((category) => at([category]))];
    return others.length === 0 ? cells : [...cells, at(others)];
  });
  return [others.length === 0 ? head : [...head, `${others.length} others`], ...rows];
}

function unknown({ counts }: Report): Rows {
  const rows = [
    ...Map.groupBy(
      counts.filter(({ category }) => category === "unknown"),
      ({ provider, scope, code }) => [provider, scope, code].join("\t"),
    ),
  ]
    .map(([key, own]) => ({ key, count: sumOf(own) }))
    .sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1))
    .map(({ key, count }) => [...key.split("\t"), count]);
  return [["PROVIDER", "SCOPE", "UNKNOWN CODE", "COUNT"], ...rows];
}

function delays({ delays }: Report): Rows {
  const rows = delays.map(({ channel, outcome, count, p50, p95, p99 }) => [
    ...[channel, outcome, count],
    ...[p50, p95, p99].map(delayWords),
  ]);
  return [["CHANNEL", "OUTCOME", "DELAYS", "P50", "P95", "P99"], ...rows];
}

function delayWords(seconds: number): string {
  const words = spanWords(1000 * seconds);
  return seconds === delayBuckets.at(-1) ? `${words} or more` : `about ${words}`;
}

function totals({ records, receipts, malformed, ignored, conflicts, undated, ...keys }: Report): string {
  const { duplicates, unkeyed = [] } = keys;
  const ofKeys =
    duplicates === undefined ? "" : `duplicates ${sumOf(duplicates)}, without a key ${sumOf(unkeyed)}, `;
  return (
    `records ${records}, receipts ${receipts}, conflicts ${conflicts}, undated ${undated}, ${ofKeys}` +
    `malformed ${countedWords(malformed)}, ignored ${countedWords(ignored)}\n`
  );
}

function notes({ outside, late, undated, window, unnamed, dimensions, unread }: ReplayCounts): string[] {
  const notes: string[] = [];
  if (outside.before + outside.after > 0) {
    notes.push(
      `Not counted because their time is outside the window: ${counted(outside.before, "receipt")} before it, ` +
        `${outside.after} after it.`,
    );
  }
  if (undated > 0) {
    notes.push(`Without a time of their own, placed by their record's time: ${counted(undated, "receipt")}.`);
  }
  if (unnamed.codes > 0 || unnamed.andMore) {
    const codes = counted(unnamed.codes, "code");
    notes.push(
      `Under _other: ${unnamed.andMore ? "more than " : ""}${codes} that the map does not list. ` +
        "The most frequent ones of each topic keep their names, up to unknown_codes.",
    );
  }
  if (dimensions !== undefined && (dimensions.unnamed.values > 0 || dimensions.unnamed.andMore)) {
    const { values, andMore } = dimensions.unnamed;
    notes.push(
      `Under _other: ${andMore ? "more than " : ""}${counted(values, "value")} of dimensions. ` +
        "Of each dimension of a topic the commonest keep their name, as many as dimension_values says.",
    );
  }
  // What was recorded later still was read, unless something was left.
  if (late > 0 && window.slack !== undefined && unread.length > 0) {
    notes.push(
      `${counted(late, "receipt")} arrived in the last tenth of the slack of ${spanFlag(window.slack)}: ` +
        `a longer slack may find more, such as --slack ${spanFlag(2 * window.slack)}.`,
    );
  }
  return notes;
}

function unreadNote(
  { topic, partition, offsets, after, until, suspect }: Unread,
  { window }: ReplayCounts,
  minute: (at: number) => string,
): string {
  const slack = spanFlag(window.slack ?? 0);
  const left = `${topic}, partition ${partition}: ${counted(offsets, "offset")} from ${minute(after)} to ${minute(until)} skipped by --slack ${slack}`;
  if (suspect === undefined) return `${left}.`;
  return `${left}. Records are up to ${spanWords(suspect)} out of order: leave it out to miss none.`;
}

function isLoss({ reason }: Gap): boolean {
  return reason !== "removed";
}

function lossNote(
  { topic, partition, offsets, reason, oldestAt }: Gap,
  { window }: ReplayCounts,
  minute: (at: number) => string,
): string {
  const place = `${topic}, partition ${partition}`;
  if (reason === "deleted")
    return `${place}: ${counted(offsets, "offset")} deleted before they could be read.`;
  if (oldestAt === undefined) return `${place}: no record is left; anything the window had here is gone.`;
  const oldest = `${place}: oldest record is ${minute(oldestAt)}`;
  if (oldestAt >= window.to) return `${oldest}, the whole window is gone.`;
  const lost = spanWords(Math.max(0, oldestAt - window.from));
  return `${oldest}, ${lost} of the window ${lost.startsWith("1 ") ? "is" : "are"} gone.`;
}

/** Offsets without a record, one sentence a topic: they are common, and which partition they are in says nothing. */
function removed({ gaps }: ReplayCounts): string[] {
  const byTopic = Map.groupBy(
    gaps.filter((gap) => !isLoss(gap)),
    ({ topic }) => topic,
  );
  return [...byTopic].map(([topic, own]) => {
    const offsets = own.reduce((sum, gap) => sum + gap.offsets, 0);
    return `${topic}: ${counted(offsets, "offset")} hold${offsets === 1 ? "s" : ""} no record: compacted or transaction markers.`;
  });
}
