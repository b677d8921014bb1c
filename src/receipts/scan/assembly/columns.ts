import { noteValues } from "./dimensions";
import { fifthIn, firstIn, fourthIn, idCountIn, idsIn, secondIn } from "./known";
import { mostReceipts, numbersAt, offsetsAt, receivedAt, recordedAt, sentAt } from "./layout";
import { leftTimes, leftTimesAre, readTime } from "./times";

/** How many receipts were read. */
export let receipts: i32 = 0;

/** The record that is read: its offset from the batch's, and its time in ms since the epoch. */
let offset: i32 = 0;
let recorded: f64 = 0;

/** What was read of the records before it. */
let receiptsBefore: i32 = 0;
let leftTimesBefore: i32 = 0;

export function startColumns(): void {
  receipts = 0;
  leftTimesAre(0);
}

/** Keeps what was read so far when {@link dropRecord} is called. */
@inline
export function startRecord(): void {
  receiptsBefore = receipts;
  leftTimesBefore = leftTimes;
}

/** Takes the receipts of a record away again: TypeScript has to read it. */
export function dropRecord(): void {
  receipts = receiptsBefore;
  leftTimesAre(leftTimesBefore);
}

@inline
export function describeRecord(offsetDelta: i32, timestamp: f64): void {
  offset = offsetDelta;
  recorded = timestamp;
}

/** Adds the receipt of the object that was walked last; false if TypeScript has to read it. */
export function addReceipt(known: usize): bool {
  if (receipts == mostReceipts) return false;
  const place = <usize>receipts;
  store<i32>(numbersAt + (place << 2), load<i32>(known + firstIn));
  store<i32>(offsetsAt + (place << 2), offset);
  store<f64>(recordedAt + (place << 3), recorded);
  const zone = load<i32>(known + secondIn);
  const ids = known + idsIn;
  const sent = load<i32>(known + fourthIn);
  const received = load<i32>(known + fifthIn);
  const receivedIds = ids + (<usize>sent << 2);
  if (!readTime(ids, sent, zone, sentAt + (place << 3))) return false;
  if (!readTime(receivedIds, received, zone, receivedAt + (place << 3))) return false;
  const to = ids + (<usize>load<i32>(known + idCountIn) << 2);
  if (!noteValues(receivedIds + (<usize>received << 2), to)) return false;
  receipts++;
  return true;
}
