import { deepestFrame } from "../bounds.ts";
import { wholeAllowance } from "./encodings/allowance.ts";
import type { Charset } from "./encodings/charset.ts";
import { type Fields, isFields, own } from "./fields.ts";
import { askedOf } from "./formats/asked.ts";
import { readEach } from "./formats/each.ts";
import { type Format, foreign, type ReadContext } from "./formats/format.ts";
import { compilePointer } from "./formats/pointer.ts";
import { framesOf, pairsOf } from "./frames.ts";
import { type OpenedText, openInner } from "./open-text.ts";
import { isIgnored, type Receipt, type Unread } from "./receipt.ts";

/**
 * Appends the receipts in a parsed value to `receipts`.
 *
 * @returns why the value, or a part of it, is not a receipt; undefined when every part is one
 */
export type Collector = (value: unknown, context: ReadContext, receipts: Receipt[]) => Unread | undefined;

/** Where to look for a topic's receipts. */
export interface CollectOptions {
  /**
   * JSON Pointers to the part with the receipts, of which the first that leads to a value is used; the whole record
   * if there are none.
   */
  readonly at: readonly string[];
  /** Of forms in it; UTF-8 by default. */
  readonly charset: Charset | undefined;
}

/** Minimum cost of a text, and of a value in no known format, in UTF-16 units: short ones take a while too. */
const leastText = 256;
const leastUnknown = 512;

/**
 * Collects receipts: one or an array of them, bare or in frames. A frame is an object that is not a receipt itself
 * but contains one in a member that forwarders use for it (`frames.ts`), as JSON or as text. A record with more to
 * search than `mostOpened` allows is `too_large`; receipts found before that count.
 *
 * @param formats to look for; the first that recognises a value reads it
 */
export function collector(formats: readonly Format[], { at, charset }: CollectOptions): Collector {
  const pointed = at.map(compilePointer);
  const asked = askedOf(formats);
  /** Of the current record. */
  let allowance = wholeAllowance();

  function collect(
    value: unknown,
    context: ReadContext,
    receipts: Receipt[],
    depth: number,
  ): Unread | undefined {
    if (allowance.left < 0) return "too_large";
    if (depth > deepestFrame || typeof value === "number" || typeof value === "boolean" || value === null)
      return "not_a_receipt";
    if (typeof value === "string") {
      const inner = open(value);
      if (inner === undefined) return "not_a_receipt";
      context.trace?.({ kind: "opened", what: inner.as });
      return collect(inner.value, context, receipts, depth + 1);
    }
    for (const format of asked(value)) {
      const unread = format.read(value, context, receipts);
      if (unread !== foreign) return unread;
    }
    allowance.left -= leastUnknown;
    if (Array.isArray(value)) return collectArray(value, context, receipts, depth);
    return isFields(value) ? collectFramed(value, context, receipts, depth) : "not_a_receipt";
  }

  function collectArray(
    value: readonly unknown[],
    context: ReadContext,
    receipts: Receipt[],
    depth: number,
  ): Unread | undefined {
    const pairs = pairsOf(value);
    if (pairs !== undefined) return collect(pairs, context, receipts, depth + 1);
    return readEach(value, receipts, (element) => collect(element, context, receipts, depth + 1));
  }

  function collectFramed(
    frame: Fields,
    context: ReadContext,
    receipts: Receipt[],
    depth: number,
  ): Unread | undefined {
    const { method } = context;
    // A forwarder may name the API next to a frame's content.
    context.method ??= methodOf(frame);
    let best: Unread = "not_a_receipt";
    for (const name of framesOf(frame)) {
      const inner = openHeld(own(frame, name));
      if (inner === undefined) continue;
      context.trace?.({ kind: "opened", what: inner.as === "" ? name : `${name}, ${inner.as}` });
      const unread = collect(inner.value, context, receipts, depth + 1);
      if (unread === undefined || unread === "bad_element" || isIgnored(unread)) {
        context.method = method;
        return unread;
      }
      if (best === "not_a_receipt") best = unread;
    }
    context.method = method;
    return best;
  }

  function openHeld(held: unknown): OpenedText | undefined {
    if (typeof held === "string") return open(held);
    return typeof held === "object" && held !== null ? { value: held, as: "" } : undefined;
  }

  function open(text: string): OpenedText | undefined {
    allowance.left -= leastText + text.length;
    return allowance.left < 0 ? undefined : openInner(text, charset, allowance);
  }

  function collectAll(value: unknown, context: ReadContext, receipts: Receipt[]): Unread | undefined {
    allowance = wholeAllowance();
    const before = receipts.length;
    const unread = collect(value, context, receipts, 0);
    if (allowance.left >= 0) return unread;
    return receipts.length > before ? "bad_element" : "too_large";
  }

  if (pointed.length === 0) return collectAll;
  return (value, context, receipts) => {
    for (const [index, resolve] of pointed.entries()) {
      const found = resolve(value);
      if (found === undefined) continue;
      context.trace?.({ kind: "opened", what: `at ${at[index]}` });
      return collectAll(found, context, receipts);
    }
    return "not_a_receipt";
  };
}

/** The API that was called; an HTTP gateway's `POST` is not one. */
function methodOf(frame: Fields): string | undefined {
  const method = own(frame, "method");
  return typeof method === "string" && method.includes(".") ? method : undefined;
}
