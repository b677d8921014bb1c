import { stateFlag } from "./formats/tmc-sms.ts";
import type { ReadOptions } from "./formats/wire-format.ts";
import type { Flag, Receipt } from "./receipt.ts";
import { recentText } from "./recent-text.ts";
import { parseTimeBytes } from "./times.ts";

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** A member of a bare `tmc-sms` receipt; the bits of the members seen add up to a number. */
interface Member {
  readonly bit: number;
  readonly name: Buffer;
}

const extend: Member = { bit: 1, name: Buffer.from("extend") };
const sendTime: Member = { bit: 2, name: Buffer.from("send_time") };
const receiver: Member = { bit: 4, name: Buffer.from("receiver") };
const reptTime: Member = { bit: 8, name: Buffer.from("rept_time") };
const errCode: Member = { bit: 16, name: Buffer.from("err_code") };
const state: Member = { bit: 32, name: Buffer.from("state") };
const bizId: Member = { bit: 64, name: Buffer.from("biz_id") };

/** With these two no format but `tmc-sms` recognises the object, whichever of the others are there. */
const required = errCode.bit | state.bit;

/**
 * Reads the commonest record, a bare `tmc-sms` receipt, straight from its bytes.
 *
 * It takes a record only when JSON.parse and the format would read the same receipt from it: one flat object of
 * that receipt's own members, each once at most, with strings of printable ASCII without escapes.
 *
 * @returns the receipt; undefined when the record is anything else, valid or not, and JSON.parse has to decide
 */
export function scanTmcSms(
  bytes: Buffer,
  from: number,
  to: number,
  options: ReadOptions,
): Receipt | undefined {
  let seen = 0;
  let code = "";
  let flag: Flag = "none";
  let sentAt = Number.NaN;
  let receivedAt = Number.NaN;
  let at = skipBlanks(bytes, from, to);
  if (at >= to || bytes[at] !== openBrace) return undefined;
  do {
    // Behind the brace or a comma there has to be a name, so neither {} nor a comma too many gets through.
    at = skipBlanks(bytes, at + 1, to);
    const nameEnd = stringEnd(bytes, at, to);
    const bit = memberAt(bytes, at + 1, nameEnd);
    if (bit === 0 || (seen & bit) !== 0) return undefined;
    seen |= bit;
    at = skipBlanks(bytes, nameEnd + 1, to);
    if (bytes[at] !== colon) return undefined;
    at = skipBlanks(bytes, at + 1, to);
    const start = at + 1;
    const end = stringEnd(bytes, at, to);
    if (end < 0) return undefined;
    if (bit === sendTime.bit) sentAt = parseTimeBytes(bytes, start, end, options.utcOffsetMinutes);
    else if (bit === reptTime.bit) receivedAt = parseTimeBytes(bytes, start, end, options.utcOffsetMinutes);
    else if (bit === errCode.bit) code = recentText(bytes, start, end);
    else if (bit === state.bit) flag = stateFlag(recentText(bytes, start, end));
    at = skipBlanks(bytes, end + 1, to);
  } while (bytes[at] === comma);
  if (at >= to || bytes[at] !== closeBrace || skipBlanks(bytes, at + 1, to) !== to) return undefined;
  if ((seen & required) !== required) return undefined;
  return {
    scope: options.scope ?? "sms_receipt",
    flag,
    code,
    sentAt,
    receivedAt,
    provider: undefined,
  };
}

/** Where the first byte from `at` on is that is no blank of JSON. */
function skipBlanks(bytes: Buffer, at: number, to: number): number {
  let next = at;
  while (next < to) {
    const byte = bytes[next];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
    next++;
  }
  return next;
}

/** Where the closing quote of the string that opens at `at` is; -1 when it is no plain printable ASCII string. */
function stringEnd(bytes: Buffer, at: number, to: number): number {
  if (bytes[at] !== quote) return -1;
  for (let i = at + 1; i < to; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === quote) return i;
    if (byte < 0x20 || byte > 0x7e || byte === backslash) return -1;
  }
  return -1;
}

/** The bit of the member whose name is at `start`; 0 for any other name. */
function memberAt(bytes: Buffer, start: number, end: number): number {
  const candidate = candidateFor(end - start, bytes[start]);
  if (candidate === undefined) return 0;
  const name = candidate.name;
  for (let i = 1; i < name.length; i++) {
    if (bytes[start + i] !== name[i]) return 0;
  }
  return candidate.bit;
}

/** The only member whose name has this length and this first letter. */
function candidateFor(length: number, first: number | undefined): Member | undefined {
  switch (length) {
    case 5:
      return first === 0x73 ? state : undefined;
    case 6:
      return first === 0x65 ? extend : first === 0x62 ? bizId : undefined;
    case 8:
      return first === 0x65 ? errCode : first === 0x72 ? receiver : undefined;
    case 9:
      return first === 0x73 ? sendTime : first === 0x72 ? reptTime : undefined;
    default:
      return undefined;
  }
}
