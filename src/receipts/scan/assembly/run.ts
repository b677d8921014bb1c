import { describeRecord, dropRecord, receipts, startColumns, startRecord } from "./columns";
import { hasBeside, noteHeader, noteKey, startValues } from "./dimensions";
import { broken, runAt } from "./layout";
import { readRecord, startReading } from "./read";
import { forgetAhead } from "./specials";
import { leftTimes } from "./times";

// Reads consecutive records of a batch as long as all that they hold is known. What TypeScript asks is at these
// positions: where the next record is, and the end of the batch; how many records it has left; the offsets to read,
// from the batch's, and the end of the bytes; the block of the records' objects, and how lists are read; the base of
// the records' times, and the time of all, NaN if each has its own; and the block of what is beside receipts.
const positionIn: usize = runAt;
const endIn: usize = runAt + 4;
const leftIn: usize = runAt + 8;
const fromOffsetIn: usize = runAt + 12;
const toOffsetIn: usize = runAt + 16;
const untilIn: usize = runAt + 20;
const blockIn: usize = runAt + 24;
const listsIn: usize = runAt + 28;
const baseTimeIn: usize = runAt + 32;
const timeOfAllIn: usize = runAt + 40;

// What it is told: where the next record is, and how many are left, as above; the offset of the last one, and the
// numbers of receipts and of times that are left to it.
const lastOffsetIn: usize = runAt + 48;
const receiptsIn: usize = runAt + 52;
const leftTimesIn: usize = runAt + 56;
const besideIn: usize = runAt + 60;

/** Records that are longer are left to TypeScript. */
const longestRecord: i32 = 256 * 1024;

/** Where the next field of a record is. */
let at: i32 = 0;
/** Whether a number of the record has more bytes than are read here. */
let isLong: bool = false;

/** Reads as many records as it can, up to those that are asked for. */
export function readRun(): void {
  const end = load<i32>(endIn);
  const until = load<i32>(untilIn);
  const toOffset = load<i32>(toOffsetIn);
  let left = load<i32>(leftIn);
  let position = load<i32>(positionIn);
  let last = load<i32>(fromOffsetIn) - 1;
  forgetAhead(end);
  startReading(load<u32>(blockIn), load<i32>(listsIn));
  startColumns();
  startValues(load<u32>(besideIn));
  while (left > 0 && position < until) {
    startRecord();
    const next = readNext(position, end, last, toOffset);
    if (next == broken || (left == 1 && next != end)) {
      dropRecord();
      break;
    }
    position = next;
    last = offset;
    left--;
  }
  store<i32>(positionIn, position);
  store<i32>(leftIn, left);
  store<i32>(lastOffsetIn, last);
  store<i32>(receiptsIn, receipts);
  store<i32>(leftTimesIn, leftTimes);
}

let offset: i32 = 0;

/** Reads the record at `start` (https://kafka.apache.org/documentation/#record); returns its end. */
function readNext(start: i32, end: i32, last: i32, toOffset: i32): i32 {
  at = start;
  isLong = false;
  const length = readNumber();
  const next = at + length;
  if (length <= 0 || next > end) return broken;
  at++; // attributes: none is in use
  const time = readNumber();
  offset = readNumber();
  const keySize = readNumber();
  if (hasBeside()) noteKey(at, keySize);
  skip(keySize);
  if (at >= next) return broken;
  const size = readNumber();
  const value = at;
  if (isLong || size <= 0 || size > longestRecord || value + size >= next) return broken;
  at = value + size;
  const headers = readNumber();
  if (headers < 0) return broken;
  for (let header = 0; header < headers; header++) {
    if (!readHeader(next)) return broken;
  }
  if (isLong || at != next || offset <= last || offset >= toOffset) return broken;
  const timeOfAll = load<f64>(timeOfAllIn);
  describeRecord(offset, isNaN(timeOfAll) ? load<f64>(baseTimeIn) + <f64>time : timeOfAll);
  return readRecord(value, value + size) ? next : broken;
}

/** Reads a header; false if its record ends before. */
@inline
function readHeader(next: i32): bool {
  const nameSize = readNumber();
  const name = at;
  skip(nameSize);
  if (at > next) return false;
  const size = readNumber();
  if (hasBeside() && nameSize >= 0) noteHeader(name, nameSize, at, size);
  skip(size);
  return at <= next;
}

/** Skips a field; size -1 means null. */
@inline
function skip(size: i32): void {
  if (size > 0) at += size;
}

/** Reads a zigzag varint of up to four bytes. Nearly all have one or two. */
@inline
function readNumber(): i32 {
  const bytes = load<u32>(at);
  if ((bytes & 0x80) == 0) {
    at += 1;
    return unzigzag(bytes & 0x7f);
  }
  if ((bytes & 0x8000) == 0) {
    at += 2;
    return unzigzag((bytes & 0x7f) | ((bytes >> 1) & 0x3f80));
  }
  return readLong(bytes);
}

function readLong(bytes: u32): i32 {
  const low = (bytes & 0x7f) | ((bytes >> 1) & 0x3f80) | ((bytes >> 2) & 0x1fc000);
  if ((bytes & 0x800000) == 0) {
    at += 3;
    return unzigzag(low);
  }
  isLong = isLong || (bytes & 0x80000000) != 0;
  at += 4;
  return unzigzag(low | ((bytes >> 3) & 0xfe00000));
}

@inline
function unzigzag(number: u32): i32 {
  return <i32>(number >> 1) ^ -(<i32>number & 1);
}
