import { gunzipSync } from "node:zlib";
import { largestValue } from "../../bounds.ts";
import { type Charset, decodeText } from "./charset.ts";
import { isBlankUnit, mayBeJson } from "./json-start.ts";

/** Why a value has no readable text. */
export interface Unreadable {
  readonly reason: "invalid_utf8" | "too_large" | "invalid_charset" | "damaged_gzip" | "schema_registry";
}

const invalidUtf8: Unreadable = { reason: "invalid_utf8" };
const invalidCharset: Unreadable = { reason: "invalid_charset" };
const damagedGzip: Unreadable = { reason: "damaged_gzip" };
const tooLarge: Unreadable = { reason: "too_large" };
const schemaRegistry: Unreadable = { reason: "schema_registry" };

/** The prefix of Confluent's serializers: a NUL and the schema id in four bytes, big-endian. */
const prefixLength = 5;

/** Minimum size of Avro or Protobuf from a registry: numbers from Kafka's own serializers have up to eight bytes. */
const leastEncoded = 9;

/**
 * The text of a record's value, without its byte order mark and trailing NULs and whitespace. It decodes gzip, once,
 * and inside it or alone: the prefix of a schema registry before JSON; UTF-16 with a byte order mark. Never throws.
 *
 * A byte order mark takes precedence over the configured charset, as in the Encoding Standard.
 *
 * @param charset as configured; UTF-8 by default
 */
export function readText(bytes: Buffer, charset?: Charset): string | Unreadable {
  if (!isGzip(bytes)) return plainText(bytes, charset);
  const opened = gunzip(bytes);
  return Buffer.isBuffer(opened) ? plainText(opened, charset) : opened;
}

/** Whether bytes start like gzip; the third one is its only compression method. */
export function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08;
}

function gunzip(bytes: Buffer): Buffer | Unreadable {
  try {
    return gunzipSync(bytes, { maxOutputLength: largestValue });
  } catch (error) {
    const large = error instanceof RangeError && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
    return large ? tooLarge : damagedGzip;
  }
}

function plainText(bytes: Buffer, charset: Charset | undefined): string | Unreadable {
  // UTF-16 text without a mark starts with a NUL if it is big-endian.
  if (bytes[0] !== 0 || charset === "utf-16be") return textOf(bytes, charset);
  if (bytes.length > prefixLength && mayBeJson(bytes, prefixLength)) {
    return textOf(bytes.subarray(prefixLength), charset);
  }
  return isOfRegistry(bytes) ? schemaRegistry : textOf(bytes, charset);
}

/**
 * Whether bytes that start with a NUL, and are not JSON, are from a schema registry's serializer. Ids start at 1 and
 * have never reached 16 million, so UTF-16 and numbers are not mistaken for them.
 */
function isOfRegistry(bytes: Buffer): boolean {
  if (bytes.length < leastEncoded || bytes[1] !== 0) return false;
  return bytes.readUInt32BE(1) !== 0 && bytes.subarray(prefixLength).some((byte) => byte !== 0);
}

function textOf(bytes: Buffer, declared: Charset | undefined): string | Unreadable {
  const charset = markedCharset(bytes) ?? declared ?? "utf-8";
  const text = decodeText(bytes, charset);
  if (text === undefined) return charset === "utf-8" ? invalidUtf8 : invalidCharset;
  return withoutEnd(text);
}

/** The charset of a byte order mark. */
function markedCharset(bytes: Buffer): Charset | undefined {
  switch (bytes[0]) {
    case 0xef:
      return bytes[1] === 0xbb && bytes[2] === 0xbf ? "utf-8" : undefined;
    case 0xff:
      return bytes[1] === 0xfe ? "utf-16le" : undefined;
    case 0xfe:
      return bytes[1] === 0xff ? "utf-16be" : undefined;
    default:
      return undefined;
  }
}

/** C strings and fixed-width columns end with NULs, lines with a newline. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isEnd(text.charCodeAt(end - 1))) end--;
  return end === text.length ? text : text.slice(0, end);
}

function isEnd(unit: number): boolean {
  return unit === 0 || isBlankUnit(unit);
}
