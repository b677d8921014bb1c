import { deepestFrame } from "../../bounds.ts";
import { frames } from "../frames.ts";
import type { Receipt } from "../receipt.ts";
import { type Candidate, Decisions, passes } from "./decisions.ts";
import {
  backslash,
  broken,
  byteAt,
  closeBracket,
  comma,
  openBrace,
  openBracket,
  quote,
  skipBlanks,
} from "./json-walk.ts";
import { array, inner, Members, mixed, object, text } from "./members.ts";
import { type Path, PathTree } from "./paths.ts";
import { askedCandidate, type Lists, listsOf, pointersOf, readingCandidate, type Scannable } from "./plan.ts";
import { read } from "./reading.ts";
import { Unescaped } from "./unescaped.ts";
import { left } from "./values.ts";

/** What a topic's records may be. */
export interface ScanOptions {
  /** In the order in which they are tried. */
  readonly candidates: readonly Scannable[];
  /** Prefix of member names that are left to JSON.parse; "" for none. */
  readonly leftNames: string;
  /**
   * JSON Pointers to the part with the receipts, of which the first that leads to a value is used; the whole record
   * if there are none.
   */
  readonly at: readonly string[];
}

/**
 * Appends the receipts of a record to `receipts`.
 *
 * @param view contains the record, from `from` up to `to`
 * @param recordedAt the record's own time in ms since the epoch
 * @returns false when the record is anything but receipts, valid or not, and JSON.parse has to decide: then nothing
 *   was appended
 */
export type Scan = (
  view: DataView,
  from: number,
  to: number,
  recordedAt: number,
  receipts: Receipt[],
) => boolean;

/** Longest record that is scanned: within it there can't be more to search than `mostOpened` allows. */
const longestScanned = 256 * 1024;

/** How many sets of members have a cached decision: a topic's records have a handful. */
const mostDecisions = 1024;

/** For the record being scanned, one at a time. */
const unescaped = new Unescaped(2 * longestScanned);

export function compileScan(options: ScanOptions): Scan | undefined {
  const pointers = [...options.at, ...options.candidates.flatMap(pointersOf)];
  if (pointers.includes("")) return undefined;
  const scanner = new Scanner(options);
  return (view, from, to, recordedAt, receipts) => {
    if (to - from > longestScanned) return false;
    const before = receipts.length;
    if (scanner.scan(view, from, to, recordedAt, receipts)) return true;
    receipts.length = before;
    return false;
  };
}

/** A kind of object: its needed members, and what to do with them. */
interface Stage {
  readonly members: Members;
  readonly decisions: Decisions;
}

class Scanner {
  readonly #root: Stage;
  /** Of shapes whose receipts are in a member, by shape. */
  readonly #within: (Stage | undefined)[];
  readonly #lists: Lists;
  readonly #key: readonly number[];
  readonly #at: readonly Path[];
  readonly #pointed: Members;
  /** The shape without tests that the last object was read by; -1 for any other. */
  #alike = -1;
  #recordedAt = Number.NaN;
  #receipts: Receipt[] = [];

