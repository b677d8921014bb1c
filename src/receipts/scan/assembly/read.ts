import { quote } from "./bytes";
import { addReceipt } from "./columns";
import { walkForm } from "./forms";
import { actionIn, findKnown, findSet, firstIn, idCountIn, idsIn, secondIn, thirdIn } from "./known";
import { broken, unknownAt } from "./layout";
import { array, block as walkedBlock, inner, mixed, object, slotOf, text } from "./seen";
import { fitted, fittingEnd, isLearnt, learnStencil } from "./stencil";
import { byteAt, closeBracket, comma, openBrace, openBracket, skipBlanks } from "./values";
import { walk } from "./walk";

// Reads a record as `../scan.ts` does, if all that it holds is known.

// What is done with an object, `../known.ts` has the same.
const read: i32 = 1;
const within: i32 = 2;
const open: i32 = 3;

// How lists are read, see `Lists` in `../plan.ts`.
const listsAlike: i32 = 1;
const listsLeft: i32 = 2;

/** Deeper frames are left to TypeScript. */
const deepest: i32 = 4;

/** Fewer bytes contain no receipt unless they are JSON; longer texts are left to TypeScript. */
const shortestElse: i32 = 16;

/** Of a receipt's shape when it has no tests; none for other objects. */
const noShape: i32 = -1;

let block: usize = 0;
let lists: i32 = 0;
let alike: i32 = noShape;
/** What is known of the object that was walked last, if it is a receipt. */
let receipt: usize = 0;

export function startReading(root: usize, readsLists: i32): void {
  block = root;
  lists = readsLists;
  store<u32>(unknownAt, 0);
}

/** Reads the receipts of a record from `start` up to `to`; false if TypeScript has to. */
export function readRecord(start: i32, to: i32): bool {
  const at = skipBlanks(start, to);
  const first = byteAt(at, to);
  if (first == openBrace || first == openBracket) return isAll(readValue(at, to, 0), to);
  if (first == quote || load<u8>(to - 1) <= 0x20) return false;
  return isAll(readObject(block, at, to, 0), to);
}

@inline
function isAll(end: i32, to: i32): bool {
  return end != broken && skipBlanks(end, to) == to;
}

/** Reads an object or a list; returns its end. */
function readValue(start: i32, to: i32, depth: i32): i32 {
  if (depth > deepest) return broken;
  const first = byteAt(start, to);
  if (first == openBrace) return readObject(block, start, to, depth);
  return first == openBracket ? readList(start, to, depth) : broken;
}

function readList(start: i32, to: i32, depth: i32): i32 {
  if (lists == listsLeft) return broken;
  let shape = noShape;
  let at = skipBlanks(start + 1, to);
  const first = at;
  while (true) {
    const isFirst = at == first;
    alike = noShape;
    at = readValue(at, to, depth + 1);
    if (at == broken) return broken;
    if (isFirst) shape = alike;
    if (lists == listsAlike && (shape == noShape || alike != shape)) return broken;
    at = skipBlanks(at, to);
    const byte = byteAt(at, to);
    if (byte == closeBracket) return at + 1;
    if (byte != comma) return broken;
    at = skipBlanks(at + 1, to);
  }
}

/** Reads an object of a kind, or a form; returns its end. */
function readObject(kind: usize, start: i32, to: i32, depth: i32): i32 {
  const fitting = fittingEnd(kind, start, to);
  if (fitting != broken) {
    alike = load<i32>(fitted + thirdIn);
    return addReceipt(fitted) ? fitting : broken;
  }
  receipt = 0;
  const walked = load<u8>(start) == openBrace ? walk(kind, start, to) : walkForm(kind, start, to);
  const end = readWalked(walked, depth);
  if (receipt != 0 && isLearnt()) learnStencil(kind, start, end, receipt);
  return end;
}

/** Reads the object that was walked up to `end`; returns that. */
function readWalked(end: i32, depth: i32): i32 {
  if (end == broken) return broken;
  const set = findSet();
  const known: usize = set == 0 ? 0 : findKnown(set);
  if (known == 0) {
    store<u32>(unknownAt, <u32>walkedBlock);
    return broken;
  }
  const action = load<i32>(known + actionIn);
  if (action == read) {
    if (!addReceipt(known)) return broken;
    alike = load<i32>(known + thirdIn);
    receipt = known;
    return end;
  }
  alike = noShape;
  const isRead = action == within ? readWithin(known) : action == open && openFrame(known, depth);
  receipt = 0;
  alike = noShape;
  return isRead ? end : broken;
}

/** Reads the first of an object's frames that has JSON in it. */
function openFrame(known: usize, depth: i32): bool {
  const ids = load<i32>(known + idCountIn);
  for (let i = 0; i < ids; i++) {
    const slot = slotOf(load<i32>(known + idsIn + (<usize>i << 2)));
    const kind = load<i32>(slot + 4);
    const start = load<i32>(slot + 8);
    const end = load<i32>(slot + 12);
    if (kind == object || kind == array || kind == inner) {
      return isAll(readValue(skipBlanks(start, end), end, depth + 1), end);
    }
    if ((kind == text || kind == mixed) && !isShort(start, end)) return false;
  }
  return false;
}

/** Whether a text is too short to hold a receipt, and certainly no JSON. */
function isShort(start: i32, end: i32): bool {
  if (end - start >= shortestElse) return false;
  for (let at = start; at < end; at++) {
    const byte = <i32>load<u8>(at);
    if (byte == openBrace || byte == openBracket || byte == 0x5c) return false;
  }
  return true;
}

/** Reads the receipts in a member: an object, or a list of objects. */
function readWithin(known: usize): bool {
  const stage = <usize>load<u32>(known + secondIn);
  const slot = slotOf(load<i32>(known + firstIn));
  const kind = load<i32>(slot + 4);
  const start = load<i32>(slot + 8);
  const end = load<i32>(slot + 12);
  if (kind == object) return readObject(stage, start, end, 0) == end;
  if (kind != array) return false;
  let at = skipBlanks(start + 1, end);
  while (byteAt(at, end) == openBrace) {
    at = readObject(stage, at, end, 0);
    if (at == broken) return false;
    at = skipBlanks(at, end);
    if (byteAt(at, end) == closeBracket) return true;
    at = skipBlanks(at + 1, end);
  }
  return false;
}
