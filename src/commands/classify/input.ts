import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { sentence } from "../../diagnostics.ts";
import { keptValues } from "../../ledger/commonest.ts";
import { Counts } from "../../ledger/counts.ts";
import { DuplicateWindow } from "../../ledger/duplicate-window.ts";
import { createDecoder, type RawRecord } from "../../receipts/decode.ts";
import type { Receipt } from "../../receipts/receipt.ts";
import { namesSegments } from "../../receipts/shapes.ts";
import type { Io } from "../command.ts";
import { Explainer, mostExplained } from "./explain.ts";
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
  const { settings, map, unknownCodes } = options;
  const topic = onlyTopic(settings);
  const { provider, fallback, channel, shape } = topic;
  // A line is an offset.
  const window = shape.duplicates && new DuplicateWindow(shape.duplicates.window);
  const dimensions = shape.dimensions.map(({ name }) => name);
  const counted = new Counts({
    ...{ map, provider, fallback, channel, unknownCodes, dimensions },
    dimensionValues: keptValues,
    segments: namesSegments(shape),
    window: window?.window,
  });
  const decode = createDecoder(topic.shape, topic.topic);
  const receipts: Receipt[] = [];
  let records = 0;
  return await readInput(options.input, io, {
    onLine(line) {
      records += 1;
      receipts.length = 0;
      // A line too long for a record is not JSON that anyone sent: most likely the file has no lines at all.
      const unread = line === undefined ? "not_json" : decode(recordOf(line), receipts);
      counted.fold(receipts, unread, Number.NaN, window?.sift(receipts, records));
      return true;
    },
    onEnd: () => render(records, counted),
  });
}

/**
 * Explains the first records of a file, see {@link Explainer}.
 *
 * @returns the exit code: 0, or 1 when the input cannot be read
 * @throws UsageError when the settings have several topics
 */
export async function explainInput({ input, settings, map }: InputOptions, io: Io): Promise<number> {
  const explainer = new Explainer(onlyTopic(settings), map);
  let records = 0;
  return await readInput(input, io, {
    onLine(line) {
      records += 1;
      const explained =
        line === undefined
          ? ["  unread     not_json: the line is too long"]
          : explainer.explain(recordOf(line));
      io.stdout.write(`record ${records}\n${explained.join("\n")}\n`);
      return records < mostExplained;
    },
    onEnd: (isWhole) => (isWhole ? "" : `The first ${mostExplained} records are explained.\n`),
  });
}

/** Takes what a file is made of. */
export interface LineReader {
  /** Takes a line that is not empty, undefined for one that is too long; false to read no more. */
  onLine(line: Buffer | undefined): boolean;
  /** Gives what is printed at the end. */
  onEnd(isWhole: boolean): string;
}

/**
 * Reads a file, or standard input for `-`, line by line, and prints what the reader makes of it.
 *
 * @returns the exit code: 0, or 1 when the input cannot be read
 */
export async function readInput(input: string, io: Io, reader: LineReader): Promise<number> {
  try {
    io.stdout.write(reader.onEnd(await readLines(input, io, reader)));
    return 0;
  } catch (error) {
    const reason = readFailure(error);
    if (reason === undefined) throw error;
    io.stderr.write(`dlr-exporter: cannot read ${sentence(input)}: ${sentence(reason)}\n`);
    return 1;
  }
}

/** @returns whether the file was read to its end */
async function readLines(input: string, io: Io, { onLine }: LineReader): Promise<boolean> {
  let wanted = true;
  const lines = new LineSplitter((line) => {
    if (wanted) wanted = onLine(line);
  });
  const size = input === "-" ? undefined : (await stat(input)).size;
  const progress = new InputProgress(size, io.stderr);
  try {
    const stream = input === "-" ? io.stdin : createReadStream(input, { highWaterMark: 256 * 1024 });
    for await (const chunk of stream) {
      const bytes: Buffer = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      lines.push(bytes);
      progress.advance(bytes.length);
      if (!wanted) return false;
    }
    lines.end();
    return wanted;
  } finally {
    progress.end();
  }
}

/** A line as a record of the log; of the log's own it has nothing. */
export function recordOf(line: Buffer): RawRecord {
  return { bytes: line, start: 0, end: line.length, method: undefined, timestamp: Date.now() };
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
