import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { TopicSettings } from "../../config/schema.ts";
import { sentence } from "../../diagnostics.ts";
import type { ReceiptCounter } from "../../ledger/counter.ts";
import { Counts } from "../../ledger/counts.ts";
import { createDecoder } from "../../receipts/decode.ts";
import type { Receipt } from "../../receipts/receipt.ts";
import { table } from "../../table.ts";
import type { Io } from "../command.ts";
import { InputProgress } from "./input-progress.ts";
import { type Judging, onlyTopic } from "./judging.ts";
import { LineSplitter } from "./lines.ts";

export interface InputOptions extends Judging {
  /** A file's path, or `-` for standard input. */
  readonly input: string;
  /** Distinct codes that the map does not list; the rest counts as `_other`. */
  readonly unknownCodes: number;
}

/**
 * Counts newline-delimited record values as `run` counts them, and prints what `render` makes of
 * it: of how many lines there were, the empty ones left out, and of what was counted.
 *
 * @returns the exit code: 0, or 1 when the input cannot be read
 * @throws UsageError when the settings have several topics
 */
export async function classifyInput(
  options: InputOptions,
  render: (records: number, counted: Counts) => string,
  io: Io,
): Promise<number> {
  const { input, settings, map, unknownCodes } = options;
  const topic = onlyTopic(settings);
  const counted = new Counts({ map, provider: topic.provider, channel: topic.channel, unknownCodes });
  try {
    const records = await count(input, topic, counted, io);
    io.stdout.write(render(records, counted));
    return 0;
  } catch (error) {
    const reason = readFailure(error);
    if (reason === undefined) throw error;
    io.stderr.write(`dlr-exporter: cannot read ${sentence(input)}: ${sentence(reason)}\n`);
    return 1;
  }
}

/** @returns how many lines there were that were not empty */
async function count(input: string, topic: TopicSettings, counted: Counts, io: Io): Promise<number> {
  const decode = createDecoder(topic.shape);
  const receipts: Receipt[] = [];
  let records = 0;
  const lines = new LineSplitter((line) => {
    records += 1;
    receipts.length = 0;
    // A line too long for a record is no JSON that anybody sent: most likely the file has no lines at all.
    const malformed = line === undefined ? "not_json" : decode(line, undefined, receipts);
    counted.fold(receipts, malformed);
  });
  const size = input === "-" ? undefined : (await stat(input)).size;
  const progress = new InputProgress(size, io.stderr);
  try {
    const stream = input === "-" ? io.stdin : createReadStream(input, { highWaterMark: 256 * 1024 });
    for await (const chunk of stream) {
      const bytes: Buffer = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      lines.push(bytes);
      progress.advance(bytes.length);
    }
    lines.end();
    return records;
  } finally {
    progress.end();
  }
}

/** What a file counts as; the shape of `classify --input --output json`. */
export interface FileCounts {
  /** Lines that are not empty. */
  readonly records: number;
  /** The sum of the counts. */
  readonly receipts: number;
  /** Records by reason; reasons that did not come are left out. */
  readonly malformed: Readonly<Record<string, number>>;
  readonly conflicts: number;
  /** By scope, then code. */
  readonly counts: readonly Count[];
}

type Count = Pick<ReceiptCounter, "channel" | "scope" | "code" | "category" | "outcome"> & {
  readonly count: number;
};

/** What has been counted, over all providers. */
export function fileCountsOf(records: number, counted: Counts): FileCounts {
  // Cells that differ in the provider alone are one count here.
  const cells = Map.groupBy(counted.cells(), ({ channel, scope, code, category, outcome }) =>
    [scope, code, category, outcome, channel].join("\t"),
  );
  const counts = [...cells]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, [first, ...others]]): Count[] => {
      if (first === undefined) return [];
      const { channel, scope, code, category, outcome } = first;
      return [
        { channel, scope, code, category, outcome, count: others.reduce((n, c) => n + c.count, first.count) },
      ];
    });
  const receipts = counts.reduce((sum, { count }) => sum + count, 0);
  const malformed = Object.fromEntries(counted.malformed());
  return { records, receipts, malformed, conflicts: counted.conflicts(), counts };
}

/** The counts as tables for people. */
export function fileCountsInWords({ records, receipts, malformed, conflicts, counts }: FileCounts): string {
  const categories = [...Map.groupBy(counts, ({ category }) => category)]
    .map(([category, own]) => ({ category, count: own.reduce((sum, { count }) => sum + count, 0) }))
    .sort((a, b) => b.count - a.count)
    .map(({ category, count }) => [category, count, `${((100 * count) / receipts).toFixed(1)} %`]);
  const codes = counts.map((own) => [own.scope, own.code, own.category, own.outcome, own.count]);
  const reasons = Object.entries(malformed).map(([reason, n]) => `${n} ${reason}`);
  return [
    table([["CATEGORY", "COUNT", "SHARE"], ...categories]),
    table([["SCOPE", "CODE", "CATEGORY", "OUTCOME", "COUNT"], ...codes]),
    `records ${records}, receipts ${receipts}, conflicts ${conflicts}, malformed ${reasons.join(", ") || "0"}\n`,
  ].join("\n");
}

/** Why the input could not be read, in words; undefined for an error that is ours. */
function readFailure(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("syscall" in error) || !("code" in error)) return undefined;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: "there is no such file",
    EISDIR: "it is a directory",
    EACCES: "permission denied",
  };
  return reasons[String(error.code)] ?? error.message;
}
