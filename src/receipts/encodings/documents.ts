import { type Allowance, refusedJson, wholeAllowance } from "./allowance.ts";
import { behindBlanks, endsLine, findEnd, lineEnd, opensDocument } from "./document-end.ts";
import { isBlankUnit } from "./json-start.ts";

/** Stands for a line, or an object in one, that is not JSON. */
export const notJson: unique symbol = Symbol("not JSON");

/**
 * After this many failures the text is something else with brackets: each takes as long as reading a dozen receipts.
 */
const mostFailures = 4096;

/** Older forwarders write the name of the TMC topic on a line above the JSON. */
const topicName = /^alibaba_aliqin_[A-Za-z]{1,64}$/;

/** JSON numbers and words: possible as a line, but not a receipt. */
const scalar = /^(?:-?\d[\d.eE+-]{0,40}|true|false|null)$/;
const longestScalar = 48;

/** What may follow a document's bracket: `[INFO]` and `[12]` are words of a log line. */
const second = { brace: units('"}'), bracket: units('{["]') };
/** The same if it may contain receipts. */
const secondBeforeReceipts = { brace: units('"'), bracket: units("{") };

const quote = 0x22;
const brace = 0x7b;

/**
 * Parses a text of several JSON documents, or of one after other words: one a line, concatenated, or as a JSON text
 * sequence; on one line or on many. For texts that JSON.parse rejects. Takes linear time; never throws.
 *
 * In a log line, an object or array that ends with the line is a document, and so are objects before it. A document
 * followed by words is not one, nor is one inside another that was cut: from where that is clear, only whole lines
 * are parsed. The name of a TMC topic in front is skipped.
 *
 * @param allowance is charged with what JSON.parse rejects; when it is used up, reading stops
 * @returns the documents in order, {@link notJson} for each line that is none; undefined when there is neither an
 *   object, an array nor a string among them
 */
export function parseDocuments(text: string, allowance: Allowance = wholeAllowance()): unknown[] | undefined {
  const reader = new DocumentReader(text, allowance);
  return reader.read();
}

class DocumentReader {
  readonly #text: string;
  readonly #allowance: Allowance;
  readonly #documents: unknown[] = [];
  #found = false;
  #failures = 0;
  /** A document that continues after its line is not JSON, or has no end: so only lines can be told apart. */
  #cut = false;
  #lineEnd = 0;

  constructor(text: string, allowance: Allowance) {
    this.#text = text;
    this.#allowance = allowance;
  }

  read(): unknown[] | undefined {
    let at = this.#nextStart(0);
    while (at < this.#text.length) {
      if (at >= this.#lineEnd) this.#lineEnd = lineEnd(this.#text, at);
      const end = this.#readDocument(at) ?? this.#readLine(at);
      if (this.#failures > mostFailures || this.#allowance.left < 0) return undefined;
      at = this.#nextStart(end);
    }
    return this.#found ? this.#documents : undefined;
  }

  #nextStart(from: number): number {
    let at = from;
    while (at < this.#text.length && isBetween(this.#text.charCodeAt(at))) at++;
    return at;
  }

  /** Reads what starts with a bracket; undefined if that is more likely the first word of a line. */
  #readDocument(at: number): number | undefined {
    const inBraces = this.#text.charCodeAt(at) === brace;
    const begins = this.#begins(at, second);
    if (!begins && !inBraces) return undefined;
    const line = this.#lineEnd;
    const end = findEnd(this.#text, at, this.#cut ? line : this.#text.length);
    const whole = end.closed && this.#isFollowed(end.at);
    const document = whole && begins ? this.#parse(at, end.at) : undefined;
    if (document !== undefined) {
      this.#add(document);
      return end.at;
    }
    if (end.at > line) this.#cut = true;
    if (!inBraces) return undefined;
    this.#add(notJson);
    return whole && end.at <= line ? end.at : line;
  }

  /** Whether the bracket at `at` is followed by one of `behind`. */
  #begins(at: number, behind: typeof second): boolean {
    const first = this.#text.charCodeAt(at);
    if (!opensDocument(first)) return false;
    const next = this.#text.charCodeAt(behindBlanks(this.#text, at + 1, this.#text.length));
    return (first === brace ? behind.brace : behind.bracket).has(next);
  }

  #add(document: unknown): void {
    this.#documents.push(document);
    this.#found ||= typeof document === "string" || (typeof document === "object" && document !== null);
  }

  /** Whether a document is followed by nothing on its line, or by another document. */
  #isFollowed(end: number): boolean {
    const next = this.#text.charCodeAt(this.#behindSpaces(end));
    return Number.isNaN(next) || endsLine(next) || opensDocument(next);
  }

  #readLine(at: number): number {
    const end = this.#lineEnd;
    const line = this.#text.slice(at, end).trimEnd();
    if (line.length < 100 && topicName.test(line)) return end;
    const value = isScalar(line) ? this.#parse(at, end) : undefined;
    if (value === undefined) return this.#readLogLine(at, end);
    this.#add(value);
    return end;
  }

  /** Reads a document after words; otherwise reports that it is not JSON. Nested brackets start nothing. */
  #readLogLine(from: number, line: number): number {
    const earlier: unknown[] = [];
    let at = this.#cut ? line : from;
    for (;;) {
      while (at < line && !opensDocument(this.#text.charCodeAt(at))) at++;
      if (at === line) break;
      const printed = behindBlanks(this.#text, at + 1, line) === line;
      const end = findEnd(this.#text, at, printed ? this.#text.length : line);
      const document = end.closed && this.#isAtLineEnd(end.at) ? this.#parse(at, end.at) : undefined;
      if (document !== undefined) {
        for (const one of earlier) this.#add(one);
        this.#add(document);
        return end.at;
      }
      if (end.at > line) this.#cut = true;
      if (!end.closed || end.at > line) break;
      if (this.#begins(at, secondBeforeReceipts)) {
        const before = this.#parse(at, end.at);
        if (before !== undefined) earlier.push(before);
      }
      at = end.at;
    }
    this.#add(notJson);
    return line;
  }

  #isAtLineEnd(end: number): boolean {
    const next = this.#text.charCodeAt(this.#behindSpaces(end));
    return Number.isNaN(next) || endsLine(next);
  }

  #behindSpaces(from: number): number {
    let at = from;
    while (isBlankUnit(this.#text.charCodeAt(at)) && !endsLine(this.#text.charCodeAt(at))) at++;
    return at;
  }

  #parse(start: number, end: number): unknown {
    try {
      return JSON.parse(this.#text.slice(start, end));
    } catch {
      this.#failures++;
      this.#allowance.left -= refusedJson;
      return undefined;
    }
  }
}

function isBetween(unit: number): boolean {
  return isBlankUnit(unit) || endsLine(unit);
}

function isScalar(line: string): boolean {
  if (line.charCodeAt(0) === quote) return line.length > 1 && line.charCodeAt(line.length - 1) === quote;
  return line.length <= longestScalar && scalar.test(line);
}

function units(text: string): ReadonlySet<number> {
  return new Set(Array.from(text, (char) => char.charCodeAt(0)));
}
