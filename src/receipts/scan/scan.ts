import { deepestFrame } from "../../bounds.ts";
import type { ReadRun, RecordRun, RunReader } from "../columns.ts";
import type { DimensionValues } from "../dimensions/dimension-values.ts";
import type { Receipt } from "../receipt.ts";
import { foundIn } from "./decisions.ts";
import {
  broken,
  byteAt,
  closeBracket,
  comma,
  openBrace,
  openBracket,
  quote,
  skipBlanks,
} from "./json-bytes.ts";
import { Known } from "./known.ts";
import { array, inner, Members, mixed, object, text } from "./members.ts";
import { begin, longestScanned, unknownBlock, undoEscapes, unescapedEnd, view } from "./memory.ts";
import { type Path, PathTree } from "./paths.ts";
import { type Lists, listsOf, pointersOf, type Scannable } from "./plan.ts";
import { isEnd, withoutEnd } from "./record-end.ts";
import { type Resident, Residents } from "./residents.ts";
import { RunValues } from "./run-values.ts";
import { readRun } from "./run.ts";
import { isShortText } from "./short-text.ts";
import { type RootStage, rootStage, type Stage, stageWithin } from "./stages.ts";

/** What a topic's records may be. */
export interface ScanOptions {
  /** Of the receipts' dimensions; undefined without any. */
  readonly values: DimensionValues | undefined;
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
 * @param bytes contains the record, from `start` up to `end`
 * @param recordedAt the record's own time in ms since the epoch
 * @returns false when the record is anything but receipts, valid or not, and JSON.parse has to decide: then nothing
 *   was appended
 */
export type Scan = (
  bytes: Buffer,
  start: number,
  end: number,
  recordedAt: number,
  receipts: Receipt[],
) => boolean;

/** Reads a topic's records, one by one or many at once. */
export interface RecordScanner {
  readonly scan: Scan;
  /** Undefined where receipts say more than the walker knows: where duplicates are looked for. */
  readonly readRun: RunReader | undefined;
}

/** The most objects of a record that are learned one by one: after each, it is read again from its start. */
const mostLearned = 32;

/** Compiles the scanner of a topic; undefined if JSON.parse has to decide all of its records. */
export function compileScan(options: ScanOptions): RecordScanner | undefined {
  const pointers = [...options.at, ...options.candidates.flatMap(pointersOf)];
  if (pointers.includes("")) return undefined;
  const scanner = new Scanner(options);
  if (!scanner.fits) return undefined;
  return {
    scan: (bytes, start, end, recordedAt, receipts) => {
      if (end - start > longestScanned) return false;
      const before = receipts.length;
      if (scanner.scan(bytes, start, end, recordedAt, receipts)) return true;
      receipts.length = before;
      return false;
    },
    readRun: scanner.learns ? (run) => scanner.readRun(run) : undefined,
  };
}

class Scanner {
  readonly #root: RootStage;
  /** Of shapes whose receipts are in a member, by shape. */
  readonly #within: (Stage | undefined)[];
  /** The root's, and those within. */
  readonly #stages: readonly Stage[];
  readonly #lists: Lists;
  readonly #at: readonly Path[];
  readonly #pointed: Members;
  readonly #residents: Residents;
  /** Undefined if receipts say more than it can know. */
  readonly #known: Known | undefined;
  readonly #runValues: RunValues | undefined;
  /** The shape without tests that the last object was read by; -1 for any other. */
  #alike = -1;
  #recordedAt = Number.NaN;
  #receipts: Receipt[] = [];

