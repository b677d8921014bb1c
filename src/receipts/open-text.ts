import { largestValue } from "../bounds.ts";
import { type Allowance, gunzipped, refusedJson, wholeAllowance } from "./encodings/allowance.ts";
import { openBase64 } from "./encodings/base64.ts";
import type { Charset } from "./encodings/charset.ts";
import { parseDocuments } from "./encodings/documents.ts";
import { decodeUrl, parseForm } from "./encodings/form.ts";
import { mayBeWhole } from "./encodings/json-start.ts";
import { isGzip, readText } from "./encodings/read-text.ts";
import { parseSmppReceipt } from "./encodings/smpp-receipt.ts";

/** What a text contains, and how it was encoded. */
export interface OpenedText {
  readonly value: unknown;
  readonly as: string;
}

/** The highest compression ratio of gzip. */
const largestRatio = 1032;

/**
 * Parses a text: JSON, several JSON documents or one after the words of a log line, a form or query string, the text
 * of an SMPP delivery receipt, and JSON in base64 or URL-encoded. It never guesses: whatever it returns has been
 * parsed.
 *
 * @param text not blank
 * @param charset of a form's escaped bytes; UTF-8 by default
 * @param allowance is charged with what base64 unpacks to, and what JSON.parse rejects
 * @returns undefined when it is none of these
 */
export function openText(
  text: string,
  charset: Charset | undefined,
  allowance: Allowance = wholeAllowance(),
): OpenedText | undefined {
  const json = parseJson(text, allowance);
  if (json !== undefined) return { value: json, as: "JSON" };
  return (
    openForm(text, charset, allowance) ??
    openPacked(text, charset, allowance) ??
    openDocuments(text, allowance)
  );
}

function openForm(text: string, charset: Charset | undefined, allowance: Allowance): OpenedText | undefined {
  const form = parseForm(text, charset);
  if (form !== undefined) return { value: form, as: "a form" };
  const unescaped = decodeUrl(text, charset);
  const json = unescaped === undefined ? undefined : parseJson(unescaped, allowance);
  if (json !== undefined) return { value: json, as: "URL-encoded JSON" };
  const receipt = parseSmppReceipt(text);
  return receipt === undefined ? undefined : { value: receipt, as: "an SMPP receipt" };
}

/** Base64's content: JSON, plain or compressed. Not base64 again: nobody does that. */
function openPacked(
  packed: string,
  charset: Charset | undefined,
  allowance: Allowance,
): OpenedText | undefined {
  const bytes = openBase64(packed);
  if (bytes === undefined) return undefined;
  if (isGzip(bytes)) allowance.left -= gunzipped;
  const text = readText(bytes, charset);
  const isText = typeof text === "string";
  // Damaged data was unpacked up to the damage.
  allowance.left -= isText ? text.length : Math.min(bytes.length * largestRatio, largestValue);
  const json = isText ? parseJson(text, allowance) : undefined;
  return json === undefined ? undefined : { value: json, as: "base64" };
}

/** Last, since a form or an SMPP receipt may contain JSON in its message. */
function openDocuments(text: string, allowance: Allowance): OpenedText | undefined {
  const documents = parseDocuments(text, allowance);
  if (documents === undefined) return undefined;
  const [only] = documents;
  return documents.length === 1
    ? { value: only, as: "JSON behind other words" }
    : { value: documents, as: `${documents.length} documents` };
}

/**
 * Parses an embedded text: a member's, or a list element's. A scalar is left as it is, since a number or word
 * contains no receipt.
 *
 * @returns undefined when there is nothing to search
 */
export function openInner(
  text: string,
  charset: Charset | undefined,
  allowance: Allowance = wholeAllowance(),
): OpenedText | undefined {
  const sent = text.trim();
  if (sent.length < shortestElse && !/^[[{"]/.test(sent)) return undefined;
  const opened = openText(sent, charset, allowance);
  const { value } = opened ?? {};
  return typeof value === "string" || (typeof value === "object" && value !== null) ? opened : undefined;
}

/** A shorter text other than JSON contains no receipt, and most member values are shorter. */
const shortestElse = 16;

/** JSON.parse, or undefined (which no JSON text means). */
function parseJson(text: string, allowance: Allowance): unknown {
  if (!mayBeWhole(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    allowance.left -= refusedJson;
    return undefined;
  }
}