  constructor({ candidates, leftNames, at }: ScanOptions) {
    const tree = new PathTree();
    this.#within = candidates.map((candidate, shape) => this.#stageWithin(candidate, shape));
    const asked = candidates.map((candidate, shape) => askedCandidate(candidate, shape, tree));
    const leftOnes = [...tree.root.members]
      .filter(([name]) => leftNames !== "" && name.startsWith(leftNames))
      .map(([, { id }]) => id);
    const opened = frames.map(({ member }) => tree.addSteps([member]).id);
    const isLeft: Candidate = {
      tests: (seen) => (leftOnes.some((id) => seen.has(id)) ? [] : undefined),
      actionFor: () => ({ kind: "left" }),
    };
    this.#key = ["key", "Key"].map((name) => tree.addSteps([name]).id);
    const open: Candidate = {
      tests: () => [],
      actionFor: (seen) => ({ kind: "open", ids: opened.filter((id) => seen.has(id)) }),
    };
    this.#root = {
      members: new Members(tree, opened, leftNames, unescaped),
      decisions: new Decisions([...asked, isLeft, open], mostDecisions),
    };
    this.#lists = listsOf(candidates);
    const pointed = new PathTree();
    this.#at = at.map((pointer) => pointed.add(pointer));
    this.#pointed = new Members(
      pointed,
      this.#at.map(({ id }) => id),
      "",
      unescaped,
    );
  }

  #stageWithin(candidate: Scannable, shape: number): Stage | undefined {
    if ("left" in candidate || candidate.description.receipts === undefined) return undefined;
    const tree = new PathTree();
    const asked = readingCandidate(candidate, shape, tree);
    return {
      members: new Members(tree, [], "", unescaped),
      decisions: new Decisions([asked], mostDecisions / 16),
    };
  }

  scan(view: DataView, from: number, to: number, recordedAt: number, receipts: Receipt[]): boolean {
    unescaped.end = 0;
    this.#recordedAt = recordedAt;
    this.#receipts = receipts;
    const start = skipBlanks(view, from, to);
    const end = this.#at.length === 0 ? this.#value(view, start, to, 0) : this.#pointedValue(view, start, to);
    return end !== broken && isEnd(view, end, to);
  }

  #pointedValue(view: DataView, start: number, to: number): number {
    const members = this.#pointed;
    if (byteAt(view, start, to) !== openBrace) return broken;
    const end = members.walk(view, start, to);
    if (end === broken) return broken;
    for (const { id, marks } of this.#at) {
      // A text in the record counts as a level; one in a frame does not.
      if (members.has(id))
        return this.#held(view, members, id, members.kindOf(id) === inner ? 1 : 0) ? end : broken;
      for (const mark of marks) {
        if (members.has(mark)) return broken;
      }
    }
    return broken;
  }

  /** Reads an object, an array, or a string that contains one; returns its end. */
  #value(view: DataView, start: number, to: number, depth: number): number {
    if (depth > deepestFrame) return broken;
    const first = byteAt(view, start, to);
    if (first === openBracket) return this.#list(view, start, to, depth);
    if (first === openBrace) return this.#object(view, start, to, depth, this.#root);
    return first === quote ? this.#string(view, start + 1, to, depth) : broken;
  }

  #string(view: DataView, start: number, to: number, depth: number): number {
    const from = unescaped.end;
    const end = unescaped.append(view, start, to);
    if (end === broken || !this.#isWhole(unescaped.view, from, unescaped.end, depth + 1)) return broken;
    this.#alike = -1;
    return end + 1;
  }

  /** Reads a text that is JSON as a whole. */
  #isWhole(view: DataView, from: number, to: number, depth: number): boolean {
    const start = skipBlanks(view, from, to);
    // A string in a string is rare.
    if (byteAt(view, start, to) === quote) return false;
    const end = this.#value(view, start, to, depth);
    return end !== broken && skipBlanks(view, end, to) === to;
  }

  #object(view: DataView, start: number, to: number, depth: number, { members, decisions }: Stage): number {
    const end = members.walk(view, start, to);
    if (end === broken || (members.total === 2 && this.#mayBePair(members))) return broken;
    for (const { sets, action } of decisions.of(members)) {
      const isOfIt = passes(sets, members, view);
      if (isOfIt === undefined) return broken;
      if (!isOfIt) continue;
      switch (action.kind) {
        case "read": {
          const receipt = read(action.reading, members, view, this.#recordedAt);
          if (receipt === left) return broken;
          if (receipt === undefined) continue;
          this.#receipts.push(receipt);
          this.#alike = action.reading.needsCode ? action.reading.shape : -1;
          return end;
        }
        case "within":
          this.#alike = -1;
          return this.#readWithin(view, members, action.id, this.#within[action.shape]) ? end : broken;
        case "open":
          if (!this.#open(view, members, action.ids, depth)) return broken;
          this.#alike = -1;
          return end;
        case "left":
          return broken;
      }
    }
    return broken;
  }

  /** Reads the elements of an array, each an object or an array; returns the end of the array. */
  #list(view: DataView, start: number, to: number, depth: number): number {
    if (this.#lists === "left") return broken;
    let alike = -1;
    let at = skipBlanks(view, start + 1, to);
    for (let count = 0; ; count++) {
      this.#alike = -1;
      at = this.#value(view, at, to, depth + 1);
      if (at === broken) return broken;
      if (count === 0) alike = this.#alike;
      if (this.#lists === "alike" && (alike === -1 || this.#alike !== alike)) return broken;
      at = skipBlanks(view, at, to);
      const byte = byteAt(view, at, to);
      if (byte === closeBracket) return at + 1;
      if (byte !== comma) return broken;
      at = skipBlanks(view, at + 1, to);
    }
  }

  /** Whether an object with two members may be a name and a value: a list of those is one object. */
  #mayBePair(members: Members): boolean {
    return members === this.#root.members && this.#key.some((id) => members.has(id));
  }

  #open(view: DataView, members: Members, ids: readonly number[], depth: number): boolean {
    for (const id of ids) {
      const kind = members.kindOf(id);
      if (kind === object || kind === array || kind === inner)
        return this.#held(view, members, id, depth + 1);
      const isText = kind === text || kind === mixed;
      if (isText && !isShortText(view, members.startOf(id), members.endOf(id))) return false;
    }
    return false;
  }

  /** Reads the content of a member, as JSON or as text. */
  #held(view: DataView, members: Members, id: number, depth: number): boolean {
    const kind = members.kindOf(id);
    if (kind !== object && kind !== array && kind !== inner) return false;
    const held = kind === inner ? unescaped.view : view;
    return this.#isWhole(held, members.startOf(id), members.endOf(id), depth);
  }

  #readWithin(view: DataView, members: Members, id: number, stage: Stage | undefined): boolean {
    const start = members.startOf(id);
    const to = members.endOf(id);
    if (stage === undefined) return false;
    if (members.kindOf(id) === object) return this.#object(view, start, to, 0, stage) === to;
    if (members.kindOf(id) !== array) return false;
    let at = skipBlanks(view, start + 1, to);
    for (;;) {
      if (byteAt(view, at, to) !== openBrace) return false;
      at = this.#object(view, at, to, 0, stage);
      if (at === broken) return false;
      at = skipBlanks(view, at, to);
      if (byteAt(view, at, to) === closeBracket) return true;
      // The array was walked before: here is a comma.
      at = skipBlanks(view, at + 1, to);
    }
  }
}

/** Whether a record's JSON is followed only by whitespace and NULs, which `readText` removes. */
function isEnd(view: DataView, end: number, to: number): boolean {
  let at = skipBlanks(view, end, to);
  while (at < to && view.getUint8(at) === 0) at = skipBlanks(view, at + 1, to);
  return at === to;
}

/** A text shorter than this, in UTF-16 units, contains no receipt unless it is JSON. */
const shortestElse = 16;

/** Whether a text is short, and certainly not JSON: without brackets, and without escapes that may stand for one. */
function isShortText(view: DataView, start: number, end: number): boolean {
  let units = 0;
  for (let at = start; at < end; at++) {
    const byte = view.getUint8(at);
    if (byte === openBrace || byte === openBracket || byte === backslash) return false;
    // Count each character at its first byte; the longest ones take two units.
    if ((byte & 0xc0) !== 0x80) units += byte < 0xf0 ? 1 : 2;
    if (units >= shortestElse) return false;
  }
  return true;
}
