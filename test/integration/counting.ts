import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { expect } from "vitest";
import { mainModule } from "../lab/exporter.ts";
import { ending } from "../lab/guarded.ts";
import {
  connect,
  type ExporterProcess,
  parseMetrics,
  type Sample,
  sumBy,
  waitFor,
  withAdmin,
} from "./harness.ts";

/** A small tmc-sms receipt of a message that failed with `code`, or arrived when the code is DELIVRD. */
export function receiptOf(code: string): string {
  return JSON.stringify({ state: code === "DELIVRD" ? "1" : "2", err_code: code, biz_id: "1^1" });
}

/** The same with both times, so that its delay of 21 s is observed. */
export function timedReceiptOf(code: string): string {
  const times = { send_time: "2015-04-14 12:21:23", rept_time: "2015-04-14 12:21:44" };
  return JSON.stringify({ ...JSON.parse(receiptOf(code)), ...times });
}

/** As many receipts of one code. */
export function receiptsOf(code: string, count: number): string[] {
  return Array.from({ length: count }, () => receiptOf(code));
}

/** What one scrape shows of one topic; counts at 0 are left out. */
export interface Counted {
  readonly codes: Readonly<Record<string, number>>;
  readonly malformed: Readonly<Record<string, number>>;
  /** Records that are no receipts by intent, by kind. */
  readonly ignored: Readonly<Record<string, number>>;
  readonly skipped: number;
  /** The committed offset of each partition. */
  readonly committed: ReadonlyMap<string, number>;
}

/** Reads a page of metrics. */
export function countedOf(text: string, topic: string): Counted {
  const samples = samplesOf(text, topic);
  const above0 = (name: string, label: string) =>
    Object.fromEntries([...sumBy(samples, name, (labels) => labels[label] ?? "")].filter(([, n]) => n > 0));
  return {
    codes: above0("dlr_receipts_total", "code"),
    malformed: above0("dlr_malformed_records_total", "reason"),
    ignored: above0("dlr_ignored_records_total", "kind"),
    skipped: sumBy(samples, "dlr_skipped_offsets_total", () => "").get("") ?? 0,
    committed: sumBy(samples, "dlr_committed_offset", ({ partition = "" }) => partition),
  };
}

/**
 * Scrapes until everything in a topic's log is committed and shown, and checks at each scrape that
 * nothing is lost between counts and offset: receipts + malformed + ignored + skipped = committed offset - first offset.
 *
 * @param topic one whose records hold one receipt each
 * @param first the first offset to be counted in each partition, 0 where none is given
 */
export async function untilCounted(
  exporter: ExporterProcess,
  brokers: readonly string[],
  topic: string,
  first: Readonly<Record<string, number>> = {},
): Promise<Counted> {
  let ends: readonly { readonly partition: number; readonly high: string }[] = [];
  await waitFor(
    async () => {
      ends = await withAdmin(brokers, (admin) => admin.fetchTopicOffsets(topic));
      return true;
    },
    // a broker that was frozen leads nothing until its cluster has taken it back
    { what: `the ends of ${topic}` },
  );
  const broken: string[] = [];
  let text = "";
  await waitFor(
    async () => {
      text = await exporter.metrics();
      broken.push(...brokenSums(text, topic, first));
      const { committed } = countedOf(text, topic);
      return ends.every(({ partition, high }) => committed.get(String(partition)) === Number(high));
    },
    { what: `${topic} to be counted up to ${ends.map(({ high }) => high).join(", ")}` },
  );
  expect(broken).toEqual([]);
  return countedOf(text, topic);
}

/** What a page says of one topic. The rest, which is most of it, is not read. */
function samplesOf(text: string, topic: string): Sample[] {
  const lines = text.split("\n").filter((line) => line.includes(`{topic="${topic}",`));
  return parseMetrics(lines.join("\n"));
}

