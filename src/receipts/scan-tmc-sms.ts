import { readCode } from "../masking.ts";
import { stateFlag } from "./formats/tmc-sms.ts";
import type { ReadOptions } from "./formats/wire-format.ts";
import type { Flag, Receipt } from "./receipt.ts";
import { recentText } from "./recent-text.ts";
import { parseTimeBytes } from "./times.ts";

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const colonQuote = 0x3a22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** A member of a bare `tmc-sms` receipt; the bits of the members seen add up to a number. */
interface Member {
  readonly bit: number;
  /** How many bytes its name has, quotes included: 7 to 11. */
  readonly size: number;
  /** The name's bytes as words: the first four, those from the fourth on, and the last four. */
  readonly first: number;
  readonly middle: number;
  readonly last: number;
}

/** A member fits in no less, nor does what has to stand behind it: `"state":""}`. */
const smallestMember = 11;

const extend = member(1, "extend");
const sendTime = member(2, "send_time");
const receiver = member(4, "receiver");
const reptTime = member(8, "rept_time");
const errCode = member(16, "err_code");
const state = member(32, "state");
const bizId = member(64, "biz_id");

/** With these two no format but `tmc-sms` recognises the object, whichever of the others are there. */
const required = errCode.bit | state.bit;

/** The third letter tells the names apart, in its five lowest bits. */
const byThirdLetter: (Member | undefined)[] = new Array<undefined>(32).fill(undefined);
for (const each of [extend, sendTime, receiver, reptTime, errCode, state, bizId]) {
  byThirdLetter[each.first & 31] = each;
}

function member(bit: number, name: string): Member {
  const quoted = Buffer.from(`"${name}"`);
  const size = quoted.length;
  return {
    bit,
    size,
    first: quoted.readInt32BE(0),
    middle: quoted.readInt32BE(3),
    last: quoted.readInt32BE(size - 4),
  };
}

/**
 * Reads the commonest record, a bare `tmc-sms` receipt, straight from its bytes.
 *
 * It takes a record only when JSON.parse and the format would read the same receipt from it: one flat object of
 * that receipt's own members, each once at most, with strings of ASCII without escapes and control characters.
 *
 * @param view what the record lies in, from `from` to before `to`
 * @returns the receipt; undefined when the record is anything else, valid or not, and JSON.parse has to decide
 */
export function scanTmcSms(
  view: DataView,
  from: number,
  to: number,
  options: ReadOptions,
): Receipt | undefined {
  let seen = 0;
  let code = "";
  let flag: Flag = "none";
  let sentAt = Number.NaN;
  let receivedAt = Number.NaN;
  let at = skipBlanks(view, from, to);
  if (byteAt(view, at, to) !== openBrace) return undefined;
  do {
    // Behind the brace or a comma there has to be a name, so neither {} nor a comma too many gets through.
    at = skipBlanks(view, at + 1, to);
    const member = memberAt(view, at, to);
    if (member === undefined || (seen & member.bit) !== 0) return undefined;
    seen |= member.bit;
    const start = stringStart(view, at + member.size, to);
    const end = start < 0 ? -1 : stringEnd(view, start, to);
    if (end < 0) return undefined;
    if (member === sendTime) sentAt = parseTimeBytes(view, start, end, options.utcOffsetMinutes);
    else if (member === reptTime) receivedAt = parseTimeBytes(view, start, end, options.utcOffsetMinutes);
    else if (member === errCode) code = readCode(recentText(view, start, end));
    else if (member === state) flag = stateFlag(recentText(view, start, end));
    at = skipBlanks(view, end + 1, to);
  } while (byteAt(view, at, to) === comma);
  if (byteAt(view, at, to) !== closeBrace || skipBlanks(view, at + 1, to) !== to) return undefined;
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

/** The byte at `at`; -1 behind the record. */
function byteAt(view: DataView, at: number, to: number): number {
  return at < to ? view.getUint8(at) : -1;
}

/** Where the first byte from `at` on is that is no blank of JSON. */
function skipBlanks(view: DataView, at: number, to: number): number {
  let next = at;
  while (next < to) {
    const byte = view.getUint8(next);
    if (byte > 0x20 || (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) break;
    next++;
  }
  return next;
}

/** The member whose name stands at `at`, quotes and all. */
function memberAt(view: DataView, at: number, to: number): Member | undefined {
  if (at + smallestMember > to) return undefined;
  const first = view.getInt32(at);
  const member = byThirdLetter[first & 31];
  const same =
    member !== undefined &&
    first === member.first &&
    view.getInt32(at + 3) === member.middle &&
    view.getInt32(at + member.size - 4) === member.last;
  return same ? member : undefined;
}

/** Where the string begins whose colon is expected at `at`; -1 when there is no colon, or no string. */
function stringStart(view: DataView, at: number, to: number): number {
  // As nearly all are written, without blanks.
  if (at + 2 <= to && view.getInt16(at) === colonQuote) return at + 2;
  let next = skipBlanks(view, at, to);
  if (byteAt(view, next, to) !== colon) return -1;
  next = skipBlanks(view, next + 1, to);
  return byteAt(view, next, to) === quote ? next + 1 : -1;
}

/**
 * Where the closing quote of the string that begins at `at` is; -1 when it is no string of plain ASCII.
 *
 * Four bytes at a time: a subtraction borrows the highest bit of a byte that is below what is subtracted, so the
 * lowest byte that ends the string, or does not belong into it, shows there. Those above it may show wrongly.
 */
function stringEnd(view: DataView, at: number, to: number): number {
  let next = at;
  for (; next + 4 <= to; next += 4) {
    const word = view.getInt32(next, true);
    // With one bit turned, the quote lies right behind the control characters.
    const low = word ^ 0x02020202;
    const slash = word ^ 0x5c5c5c5c;
    const found = (((low - 0x21212121) & ~low) | ((slash - 0x01010101) & ~slash) | word) & 0x80808080;
    if (found !== 0) {
      next += (31 - Math.clz32(found & -found)) >> 3;
      break;
    }
  }
  for (; next < to; next++) {
    const byte = view.getUint8(next);
    if (byte === quote) return next;
    if (byte < 0x20 || byte > 0x7f || byte === backslash) return -1;
  }
  return -1;
}
