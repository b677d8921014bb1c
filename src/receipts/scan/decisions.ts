import type { MemberTest } from "../formats/description.ts";
import type { Receipt } from "../receipt.ts";
import { array, inner, type Members, object } from "./members.ts";
import { view } from "./memory.ts";
import { isThere, type Path, type PathTree, type Seen } from "./paths.ts";
import { type Reading, read, wordsOfReading } from "./reading.ts";
import { left } from "./values.ts";
import { wordAt } from "./words.ts";

/** What to do with an object. */
export type Action =
  | { readonly kind: "read"; readonly reading: Reading }
  /** The receipts are in a member. */
  | { readonly kind: "within"; readonly id: number; readonly shape: number }
  /** It may be a frame with one of these members. */
  | { readonly kind: "open"; readonly ids: readonly number[] }
  | { readonly kind: "left" };

const leave = { kind: "left" } as const;

/** A test that a member's value is one of some words. */
interface WordTest {
  readonly id: number;
  readonly words: ReadonlySet<string>;
}

/** What to do with an object if it passes all tests of one of these sets. */
export interface Step {
  readonly sets: readonly (readonly WordTest[])[];
  readonly action: Action;
}

/** What an object may be, in the order of the tests. */
export interface Candidate {
  /** Whether it is that, judging by its members. */
  readonly tests: Tests;
  /** What to do then; undefined for nothing. */
  readonly actionFor: (seen: Seen) => Action | undefined;
}

/**
 * @returns the sets of which one must still pass; empty when it passes for certain, undefined when it can't, `left`
 *   when JSON.parse has to decide
 */
export type Tests = (seen: Seen) => readonly (readonly WordTest[])[] | undefined | typeof left;

/** Compiles sets of tests, to run once for each set of members that objects have. */
export function compileSets(sets: readonly (readonly MemberTest[])[], tree: PathTree): Tests {
  const compiled = sets.map((tests) => tests.map((test) => compileTest(test, tree)));
  if (sets.length === 0) return () => [];
  return (seen) => {
    const open: (readonly WordTest[])[] = [];
    for (const tests of compiled) {
      const words = wordsOf(tests, seen);
      if (words === left) return left;
      if (words?.length === 0) return [];
      if (words !== undefined) open.push(words);
    }
    return open.length === 0 ? undefined : open;
  };
}

/** The tests of values that remain for all tests to pass; undefined when one fails. */
function wordsOf(tests: readonly CompiledTest[], seen: Seen): readonly WordTest[] | undefined | typeof left {
  const words: WordTest[] = [];
  let isSure = true;
  for (const test of tests) {
    const result = test(seen);
    if (result === false) return undefined;
    if (result === undefined) isSure = false;
    else if (result !== true) words.push(result);
  }
  return isSure ? words : left;
}

/** Whether an object passes by its members alone, or the test of its values; undefined if that can't be told. */
type CompiledTest = (seen: Seen) => boolean | undefined | WordTest;

