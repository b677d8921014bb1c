import { codeOf, type Fields, own } from "../fields.ts";
import type { Flag, Receipt } from "../receipt.ts";
import { parseDateAndTime } from "../times.ts";
import type { ReadOptions } from "./wire-format.ts";

/** The names of the time of the receipt, each with the member that a split date stands in. */
const receiveTimes = [
  ["rept_time", "rept_date"],
  ["report_time", "report_date"],
  ["receive_time", "receive_date"],
  ["user_receive_time", "user_receive_date"],
] as const;

/**
 * The receipt of an SMS element, whose times go by the same names whoever sends it.
 *
 * @param flag what the element's success flag says
 * @param code the element's code, of any type
 * @param provider the provider, where the shape names it
 * @returns undefined when the code is of a type that no code has
 */
export function smsReceipt(
  element: Fields,
  options: ReadOptions,
  flag: Flag,
  code: unknown,
  provider: string | undefined,
): Receipt | undefined {
  const text = codeOf(code);
  if (text === undefined) return undefined;
  return {
    scope: options.scope ?? "sms_receipt",
    flag,
    code: text,
    sentAt: parseDateAndTime(own(element, "send_date"), own(element, "send_time"), options.utcOffsetMinutes),
    receivedAt: receivedAt(element, options.utcOffsetMinutes),
    provider,
  };
}

function receivedAt(element: Fields, utcOffsetMinutes: number): number {
  for (const [time, date] of receiveTimes) {
    const value = own(element, time);
    if (value !== undefined) return parseDateAndTime(own(element, date), value, utcOffsetMinutes);
  }
  return Number.NaN;
}
