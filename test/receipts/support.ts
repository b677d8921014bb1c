import { resolveShape } from "../../src/config/formats.ts";
import type { NamedShape } from "../../src/config/topic-schema.ts";
import type { RawRecord, RecordShape } from "../../src/receipts/decode.ts";
import { described } from "./packaged-formats.ts";

/** The default topic configuration, except for what is given; its formats are the packaged ones. */
export function shapeOf(changes: Partial<NamedShape> = {}): RecordShape {
  return resolveShape(namedShapeOf(changes), described);
}

/** The same as it is before anybody knows what the names of formats stand for. */
export function namedShapeOf(changes: Partial<NamedShape> = {}): NamedShape {
  return {
    formats: ["auto"],
    scope: undefined,
    utcOffsetMinutes: 480,
    json: [],
    at: [],
    charset: undefined,
    ignore: [],
    dimensions: [],
    ...changes,
  };
}

/** A record with a value, written at a time in ms since the epoch. */
export function rawRecord(
  value: Buffer | string | null,
  {
    method,
    timestamp = Date.parse("2026-11-26T12:00:00Z"),
  }: Partial<Pick<RawRecord, "method" | "timestamp">> = {},
): RawRecord {
  const bytes = typeof value === "string" ? Buffer.from(value) : value;
  return { bytes, start: 0, end: bytes?.length ?? 0, method, timestamp };
}

/** A view of the whole memory of a buffer: the buffer's byte n is at `byteOffset + n`. */
export function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer);
}