/** The partitions whose counts and committed offset disagree in one scrape. */
function brokenSums(text: string, topic: string, first: Readonly<Record<string, number>>): string[] {
  const samples = samplesOf(text, topic);
  const byPartition = (names: readonly string[]) => {
    const counted: Sample[] = samples.filter(({ name }) => names.includes(name));
    return sumBy(
      counted.map((sample) => ({ ...sample, name: "sum" })),
      "sum",
      ({ partition = "" }) => partition,
    );
  };
  const sums = byPartition([
    "dlr_receipts_total",
    "dlr_malformed_records_total",
    "dlr_ignored_records_total",
    "dlr_skipped_offsets_total",
  ]);
  return [...byPartition(["dlr_committed_offset"])].flatMap(([partition, committed]) => {
    const sum = sums.get(partition) ?? 0;
    const moved = committed - (first[partition] ?? 0);
    return sum === moved ? [] : `partition ${partition}: ${sum} counted, but ${moved} offsets committed`;
  });
}

/** The flags of a `run` that commits often; the group is the topic's name unless another is given. */
export function runFlags(
  brokers: readonly string[],
  topics: readonly string[],
  group = topics[0] ?? "",
): string[] {
  return [
    ...["--brokers", brokers.join(","), "--group", group, "--commit-interval", "200"],
    ...topics.flatMap((topic) => ["--topic", topic]),
  ];
}

/** Runs the exporter until it ends by itself. */
export async function runToEnd(flags: readonly string[]): Promise<{ code: number | null; log: string }> {
  const { code, stderr } = await ending(spawn(process.execPath, [mainModule, "run", ...flags]));
  return { code, log: stderr };
}

/** The entries of a JSON log, parsed; lines that are no JSON have only a `msg`. */
export function logEntries(log: string): { level: number; msg: string; line: string }[] {
  return log
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      if (!line.startsWith("{")) return { level: 0, msg: line, line };
      const { level, msg } = JSON.parse(line) as { level: number; msg: string };
      return { level, msg, line };
    });
}

/** Commits an offset of partition 0 in the group of the topic's name, as other programs do it. */
export async function commitAs(
  brokers: readonly string[],
  topic: string,
  offset: string,
  metadata: string,
): Promise<void> {
  const consumer = connect(brokers).consumer({ groupId: topic, maxWaitTimeInMs: 200 });
  const joined = new Promise<unknown>((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
  await consumer.connect();
  await consumer.subscribe({ topic });
  await consumer.run({ autoCommit: false, eachMessage: async () => {} });
  await joined;
  await consumer.commitOffsets([{ topic, partition: 0, offset, metadata }]);
  await consumer.disconnect();
}

/** Has the topic of a configuration of the demo look for duplicates, which it does not. */
export async function lookForDuplicates(file: string): Promise<void> {
  const text = await readFile(file, "utf8");
  await writeFile(
    file,
    text.replace("dimensions:", "duplicates: { key: [/biz_id, /receiver] }, dimensions:"),
  );
}

/**
 * The samples of a topic when all of its log is committed, each partition's on one page. While a group rebalances, a
 * partition may be on two pages that are taken one after the other, and another on none: sums don't tell.
 *
 * @param read what is made of a page
 */
export async function settledSamples(
  exporters: readonly ExporterProcess[],
  brokers: readonly string[],
  topic: string,
  read: (page: string) => Sample[] = parseMetrics,
): Promise<Sample[]> {
  const ends = await withAdmin(brokers, (admin) => admin.fetchTopicOffsets(topic));
  const wanted = ends.map(({ partition, high }) => `${partition} ${high}`).sort();
  let samples: Sample[] = [];
  await waitFor(
    async () => {
      const pages: string[] = [];
      for (const exporter of exporters) pages.push(await exporter.metrics());
      samples = pages.flatMap(read).filter(({ labels }) => labels.topic === topic);
      const committed = samples.filter(({ name }) => name === "dlr_committed_offset");
      const shown = committed.map(({ labels, value }) => `${labels.partition} ${value}`).sort();
      return shown.join() === wanted.join();
    },
    { what: "each partition on one page, with all that the log holds" },
  );
  return samples;
}
