import type { Matcher } from "re2js";
import { compileExpression } from "../../expressions.ts";
import { identifies, personalDigits, phoneDigits, redacted, seenOf } from "../../masking.ts";
import { type Dimension, noValue, otherValue } from "./dimension.ts";

/** The longest value to show, in UTF-16 units. A longer one is not a name. */
export const longestValue = 64;

/** Names of companies and campaigns have fewer words. */
export const wordsOfSentence = 6;

/** The end of a sentence in a message's text. */
const sentenceEnd = /[。！？；]|[.!?;]\s/;

/** Ids consist of hexadecimal digits, or of letters and digits without a pattern. */
const hexId = /^(?=.*\d)[0-9a-f]{16,}$/i;
const mixedId = /^(?=(?:\D*\d){4})(?=.*[a-z])[a-z0-9]{20,}$/i;

/**
 * The label of a value as sent. What looks like a phone number, a message id, an address or free text is `_redacted`;
 * what starts like one of our own labels gets a `\` in front.
 *
 * @param sent of any length; never throws
 */
export function valueLabel(sent: string): string {
  const text = seenOf(sent.slice(0, 4 * longestValue)).trim();
  if (text === "") return noValue;
  if (text === redacted || isPersonal(text)) return redacted;
  return text.startsWith("_") || text.startsWith("\\") ? `\\${text}` : text;
}

/** Compiles how a dimension's values get their labels. */
export function labelsOf({ match, values }: Pick<Dimension, "match" | "values">): (sent: string) => string {
  const pattern = match === undefined ? undefined : compileExpression(match);
  const named = values === undefined ? undefined : new Map(Object.entries(values));
  return (sent) => {
    if (pattern === undefined && named === undefined) return valueLabel(sent);
    const text = seenOf(sent.slice(0, 4 * longestValue)).trim();
    if (text === "") return noValue;
    const found = pattern?.matcher(text);
    if (found?.find() === false) return otherValue;
    const part = partOf(found) ?? text;
    return named === undefined ? valueLabel(part) : (named.get(part) ?? otherValue);
  };
}

/** The first group, or the whole match. */
function partOf(found: Matcher | undefined): string | null | undefined {
  return found !== undefined && found.groupCount() > 0 ? found.group(1) : found?.group();
}

/** Whether a text may be personal: it looks like a phone number, an id, an address or a message's text. */
export function isPersonal(text: string): boolean {
  if (text.length > longestValue || text.includes("@") || text.includes("\uFFFD")) return true;
  // Templates have a word followed by nine digits; a plain number of eight may be personal.
  const digits = /^\p{L}/u.test(text) ? phoneDigits : personalDigits;
  if (identifies(text, digits) || hexId.test(text) || mixedId.test(text)) return true;
  return sentenceEnd.test(text) || text.split(/\s+/).length >= wordsOfSentence;
}
