import { type Allowance, refusedJson, wholeAllowance } from "./allowance.ts";
import { behindBlanks, endsLine, findEnd, lineEnd, opensDocument } from "./document-end.ts";
import { isBlankUnit } from "./json-start.ts";

/** Stands for a line, or an object within one, that is no JSON. */
export const notJson: unique symbol = Symbol("not JSON");

/** Past so many failures the text is something else in brackets: each takes as long as to read a dozen receipts. */
const mostFailures = 4096;

/** Older forwarders write the name of the TMC topic in a line above the JSON. */
const topicName = /^alibaba_aliqin_[A-Za-z]{1,64}$/;

/** Numbers and words of JSON: what may be a line, though no receipt. */
const scalar = /^(?:-?\d[\d.eE+-]{0,40}|true|false|null)$/;
const longestScalar = 48;

/** What is behind the bracket of a document: `[INFO]` and `[12]` are words of a log line. */
const second = { brace: units('"}'), bracket: units('{["]') };
/** The same of one that may hold receipts. */
const secondBeforeReceipts = { brace: units('"'), bracket: units("{") };

const quote = 0x22;
const brace = 0x7b;

/**
 * Reads a text of several JSON documents, or of one that words stand in front of: one a line, one behind another, or as
 * a JSON text sequence; printed in one line or in many. For a text that JSON.parse refuses. Takes time in proportion to
 * the text; never throws.
 *
 * In a log line, the object or array that reaches to its end is a document, and so are objects before it. A document
 * with words behind it is none, nor is one within another that was cut: from where that shows, only whole lines are
 * read. The name of a TMC topic in front is passed over.
 *
 * @param allowance from which is taken what JSON.parse refuses; without any left no more is read
 * @returns the documents in their order, {@link notJson} for each line that is none; undefined when there is neither an
 * object, an array nor a string among them
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
  /** A document that goes on behind its line is not JSON, or has no end: so lines alone are told from each other. */
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

  /** Reads what begins with a bracket; undefined when that is rather the first word of a line. */
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

  /** Whether the bracket at `at` has one of `behind` behind it. */
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

  /** Whether a document has nothing behind it in its line, or another one. */
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

  /** Reads what stands behind words; tells that it is no JSON otherwise. Brackets within brackets begin nothing. */
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
