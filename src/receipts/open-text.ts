import { largestValue } from "../bounds.ts";
import { type Allowance, gunzipped, refusedJson, wholeAllowance } from "./encodings/allowance.ts";
import { openBase64 } from "./encodings/base64.ts";
import type { Charset } from "./encodings/charset.ts";
import { parseDocuments } from "./encodings/documents.ts";
import { decodeUrl, parseForm } from "./encodings/form.ts";
import { mayBeWhole } from "./encodings/json-start.ts";
import { isGzip, readText } from "./encodings/read-text.ts";
import { parseSmppReceipt } from "./encodings/smpp-receipt.ts";

/** What a text holds, and how it was written there. */
export interface OpenedText {
  readonly value: unknown;
  readonly as: string;
}

/** How many times as long gzip can make its bytes. */
const largestRatio = 1032;

/**
 * Opens a text: JSON, several JSON documents or one behind the words of a log line, a form or query string, the text
 * of an SMPP delivery receipt, and JSON in base64 or URL-encoded. Nothing is guessed: what is opened parses.
 *
 * @param text not blank
 * @param charset of what a form has encoded; UTF-8 when it is left out
 * @param allowance from which is taken what base64 unpacks to, and what JSON.parse refuses
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

/** What base64 held: JSON, as it is or packed. Not once more base64: nobody does that. */
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
  // What is damaged at its end was unpacked up to there.
  allowance.left -= isText ? text.length : Math.min(bytes.length * largestRatio, largestValue);
  const json = isText ? parseJson(text, allowance) : undefined;
  return json === undefined ? undefined : { value: json, as: "base64" };
}

/** Last, for a form or an SMPP receipt may have JSON in its message. */
function openDocuments(text: string, allowance: Allowance): OpenedText | undefined {
  const documents = parseDocuments(text, allowance);
  if (documents === undefined) return undefined;
  const [only] = documents;
  return documents.length === 1
    ? { value: only, as: "JSON behind other words" }
    : { value: documents, as: `${documents.length} documents` };
}

/**
 * Opens a text that lies within something: a member's, a list's. A scalar stays what it is, since a text that happens to
 * be a number holds no receipt.
 *
 * @returns undefined when it holds nothing to look into
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

/** What is no JSON holds no receipt when it is shorter, and most members that are looked at are. */
const shortestElse = 16;

/** JSON.parse, or undefined (which no JSON text stands for). */
function parseJson(text: string, allowance: Allowance): unknown {
  if (!mayBeWhole(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    allowance.left -= refusedJson;
    return undefined;
  }
}
