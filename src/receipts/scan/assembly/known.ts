import { areSame } from "./bytes";
import { knownHeads, knownHeadsAt, setHeads, setHeadsAt } from "./layout";
import { beginning, hashOf, isSame } from "./names";
import { array, block, hashSeen, inner, isSeen, object, slotOf } from "./seen";

// What TypeScript has decided once, and would decide again: `../known.ts` writes it. Numbers are 32 bits, at these
// positions.

/**
 * A set of members that an object had: the next one with the same hash, the block that describes the kind of object,
 * the set's hash as two numbers, how many members it has, how many of them are words, what is usual, what came last,
 * then the ids of all members, and those of the words.
 *
 * A word is a member whose value decides what the object is, or what its receipt says apart from times.
 */
const nextIn: usize = 0;
const blockIn: usize = 4;
const setHashIn: usize = 8;
const membersIn: usize = 16;
const wordsIn: usize = 20;
const usualIn: usize = 24;
const lastIn: usize = 28;
const memberIdsIn: usize = 32;

/**
 * What an object with a set of members and with certain words is: the next one with the same hash, the set, the hash of
 * the words, what to do, five numbers that depend on that, how many ids follow them, the ids, and the words: of each its
 * kind, its size, and its bytes, padded with zeros to a multiple of 16.
 */
const setIn: usize = 4;
const wordsHashIn: usize = 8;
export const actionIn: usize = 12;
export const firstIn: usize = 16;
export const secondIn: usize = 20;
export const thirdIn: usize = 24;
export const fourthIn: usize = 28;
export const fifthIn: usize = 32;
export const idCountIn: usize = 36;
export const idsIn: usize = 40;

/** The set of the object that was walked last; 0 for one that is not known. */
export function findSet(): usize {
  let set = <usize>load<u32>(headOfSet());
  while (set != 0) {
    if (load<u64>(set + setHashIn) == hashSeen && load<u32>(set + blockIn) == <u32>block && hasJust(set)) return set;
    set = load<u32>(set + nextIn);
  }
  return 0;
}

/** Adds a set: that of the object that was walked last. */
export function linkSet(set: usize): void {
  store<u64>(set + setHashIn, hashSeen);
  store<u32>(set + nextIn, load<u32>(headOfSet()));
  store<u32>(headOfSet(), <u32>set);
}

@inline
function headOfSet(): usize {
  return setHeadsAt + (<usize>((hashSeen >>> 32) & (setHeads - 1)) << 2);
}

/** Whether the object has just these members, each once, if the hashes are the same: then it has as many. */
function hasJust(set: usize): bool {
  const members = load<i32>(set + membersIn);
  const ids = set + memberIdsIn;
  for (let i = 0; i < members; i++) {
    if (!isSeen(load<i32>(ids + (<usize>i << 2)))) return false;
  }
  return true;
}

/** The hash of the words of the object that was walked last. */
function hashOfWords(set: usize): i32 {
  const words = load<i32>(set + wordsIn);
  const ids = set + memberIdsIn + (<usize>load<i32>(set + membersIn) << 2);
  let hash = <i32>set;
  for (let i = 0; i < words; i++) {
    const slot = slotOf(load<i32>(ids + (<usize>i << 2)));
    const start = load<i32>(slot + 8);
    const size = sizeOf(slot);
    hash = rotl(hash, 5) ^ hashOf(start, size);
  }
  return hash ^ (hash >>> 15);
}

/** The size of a word; 0 for a value with members, which is no word, whatever it holds. */
@inline
function sizeOf(slot: usize): i32 {
  const kind = load<i32>(slot + 4);
  return kind == object || kind == array || kind == inner ? 0 : load<i32>(slot + 12) - load<i32>(slot + 8);
}

/** Adds what is known of the object that was walked last. */
export function linkKnown(known: usize): void {
  const hash = hashOfWords(load<u32>(known + setIn));
  store<i32>(known + wordsHashIn, hash);
  store<u32>(known + nextIn, load<u32>(headOfKnown(hash)));
  store<u32>(headOfKnown(hash), <u32>known);
}

@inline
function headOfKnown(hash: i32): usize {
  return knownHeadsAt + (<usize>(hash & (knownHeads - 1)) << 2);
}

/** What is known of the object that was walked last, by its set and its words; 0 for nothing. */
export function findKnown(set: usize): usize {
  // Most messages arrive, so most receipts say the same.
  const usual = <usize>load<u32>(set + usualIn);
  if (usual != 0 && hasWords(set, usual)) return usual;
  const hash = hashOfWords(set);
  let known = <usize>load<u32>(headOfKnown(hash));
  while (known != 0) {
    const isFound =
      load<i32>(known + wordsHashIn) == hash && load<u32>(known + setIn) == <u32>set && hasWords(set, known);
    if (isFound) break;
    known = load<u32>(known + nextIn);
  }
  // What comes twice in a row among the others is usual from then on.
  store<u32>(set + (load<u32>(set + lastIn) == <u32>known ? usualIn : lastIn), <u32>known);
  return known;
}

/** How many words an object has, and where their ids are. */
export function wordCount(known: usize): i32 {
  return load<i32>(<usize>load<u32>(known + setIn) + wordsIn);
}

export function wordIdsAt(known: usize): usize {
  const set = <usize>load<u32>(known + setIn);
  return set + memberIdsIn + (<usize>load<i32>(set + membersIn) << 2);
}

function hasWords(set: usize, known: usize): bool {
  const words = load<i32>(set + wordsIn);
  const ids = set + memberIdsIn + (<usize>load<i32>(set + membersIn) << 2);
  let at = known + idsIn + (<usize>load<i32>(known + idCountIn) << 2);
  for (let i = 0; i < words; i++) {
    const slot = slotOf(load<i32>(ids + (<usize>i << 2)));
    const start = load<i32>(slot + 8);
    const size = sizeOf(slot);
    if (load<i32>(at) != load<i32>(slot + 4) || load<i32>(at + 4) != size) return false;
    if (!areSame(beginning(start, size), v128.load(at + 8))) return false;
    if (size > 16 && !isSame(start + 16, at + 24, size - 16)) return false;
    at += 8 + max(16, (<usize>size + 15) & ~15);
  }
  return true;
}
