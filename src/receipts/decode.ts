import { largestValue } from "../bounds.ts";
import { viewOf } from "./bytes.ts";
import { type Collector, collectPointers, collectWireFormats } from "./collect.ts";
import { aliyunSms } from "./formats/aliyun-sms.ts";
import { aliyunVoice } from "./formats/aliyun-voice.ts";
import type { JsonPointers } from "./formats/json-pointers.ts";
import { tencent } from "./formats/tencent.ts";
import { tmcSms } from "./formats/tmc-sms.ts";
import { tmcVoice } from "./formats/tmc-voice.ts";
import { topResponse } from "./formats/top-response.ts";
import type { ReadOptions, WireFormat } from "./formats/wire-format.ts";
import type { MalformedReason, Receipt } from "./receipt.ts";
import { scanTmcSms } from "./scan-tmc-sms.ts";
import { isBlank, parseJson, utf8Text } from "./text.ts";

/** What a topic's records may be declared to be: `auto` looks at each receipt, `json` follows JSON Pointers. */
export const formats = [
  "auto",
  "tmc-sms",
  "aliyun-sms",
  "tmc-voice",
  "aliyun-voice",
  "top-response",
  "tencent",
  "json",
] as const;
export type Format = (typeof formats)[number];

/** What a topic's configuration says about its records. */
export interface RecordShape extends ReadOptions {
  readonly format: Format;
  /** Needed by the format `json`, as is the scope; of no use to the others. */
  readonly json: JsonPointers | undefined;
}

/**
 * Appends the receipts of one record to `receipts`, which the caller clears. Never throws, whatever the bytes.
 *
 * @param value what holds the record's value; null is a tombstone
 * @param method the API that the record's header names, such as alibaba.aliqin.fc.sms.num.send
 * @param start where in it the value begins, 0 by default, and `end` behind its last byte
 * @returns why the record, or a part of it, is no receipt; undefined when every part is one. Without a reason
 * there is at least one receipt, and with `bad_element` too.
 */
export type Decoder = (
  value: Buffer | null,
  method: string | undefined,
  receipts: Receipt[],
  start?: number,
  end?: number,
) => MalformedReason | undefined;

const wireFormats: Readonly<Record<Exclude<Format, "auto" | "json">, WireFormat>> = {
  "tmc-sms": tmcSms,
  "aliyun-sms": aliyunSms,
  "tmc-voice": tmcVoice,
  "aliyun-voice": aliyunVoice,
  "top-response": topResponse,
  tencent,
};

/**
 * The order in which `auto` asks, the commonest first. Each format knows its receipts by members that no other
 * has, so the order decides only for objects that mix the members of two formats.
 */
const autoOrder = [tmcSms, aliyunSms, aliyunVoice, tmcVoice, tencent, topResponse];

/**
 * Makes the decoder of one topic.
 *
 * @param shape what the topic's records are
 * @throws TypeError when the format is `json` and the pointers or the scope are missing
 */
export function createDecoder(shape: RecordShape): Decoder {
  const collect = collectorOf(shape);
  const mayScan = shape.format === "auto" || shape.format === "tmc-sms";
  return (value, method, receipts, start = 0, end = value?.length ?? 0) => {
    if (value === null) return "tombstone";
    if (end - start > largestValue) return "too_large";
    const scanned = mayScan ? scan(value, start, end, shape) : undefined;
    if (scanned !== undefined) {
      receipts.push(scanned);
      return undefined;
    }
    const text = utf8Text(value.subarray(start, end));
    if (text === undefined) return "invalid_utf8";
    if (isBlank(text)) return "empty";
    const json = parseJson(text);
    return json === undefined ? "not_json" : collect(json, method, receipts);
  };
}

function scan(bytes: Buffer, start: number, end: number, options: ReadOptions): Receipt | undefined {
  const first = bytes.byteOffset;
  return scanTmcSms(viewOf(bytes), first + start, first + end, options);
}

function collectorOf(shape: RecordShape): Collector {
  if (shape.format === "auto") return collectWireFormats(autoOrder, shape);
  if (shape.format !== "json") return collectWireFormats([wireFormats[shape.format]], shape);
  if (shape.json === undefined || shape.scope === undefined) {
    throw new TypeError("The format json needs JSON Pointers and a scope.");
  }
  return collectPointers(shape.json, shape.scope, shape.utcOffsetMinutes);
}
