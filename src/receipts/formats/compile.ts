import { valuesReader } from "../dimensions/dimension-values.ts";
import { codeOf } from "../fields.ts";
import { keyReader } from "../keys/receipt-key.ts";
import type { Receipt } from "../receipt.ts";
import { segmentsReader } from "../segments.ts";
import { parseDateAndTime, parseTime } from "../times.ts";
import type { CodeDescription, Description, TimeDescription } from "./description.ts";
import { readEach } from "./each.ts";
import { explain } from "./explain.ts";
import { flagReader } from "./flag.ts";
import { type CompileOptions, type Format, foreign, type ReadContext } from "./format.ts";
import { compilePointer, compilePointers, opened, type Resolve } from "./pointer.ts";
import { compileTests, namesOf, wordOf } from "./recognise.ts";

/** The most receipts that one element may cover: a batch report counts its messages. */
const mostMessages = 10_000;

/**
 * Compiles a shape's description into a reader.
 *
 * @param name the format's name, for explanations
 */
export function compileFormat(name: string, description: Description, options: CompileOptions): Format {
  const isOfIt = description.when.length === 0 ? undefined : compileTests(description.when);
  const within = description.receipts === undefined ? undefined : compilePointer(description.receipts);
  const readElement = elementReader(description, options);

  return {
    names: isOfIt === undefined ? undefined : namesOf(description.when),
    read(value, context, receipts) {
      if (isOfIt !== undefined && !isOfIt(value)) return foreign;
      const found = within === undefined ? value : opened(within(value));
      if (isOfIt !== undefined) context.trace?.({ kind: "recognised", as: name });
      if (isOfIt !== undefined && within !== undefined && isNothing(found)) return "empty_answer";
      const before = receipts.length;
      const unread = Array.isArray(found)
        ? readEach(found, receipts, (element) => unreadOf(readElement(element, context, receipts)))
        : unreadOf(readElement(found, context, receipts));
      // A shape without tests matches whatever it can read.
      const isForeign = isOfIt === undefined && unread === "not_a_receipt" && receipts.length === before;
      return isForeign ? foreign : unread;
    },
  };
}

function unreadOf(isRead: boolean): "not_a_receipt" | undefined {
  return isRead ? undefined : "not_a_receipt";
}

/** Appends the receipts of one element; returns false if it is not a receipt. */
type ElementReader = (element: unknown, context: ReadContext, receipts: Receipt[]) => boolean;

function elementReader(description: Description, options: CompileOptions): ElementReader {
  const { provider } = description;
  const needsCode = description.when.length === 0;
  const readCode = codeReader(description.codes);
  const flagAt = compilePointers(description.flag?.at ?? []);
  const readFlag = description.flag === undefined ? () => "none" as const : flagReader(description.flag);
  const zone = description.utcOffsetMinutes ?? options.utcOffsetMinutes;
  const sentAt = timeReader(description.sentAt ?? [], zone);
  const receivedAt = timeReader(description.receivedAt ?? [], zone);
  const messages = description.messages === undefined ? undefined : compilePointer(description.messages);
  const readValues = valuesReader(options.values, description);
  const readSegments = segmentsReader(description);
  const readKey = keyReader(options.key);
  return (element, context, receipts) => {
    const code = readCode(element);
    if (code === undefined) return false;
    const flag = readFlag(flagAt(element));
    if (needsCode && !code.isThere && (flag === "none" || flag === "unread")) return false;
    const scope = options.scope ?? code.scope;
    const receipt: Receipt = {
      scope,
      flag,
      code: code.text,
      sentAt: sentAt(element, context.recordedAt),
      receivedAt: receivedAt(element, context.recordedAt),
      provider,
      values: readValues(element),
      segments: readSegments(element),
      key: readKey?.(element, scope, flag, code.text),
    };
    const times = messages === undefined ? 1 : countOf(messages(element));
    for (let n = 0; n < times; n++) receipts.push(receipt);
    if (context.trace !== undefined) explain(context.trace, description, element, receipt);
    return true;
  };
}

interface FoundCode {
  readonly text: string;
  readonly scope: string;
  /** False if no pointer leads to a value; null and "" are empty codes. */
  readonly isThere: boolean;
}

/** @returns a reader that returns undefined for a value that can't be a code */
function codeReader(codes: readonly CodeDescription[]): (element: unknown) => FoundCode | undefined {
  const compiled = codes.map(({ at, scope, except = [] }) => ({
    pointers: at.map(compilePointer),
    saysNothing: except.length === 0 ? undefined : new Set(except),
    scope,
  }));
  const scope = codes[0]?.scope ?? "";
  const blank: FoundCode = { text: "", scope, isThere: true };
  const absent: FoundCode = { text: "", scope, isThere: false };
  return (element) => {
    let isThere = false;
    for (const { pointers, saysNothing, scope } of compiled) {
      for (const resolve of pointers) {
        const value = resolve(element);
        if (value === undefined) continue;
        isThere = true;
        const text = codeOf(value);
        if (text === undefined) return undefined;
        if (text !== "" && !saysNothing?.has(text)) return { text, scope, isThere };
      }
    }
    return isThere ? blank : absent;
  };
}

/** @returns a reader that takes the record's own time in ms, and gives ms since the epoch, or NaN */
function timeReader(
  times: readonly TimeDescription[],
  utcOffsetMinutes: number,
): (element: unknown, recordedAt: number) => number {
  const compiled = times.map(({ at, date }): { time: Resolve; date: Resolve | undefined } => ({
    time: compilePointer(at),
    date: date === undefined ? undefined : compilePointer(date),
  }));
  return (element, recordedAt) => {
    for (const { time, date } of compiled) {
      const value = time(element);
      if (value === undefined) continue;
      const day = date?.(element);
      const at =
        day === undefined
          ? parseTime(value, utcOffsetMinutes, recordedAt)
          : parseDateAndTime(day, value, utcOffsetMinutes, recordedAt);
      if (!Number.isNaN(at)) return at;
    }
    return Number.NaN;
  };
}

/** The number of messages that an element covers; 1 unless it gives a plausible number. */
function countOf(value: unknown): number {
  const word = wordOf(value);
  const count = word === undefined || word === "" ? 1 : Number(word);
  return Number.isInteger(count) && count >= 1 && count <= mostMessages ? count : 1;
}

/** Whether this is the answer to a poll without anything new. */
function isNothing(found: unknown): boolean {
  return found === null || found === "" || (Array.isArray(found) && found.length === 0);
}
