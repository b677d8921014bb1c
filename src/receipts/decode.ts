import { largestValue } from "../bounds.ts";
import { type Collector, collector } from "./collect.ts";
import type { RunReader } from "./columns.ts";
import { DimensionValues } from "./dimensions/dimension-values.ts";
import type { Dimension } from "./dimensions/dimension.ts";
import type { Charset } from "./encodings/charset.ts";
import { readText } from "./encodings/read-text.ts";
import { compileFormat } from "./formats/compile.ts";
import type { MemberTest } from "./formats/description.ts";
import type { ReadContext, ReadOptions } from "./formats/format.ts";
import { ignored } from "./formats/ignored.ts";
import { ignoring } from "./formats/ignoring.ts";
import type { NamedFormat } from "./formats/named.ts";
import { topResponse } from "./formats/top-response.ts";
import type { DuplicateSearch } from "./keys/receipt-key.ts";
import { openText } from "./open-text.ts";
import type { Receipt, Unread } from "./receipt.ts";
import { scannerOf } from "./scan/scanner-of.ts";
import { readsAnswers, shapesOf } from "./shapes.ts";
import { isBlank } from "./text.ts";
import type { Trace } from "./trace.ts";

/** A topic's settings for its records. Plain data, since it is sent to the threads of a replay. */
export interface RecordShape extends ReadOptions {
  /** In the order in which they are tried, each once; `auto` is replaced by its formats. */
  readonly formats: readonly NamedFormat[];
  /** Whether `auto` was configured: then receipts of any scope may come. */
  readonly auto: boolean;
  /**
   * JSON Pointers to the part with the receipts, of which the first that leads to a value is used; none means the
   * whole record.
   */
  readonly at: readonly string[];
  /** Of the record's text; undefined means UTF-8, or UTF-16 with a byte order mark. */
  readonly charset: Charset | undefined;
  /** Records that are not meant to be receipts, as sets of tests: see {@link Description}. */
  readonly ignore: readonly (readonly MemberTest[])[];
  /** What receipts are counted by in addition to their codes. */
  readonly dimensions: readonly Dimension[];
  /** How duplicates are found; undefined if the topic does not look for them. */
  readonly duplicates?: DuplicateSearch | undefined;
}

/** A record as it is in the log. */
export interface RawRecord {
  /** The buffer of the value, which is from `start` up to `end`; null is a tombstone. */
  readonly bytes: Buffer | null;
  readonly start: number;
  readonly end: number;
  /** The API named in a header, such as alibaba.aliqin.fc.sms.num.send. */
  readonly method: string | undefined;
  /** When it was written, in ms since the epoch. */
  readonly timestamp: number;
  /** Its key; undefined for none. It is not copied, so read it before the next record. */
  key?(): Buffer | undefined;
  /** The value of its last header of a name; undefined for none. */
  header?(name: Buffer): Buffer | undefined;
}

/** Decodes the records of one topic. Never throws, whatever the bytes. */
export interface Decoder {
  /**
   * Appends the receipts of one record to `receipts`, which the caller clears.
   *
   * @returns why the record, or a part of it, is not a receipt: malformed, or not meant to be one; undefined when every
   *   part is one. Without a reason there is at least one receipt, and with `bad_element` too.
   */
  (record: RawRecord, receipts: Receipt[]): Unread | undefined;
  /** Reads many records at once; undefined if each has to be decoded by itself. */
  readonly readRun?: RunReader | undefined;
}

/**
 * Makes the decoder of one topic.
 *
 * @param shape the topic's records
 * @param topic its name, which may be a dimension
 * @param trace receives each step, for explanations
 */
export function createDecoder(shape: RecordShape, topic = "", trace?: Trace): Decoder {
  const values = shape.dimensions.length === 0 ? undefined : new DimensionValues(shape.dimensions, topic);
  const collect = collectorOf(shape, values);
  const scanner = trace === undefined ? scannerOf(shape, values) : undefined;
  const scan = scanner?.scan;
  const context: ReadContext = { recordedAt: Number.NaN, method: undefined, trace };
  const decode: Decoder = (record, receipts) => {
    const { bytes, start, end } = record;
    if (bytes === null) return "tombstone";
    if (end - start > largestValue) return "too_large";
    values?.begin(record);
    if (scan?.(bytes, start, end, record.timestamp, receipts)) return undefined;
    const text = readText(bytes.subarray(start, end), shape.charset);
    if (typeof text !== "string") return text.reason;
    if (isBlank(text)) return "empty";
    const opened = openText(text, shape.charset);
    if (opened === undefined) return "not_json";
    trace?.({ kind: "opened", what: opened.as });
    context.recordedAt = record.timestamp;
    context.method = record.method;
    return collect(opened.value, context, receipts);
  };
  return Object.assign(decode, { readRun: scanner?.readRun });
}

function collectorOf(shape: RecordShape, values: DimensionValues | undefined): Collector {
  const formats = shapesOf(shape, values).map(({ name, description, options }) =>
    compileFormat(name, description, options),
  );
  const answers = readsAnswers(shape) ? [topResponse({ ...shape, values, key: shape.duplicates?.key })] : [];
  const own = ignoring([{ kind: "configured", when: shape.ignore }]);
  // API responses have few and common members, so ignored records must be recognised first.
  return collector([own, ...formats, ignoring(ignored), ...answers], shape);
}
