import { besideAt, mostValues, valuesAt } from "./layout";
import { isSame } from "./names";
import { array, inner, nothing, number, object, slotOf, text } from "./seen";
import { isWhole } from "./times";

// Notes where the values of a topic's dimensions are; TypeScript looks up their labels. Those of a receipt are in its
// members, and beside it: in the key or the headers of its record. A missing one is empty, or at 0.

/**
 * What is beside receipts, in a block that `../beside.ts` writes: how many values, at most eight, and of each the size
 * of the header's name, -1 for the key, and where the name is, relative to the block.
 */
let beside: usize = 0;
let besides: i32 = 0;

const firstBeside: usize = 4;
const besideBits: usize = 3;

/** How many values were noted. */
let values: i32 = 0;

/** @param block describes what is beside receipts; 0 for nothing */
export function startValues(block: usize): void {
  beside = block;
  besides = block == 0 ? 0 : load<i32>(block);
  values = 0;
}

/** Whether dimensions come from keys or headers. */
@inline
export function hasBeside(): bool {
  return besides != 0;
}

/** Starts a record. @param size of its key; -1 for none */
export function noteKey(at: i32, size: i32): void {
  for (let i = 0; i < besides; i++) {
    const isKey = load<i32>(describedAt(i)) < 0;
    keepBeside(i, at, isKey ? size : 0);
  }
}

/** Notes a header; the last one of a name counts. @param size of its value; -1 for none */
export function noteHeader(name: i32, nameSize: i32, at: i32, size: i32): void {
  for (let i = 0; i < besides; i++) {
    const described = describedAt(i);
    if (load<i32>(described) != nameSize || !isSame(name, beside + load<i32>(described + 4), nameSize)) continue;
    keepBeside(i, at, size);
  }
}

@inline
function describedAt(place: i32): usize {
  return beside + firstBeside + (<usize>place << besideBits);
}

@inline
function keepBeside(place: i32, start: i32, size: i32): void {
  const at = besideAt + (<usize>place << besideBits);
  store<i32>(at, start);
  store<i32>(at + 4, start + max(size, 0));
}

/**
 * Notes the values of the object that was walked last.
 *
 * @param ids for each value how many members may have it, and their ids: the first that is there counts
 * @param to after the last of them
 * @returns false if TypeScript has to read it
 */
export function noteValues(ids: usize, to: usize): bool {
  for (let at = ids; at < to; ) {
    const end = at + 4 + (<usize>load<i32>(at) << 2);
    let start = 0;
    let stop = 0;
    for (at += 4; at < end && start == 0; at += 4) {
      const slot = slotOf(load<i32>(at));
      const kind = load<i32>(slot + 4);
      if (kind == object || kind == array || kind == inner) return false;
      const size = load<i32>(slot + 12) - load<i32>(slot + 8);
      if (kind == nothing || (kind == text && size == 0)) continue;
      start = load<i32>(slot + 8);
      stop = start + size;
      if (kind == number && !isWhole(start, stop)) return false;
    }
    if (!noteValue(start, stop)) return false;
    at = end;
  }
  for (let i = 0; i < besides; i++) {
    const at = besideAt + (<usize>i << besideBits);
    if (!noteValue(load<i32>(at), load<i32>(at + 4))) return false;
  }
  return true;
}

@inline
function noteValue(start: i32, end: i32): bool {
  if (values == mostValues) return false;
  const at = valuesAt + (<usize>values << 3);
  store<i32>(at, start);
  store<i32>(at + 4, end);
  values++;
  return true;
}
