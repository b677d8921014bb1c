import { codeOf, type Fields, hasAny, own } from "../fields.ts";
import type { Receipt } from "../receipt.ts";
import { parseTime } from "../times.ts";
import type { ReadOptions } from "./wire-format.ts";

/** In a double call each leg reports; the called one (`b_`) tells how the call went, as its code comes last. */
const statusCodes = ["status_code", "b_status_code", "a_status_code"] as const;

/** The end of the call; a receipt that is not final has the time of its state instead. */
const eventTimes = ["end_time", "b_end_time", "a_end_time", "status_time"] as const;

const smartStatusCode = "smart_status_code";
const codeMembers = [...statusCodes, smartStatusCode] as const;

/** Whether an element has any of the codes that a call's receipt can have. */
export function hasVoiceCode(element: Fields): boolean {
  return hasAny(element, codeMembers);
}

/**
 * The receipt of a voice element. The code is the flag, so there is no other.
 *
 * A call is counted once: by its status code, and by the finer `smart_status_code`, which has a table of its
 * own, only where that stands alone.
 *
 * @param sentAt when the call was asked for, in ms since the epoch; NaN when the shape does not say
 * @returns undefined when the code is of a type that no code has
 */
export function voiceReceipt(element: Fields, options: ReadOptions, sentAt: number): Receipt | undefined {
  let scope = "voice_receipt";
  let code = firstCode(element);
  if (code === "") {
    code = codeOf(own(element, smartStatusCode));
    if (code !== "") scope = "voice_smart_status";
  }
  if (code === undefined) return undefined;
  return {
    scope: options.scope ?? scope,
    flag: "none",
    code,
    sentAt,
    receivedAt: firstTime(element, options.utcOffsetMinutes),
    provider: undefined,
  };
}

function firstCode(element: Fields): string | undefined {
  for (const name of statusCodes) {
    const code = codeOf(own(element, name));
    if (code !== "") return code;
  }
  return "";
}

function firstTime(element: Fields, utcOffsetMinutes: number): number {
  for (const name of eventTimes) {
    const time = parseTime(own(element, name), utcOffsetMinutes);
    if (!Number.isNaN(time)) return time;
  }
  return Number.NaN;
}
