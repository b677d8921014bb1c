import { deepestFrame } from "../bounds.ts";
import { type Fields, isFields, own } from "./fields.ts";
import { compilePointer, type JsonPointers, pointerReader } from "./formats/json-pointers.ts";
import type { ReadOptions, WireFormat } from "./formats/wire-format.ts";
import type { MalformedReason, Receipt } from "./receipt.ts";
import { parseJson } from "./text.ts";

/**
 * Appends the receipts in a parsed JSON value to `receipts`.
 *
 * @param method the API that was called, where the record's header names it
 * @returns why the value, or a part of it, is no receipt; undefined when every part is one
 */
export type Collector = (
  value: unknown,
  method: string | undefined,
  receipts: Receipt[],
) => MalformedReason | undefined;

/**
 * Collects receipts of known wire formats: one or an array of them, bare or in frames. A frame is an object that
 * is no receipt itself but holds one: in `content`, as TMC's message frames do, or in `msg` beside a `code`, as
 * relays wrap an answer. What it holds may be JSON put into a string.
 *
 * @param candidates the formats to look for; the first that recognises an object reads it
 */
export function collectWireFormats(candidates: readonly WireFormat[], options: ReadOptions): Collector {
  function collect(
    value: unknown,
    method: string | undefined,
    receipts: Receipt[],
    depth: number,
  ): MalformedReason | undefined {
    if (depth > deepestFrame) return "not_a_receipt";
    if (Array.isArray(value)) {
      return collectEach(value, receipts, (element) => collect(element, method, receipts, depth + 1));
    }
    if (!isFields(value)) return "not_a_receipt";
    for (const format of candidates) {
      if (format.recognises(value)) return append(format.read(value, options, method), receipts);
    }
    return collect(embedded(framed(value)), method ?? methodOf(value), receipts, depth + 1);
  }
  return (value, method, receipts) => collect(embedded(value), method, receipts, 0);
}

/**
 * Collects receipts of an unknown shape along JSON Pointers.
 *
 * @param scope the scope of all receipts
 */
export function collectPointers(pointers: JsonPointers, scope: string, utcOffsetMinutes: number): Collector {
  const receiptsIn = compilePointer(pointers.receipts ?? "");
  const read = pointerReader(pointers, scope, utcOffsetMinutes);
  return (value, _method, receipts) => {
    const found = receiptsIn(value);
    if (!Array.isArray(found)) return append(read(found), receipts);
    return collectEach(found, receipts, (element) => append(read(element), receipts));
  };
}

function append(receipt: Receipt | undefined, receipts: Receipt[]): MalformedReason | undefined {
  if (receipt === undefined) return "not_a_receipt";
  receipts.push(receipt);
  return undefined;
}

/** The elements' receipts all the same where some element is none. */
function collectEach(
  elements: readonly unknown[],
  receipts: Receipt[],
  collect: (element: unknown) => MalformedReason | undefined,
): MalformedReason | undefined {
  if (elements.length === 0) return "no_receipts";
  const before = receipts.length;
  let allRead = true;
  for (const element of elements) {
    if (collect(element) !== undefined) allRead = false;
  }
  if (allRead) return undefined;
  return receipts.length > before ? "bad_element" : "not_a_receipt";
}

function embedded(value: unknown): unknown {
  return typeof value === "string" ? parseJson(value) : value;
}

function framed(frame: Fields): unknown {
  return own(frame, "content") ?? (Object.hasOwn(frame, "code") ? own(frame, "msg") : undefined);
}

/** A forwarder may note beside a frame's content which API was called. */
function methodOf(frame: Fields): string | undefined {
  const method = own(frame, "method");
  return typeof method === "string" ? method : undefined;
}