  constructor({ candidates, leftNames, at, values }: ScanOptions) {
    this.#root = rootStage(candidates, leftNames);
    this.#within = candidates.map(stageWithin);
    const hasKeys = candidates.some((one) => "options" in one && one.options.key !== undefined);
    this.#known = hasKeys || at.length > 0 ? undefined : new Known();
    this.#runValues = values === undefined ? undefined : new RunValues(values);
    this.#lists = listsOf(candidates);
    const pointed = new PathTree();
    this.#at = at.map((pointer) => pointed.add(pointer));
    this.#pointed = new Members(
      pointed,
      this.#at.map(({ id }) => id),
      "",
    );
    this.#stages = [this.#root, ...this.#within].filter((stage) => stage !== undefined);
    const blocks: Resident[] = [...this.#stages.map(({ members }) => members), this.#pointed];
    if (this.#runValues !== undefined) blocks.push(this.#runValues.beside);
    this.#residents = new Residents(blocks);
  }

  /** Whether there is room for what it looks for. */
  get fits(): boolean {
    return this.#residents.fit;
  }

  /** Whether it learns what records hold, to read many at once. */
  get learns(): boolean {
    return this.#known !== undefined;
  }

  readRun(run: RecordRun): ReadRun | undefined {
    const known = this.#known;
    if (known === undefined) return undefined;
    this.#residents.use();
    for (let learned = 0; ; learned++) {
      const read = readRun(run, this.#root.members.at, this.#lists, known, this.#runValues);
      if (read !== "unknown") return read;
      const stage = this.#stages.find(({ members }) => members.at === unknownBlock());
      if (stage === undefined || learned === mostLearned) return undefined;
      if (!known.learn(stage, this.#within)) return undefined;
    }
  }

  scan(bytes: Buffer, start: number, end: number, recordedAt: number, receipts: Receipt[]): boolean {
    this.#recordedAt = recordedAt;
    this.#receipts = receipts;
    this.#residents.use();
    const from = begin(bytes, start, end - start);
    const to = from + end - start;
    const first = skipBlanks(view, from, to);
    const last = this.#at.length === 0 ? this.#record(first, to) : this.#pointedValue(first, to);
    return last !== broken && isEnd(last, to);
  }

  #record(start: number, to: number): number {
    const first = byteAt(view, start, to);
    if (first === openBrace || first === openBracket || first === quote) return this.#value(start, to, 0);
    return this.#read(this.#root.members.walkForm(start, withoutEnd(start, to)), 0, this.#root);
  }

  #pointedValue(start: number, to: number): number {
    const members = this.#pointed;
    if (byteAt(view, start, to) !== openBrace) return broken;
    const end = members.walk(start, to);
    if (end === broken || members.hasTwice) return broken;
    for (const { id, marks } of this.#at) {
      // A text in the record counts as a level; one in a frame does not.
      if (members.has(id))
        return this.#held(members, id, members.kindOf(id) === inner ? 1 : 0) ? end : broken;
      for (const mark of marks) {
        if (members.has(mark)) return broken;
      }
    }
    return broken;
  }

  /** Reads an object, an array, or a string that contains one; returns its end. */
  #value(start: number, to: number, depth: number): number {
    if (depth > deepestFrame) return broken;
    const first = byteAt(view, start, to);
    if (first === openBracket) return this.#list(start, to, depth);
    if (first === openBrace) return this.#object(start, to, depth, this.#root);
    return first === quote ? this.#string(start + 1, to, depth) : broken;
  }

  #string(start: number, to: number, depth: number): number {
    const from = unescapedEnd();
    const end = undoEscapes(start, to);
    if (end === broken || !this.#isWhole(from, unescapedEnd(), depth + 1)) return broken;
    this.#alike = -1;
    return end + 1;
  }

  /** Reads a text that is JSON as a whole. */
  #isWhole(from: number, to: number, depth: number): boolean {
    const start = skipBlanks(view, from, to);
    // A string in a string is rare.
    if (byteAt(view, start, to) === quote) return false;
    const end = this.#value(start, to, depth);
    return end !== broken && skipBlanks(view, end, to) === to;
  }

  #object(start: number, to: number, depth: number, stage: Stage): number {
    return this.#read(stage.members.walk(start, to), depth, stage);
  }

  /** Reads what was walked up to `end`; returns that. */
  #read(end: number, depth: number, { members, decisions }: Stage): number {
    if (end === broken || (members.total === 2 && this.#mayBePair(members))) return broken;
    const found = foundIn(members, decisions.of(members), this.#recordedAt);
    switch (found.kind) {
      case "receipt":
        this.#receipts.push(found.receipt);
        this.#alike = found.reading.needsCode ? found.reading.shape : -1;
        return end;
      case "within":
        this.#alike = -1;
        return this.#readWithin(members, found.id, this.#within[found.shape]) ? end : broken;
      case "open":
        if (!this.#open(members, found.ids, depth)) return broken;
        this.#alike = -1;
        return end;
      case "left":
        return broken;
    }
  }

  /** Reads the elements of an array, each an object or an array; returns the end of the array. */
  #list(start: number, to: number, depth: number): number {
    if (this.#lists === "left") return broken;
    let alike = -1;
    let at = skipBlanks(view, start + 1, to);
    for (let count = 0; ; count++) {
      this.#alike = -1;
      at = this.#value(at, to, depth + 1);
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
    return members === this.#root.members && this.#root.pairs.some((id) => members.has(id));
  }

  #open(members: Members, ids: readonly number[], depth: number): boolean {
    for (const id of ids) {
      const kind = members.kindOf(id);
      if (kind === object || kind === array || kind === inner) return this.#held(members, id, depth + 1);
      const isText = kind === text || kind === mixed;
      if (isText && !isShortText(members.startOf(id), members.endOf(id))) return false;
    }
    return false;
  }

  /** Reads the content of a member, as JSON or as text. */
  #held(members: Members, id: number, depth: number): boolean {
    const kind = members.kindOf(id);
    if (kind !== object && kind !== array && kind !== inner) return false;
    return this.#isWhole(members.startOf(id), members.endOf(id), depth);
  }

  #readWithin(members: Members, id: number, stage: Stage | undefined): boolean {
    const start = members.startOf(id);
    const to = members.endOf(id);
    if (stage === undefined) return false;
    if (members.kindOf(id) === object) return this.#object(start, to, 0, stage) === to;
    if (members.kindOf(id) !== array) return false;
    let at = skipBlanks(view, start + 1, to);
    for (;;) {
      if (byteAt(view, at, to) !== openBrace) return false;
      at = this.#object(at, to, 0, stage);
      if (at === broken) return false;
      at = skipBlanks(view, at, to);
      if (byteAt(view, at, to) === closeBracket) return true;
      // The array was walked before: here is a comma.
      at = skipBlanks(view, at + 1, to);
    }
  }
}