function compileTest(test: MemberTest, tree: PathTree): CompiledTest {
  if ("has" in test) return hasAny(test.has.map((pointer) => tree.add(pointer)));
  if ("lacks" in test) {
    const has = hasAny(test.lacks.map((pointer) => tree.add(pointer)));
    return (seen) => {
      const found = has(seen);
      return found === undefined ? undefined : !found;
    };
  }
  const path = tree.add(test.at);
  const words = { id: path.id, words: new Set(test.is.map((word) => word.toLowerCase())) };
  if (test.is.some((word) => /^\s*[[{]/.test(word)))
    return (seen) => (isThere(path, seen) === false ? false : undefined);
  return (seen) => {
    const there = isThere(path, seen);
    return there === true ? words : there;
  };
}

function hasAny(paths: readonly Path[]): (seen: Seen) => boolean | undefined {
  return (seen) => {
    let found: boolean | undefined = false;
    for (const path of paths) {
      const there = isThere(path, seen);
      if (there === true) return true;
      if (there === undefined) found = undefined;
    }
    return found;
  };
}

/** The decision for objects with certain members. */
export interface Decision {
  readonly ids: readonly number[];
  readonly hash: number;
  /** The remaining steps, in order: those with a set that the object passes apply. */
  readonly steps: readonly Step[];
  /**
   * The members whose values decide which step applies, and what a receipt says apart from its times; undefined if more
   * than that does.
   */
  readonly words: readonly number[] | undefined;
}

const undecided: Decision = { ids: [], hash: 0, steps: [], words: undefined };

/** Decides what objects are by their members, once for each set of members. */
export class Decisions {
  readonly #candidates: readonly Candidate[];
  readonly #decisions: (Decision | undefined)[];
  readonly #most: number;
  readonly #pairs: readonly number[];
  #count = 0;

  /**
   * @param most how many sets are cached, a power of two; objects with other sets are left to JSON.parse
   * @param pairs the members of which an object is a name and its value if it has no more than two
   */
  constructor(candidates: readonly Candidate[], most: number, pairs: readonly number[] = []) {
    this.#candidates = candidates;
    this.#most = most;
    this.#pairs = pairs;
    this.#decisions = new Array<Decision | undefined>(4 * most).fill(undefined);
  }

  /** The decision for an object. */
  of(members: Members): Decision {
    let place = members.hash & (this.#decisions.length - 1);
    for (;;) {
      const known = this.#decisions[place];
      if (known === undefined) return this.#decide(members, place);
      if (known.hash === members.hash && hasJust(members, known.ids)) return known;
      place = (place + 1) & (this.#decisions.length - 1);
    }
  }

  #decide(members: Members, place: number): Decision {
    if (this.#count === this.#most || members.hasTwice) return undecided;
    this.#count++;
    const steps: Step[] = [];
    for (const { tests, actionFor } of this.#candidates) {
      const sets = tests(members);
      if (sets === undefined) continue;
      const action = sets === left ? leave : actionFor(members);
      if (action === undefined) continue;
      steps.push({ sets: sets === left ? [] : sets, action });
      // Without tests, an object that can't be read may still be something else.
      if (sets === left || (sets.length === 0 && !(action.kind === "read" && action.reading.needsCode)))
        break;
    }
    const isPair = this.#pairs.some((id) => members.has(id));
    const words = isPair ? undefined : wordsIn(steps);
    const decision = { ids: members.seen(), hash: members.hash, steps, words };
    this.#decisions[place] = decision;
    return decision;
  }
}

function wordsIn(steps: readonly Step[]): readonly number[] {
  const tested = steps.flatMap(({ sets }) => sets.flat().map(({ id }) => id));
  const read = steps.flatMap(({ action }) => (action.kind === "read" ? wordsOfReading(action.reading) : []));
  return [...new Set([...tested, ...read])];
}

function hasJust(members: Members, ids: readonly number[]): boolean {
  if (ids.length !== members.count) return false;
  for (const id of ids) {
    if (!members.has(id)) return false;
  }
  return true;
}

/** What an object is: a receipt, or what is done with it. */
export type Found =
  | { readonly kind: "receipt"; readonly reading: Reading; readonly receipt: Receipt }
  | Exclude<Action, { readonly kind: "read" }>;

/**
 * What the object is that was walked last, by its values.
 *
 * @param recordedAt its record's time in ms since the epoch
 */
export function foundIn(members: Members, { steps }: Decision, recordedAt: number): Found {
  for (const { sets, action } of steps) {
    const isOfIt = passes(sets, members);
    if (isOfIt === undefined) return leave;
    if (!isOfIt) continue;
    if (action.kind !== "read") return action;
    const receipt = read(action.reading, members, view, recordedAt);
    if (receipt === left) return leave;
    if (receipt !== undefined) return { kind: "receipt", reading: action.reading, receipt };
  }
  return leave;
}

/** Whether an object passes all tests of one of the sets; undefined if JSON.parse has to decide. */
function passes(sets: readonly (readonly WordTest[])[], members: Members): boolean | undefined {
  if (sets.length === 0) return true;
  for (const tests of sets) {
    let all: boolean | undefined = true;
    for (const test of tests) {
      all = hasWord(test, members);
      if (all !== true) break;
    }
    if (all !== false) return all;
  }
  return false;
}

function hasWord({ id, words }: WordTest, members: Members): boolean | undefined {
  const kind = members.kindOf(id);
  // A member that contains JSON is not a word.
  if (kind === object || kind === array || kind === inner) return false;
  const word = wordAt(members, view, id);
  return word === undefined ? undefined : words.has(word) || words.has(word.trim().toLowerCase());
}
