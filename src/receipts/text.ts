import { isAscii, isUtf8 } from "node:buffer";

const byteOrderMark = "\uFEFF";

/**
 * The text of a record value without its byte order mark.
 *
 * @returns undefined when the bytes are not UTF-8
 */
export function utf8Text(bytes: Buffer): string | undefined {
  // Most records are ASCII, which needs no decoding.
  if (isAscii(bytes)) return bytes.toString("latin1");
  if (!isUtf8(bytes)) return undefined;
  return withoutMark(bytes.toString("utf8"));
}

/** A text without its byte order mark. */
export function withoutMark(text: string): string {
  return text.startsWith(byteOrderMark) ? text.slice(byteOrderMark.length) : text;
}

/** Whether a text consists of JSON whitespace. */
export function isBlank(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char !== 0x20 && char !== 0x0a && char !== 0x0d && char !== 0x09) return false;
  }
  return true;
}
