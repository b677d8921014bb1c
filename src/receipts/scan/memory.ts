import { compiled } from "./compiled.ts";

/** Missing in the types of Node.js. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** The exports of `assembly/walk.ts`. Positions are addresses in its memory. */
interface Walker {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly begin: () => void;
  readonly walkAnew: (block: number, start: number, to: number) => number;
  readonly walkForm: (block: number, start: number, to: number) => number;
  readonly hasTwice: () => number;
  readonly undoEscapes: (start: number, to: number) => number;
  readonly findSet: () => number;
  readonly linkSet: (set: number) => void;
  readonly linkKnown: (known: number) => void;
  readonly knowDate: (at: number, midnight: number) => void;
  readonly readRun: () => void;
  readonly hashOfName: (at: number, size: number) => number;
}

const walker = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(compiled, "base64")))
  .exports as Walker;
walker.begin();

/** Longest record that is scanned: within it there can't be more to search than `mostOpened` allows. */
export const longestScanned = 256 * 1024;

/** Reads go past the end of a record by up to a few words. */
const slack = 64;

// The memory. It never grows, so its views stay valid.
const kib = 1024;
export const blocksFrom = kib;
export const blocksTo = 1024 * kib;
const unescapedFrom = blocksTo;
const unescapedTo = unescapedFrom + 2 * longestScanned;
/** One record, then 64 KiB of tables, see `assembly/bytes.ts` and `assembly/skipped.ts`. */
const recordFrom = unescapedTo;
/** What is known of receipts, by tables of the first of each chain, and what was read; see `assembly/layout.ts`. */
const chainsFrom = recordFrom + longestScanned + 64 * kib;
export const columnsFrom = chainsFrom + 24 * kib;
export const valuesFrom = columnsFrom + 112 * kib;
/** Behind them the stencils, see `assembly/stencil.ts`. */
export const knownFrom = valuesFrom + 192 * kib;
export const knownTo = knownFrom + 368 * kib;
/** The records of a batch. After them, `assembly/specials.ts` keeps which of all bytes are not plain text. */
const recordsFrom = knownTo;
const recordsTo = 57 * 64 * kib;

// Positions in `assembly/layout.ts`, as indexes of `ints`.
const countAt = 0;
const hashAt = 1;
const totalAt = 2;
const unescapedAt = 3;
const unescapedToAt = 4;
const unknownAt = 5;
/** What {@link walkRun} is asked and what it tells, see `assembly/run.ts`; in bytes. */
export const runAt = 640;

const bytes = Buffer.from(walker.memory.buffer);

/** The walker's memory: what is scanned is in it. */
export const view = new DataView(walker.memory.buffer);
export const ints = new Int32Array(walker.memory.buffer);
export const floats = new Float64Array(walker.memory.buffer);
ints[unescapedToAt] = unescapedTo;

/**
 * Walk an object, see `assembly/walk.ts`, and a form, see `assembly/forms.ts`.
 *
 * @param block the position of its block
 */
export const { walkAnew: walk, walkForm } = walker;

/** Whether the object that was walked last has a needed member twice. */
export const hasTwice = () => walker.hasTwice() === 1;

/** Find and add what is known of the object that was walked last, see `assembly/known.ts`; 0 for nothing. */
export const { findSet, linkSet, linkKnown } = walker;

/** Remembers a date, see `assembly/times.ts`. */
export const { knowDate } = walker;

/** Reads records, see `assembly/run.ts`. */
export function walkRun(): void {
  ints[unescapedAt] = unescapedFrom;
  walker.readRun();
}

/**
 * The position of the block of the object that {@link walkRun} stopped at since it is not known; 0 if it stopped for
 * another reason. It is the one that was walked last.
 */
export const unknownBlock = () => ints[unknownAt] ?? 0;

/** Appends the content of a string to the unescaped texts, see `assembly/strings.ts`. */
export const undoEscapes = walker.undoEscapes;

/** The results of the last walk, see `Members`. The last 16 bits of a hash are a count, see `assembly/seen.ts`. */
export const lastTotal = () => ints[totalAt] ?? 0;
export const lastCount = () => (ints[countAt] ?? 0) & 0xffff;
export const lastHash = () => ints[hashAt] ?? 0;

/** Where the next unescaped text goes. */
export const unescapedEnd = () => ints[unescapedAt] ?? 0;

/** The records held last. */
let held: Buffer | undefined;

/** How many bytes of records can be held. */
export const mostHeld = recordsTo - recordsFrom - slack;

/**
 * Copies records into the memory, so that they are scanned without copying each. They are valid until others are held.
 *
 * @param records at most {@link mostHeld}
 */
export function hold(records: Buffer): Buffer {
  bytes.set(records, recordsFrom);
  held = bytes.subarray(recordsFrom, recordsFrom + records.length);
  return held;
}

/** Where records are that are held; -1 for others, and those that were held before. */
export function placeOf(records: Buffer): number {
  return records === held ? recordsFrom : -1;
}

/**
 * Starts a record, and drops the unescaped texts of the previous one.
 *
 * @param record contains it, from `start` on
 * @param size at most {@link longestScanned}
 * @returns its position in the memory
 */
export function begin(record: Buffer, start: number, size: number): number {
  ints[unescapedAt] = unescapedFrom;
  if (record === held) return recordsFrom + start;
  record.copy(bytes, recordFrom, start, start + size);
  return recordFrom;
}

/** Forgets all that is known of receipts. */
export function clearKnown(): void {
  bytes.fill(0, chainsFrom, columnsFrom);
}

/** Copies text within the memory, and fills it up with zeros. */
export function copyText(start: number, size: number, into: number, room: number): void {
  bytes.copyWithin(into, start, start + size);
  bytes.fill(0, into + size, into + room);
}

export function writeBlock(block: Uint8Array, at: number): void {
  bytes.set(block, at);
}

/** The hash that the walker finds a name by. */
export function hashOfName(name: Buffer): number {
  name.copy(bytes, recordFrom);
  return walker.hashOfName(recordFrom, name.length);
}
