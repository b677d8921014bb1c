import { deflateSync, inflateSync } from "node:zlib";
import { otherValue } from "../../receipts/dimensions/dimension.ts";
import { type IgnoredKind, ignoredKinds, malformedReasons } from "../../receipts/receipt.ts";
import { ByteReader, ByteWriter } from "./bytes.ts";
import { readCells, readWord, writeCells, writeWord } from "./cells.ts";
import { readDelays, writeDelays } from "./delays.ts";
import { readKey, writeKeys } from "./keys.ts";
import { readSegments, writeSegments } from "./segments.ts";
import { known, type Section, type SnapshotCounter, type SnapshotState } from "./state.ts";
import { readValues, writeValues } from "./values.ts";

/**
 * Format 2: a zlib stream of sections, each a tag, its length and its body; numbers are varints with seven bits a byte.
 *
 * New features add a section, not a format. A version skips an unknown even section, and carries it along into its own
 * commits while there is room; it refuses a snapshot with an unknown odd section, since its counts would be wrong.
 */
const tags = {
  head: 1,
  /** By dimension. A version without dimensions carries it along; its receipts become `_other` later. */
  values: 2,
  receipts: 3,
  /** A version without delays carries it along; its receipts become `not_kept` later. */
  delays: 4,
  malformed: 5,
  /** A version without segments carries it along; its receipts become `not_kept` later. */
  segments: 6,
  conflicts: 7,
  skipped: 9,
  /** The same sections again, for counters that no scrape has seen at 0. */
  unseen: 11,
  /** By the index of the kind: its words are not in the dictionary. */
  ignored: 13,
  /** Duplicates, and receipts without a key: without the duplicates the counts would not add up. */
  keys: 15,
} as const;

/** The snapshot was written by a later version, and has counts that this one does not know. */
export class NewerSnapshotError extends Error {
  override readonly name = "NewerSnapshotError";
}

/** @returns the bytes; counters at 0 are left out, they are opened from the code map again */
export function encodeFormat2(state: SnapshotState): Buffer {
  const out = new ByteWriter();
  writeSection(out, tags.head, (head) => {
    head.natural(state.next);
    head.natural(state.first < 0 ? 1 : 0);
    head.natural(Math.abs(state.first));
    head.natural(state.zerosSeen ? 1 : 0);
    head.natural(Math.max(0, Math.floor(state.lastEventAt / 1000)));
    head.natural(state.logMark === undefined ? 0 : 1);
    head.natural(state.logMark ?? 0);
    head.natural(state.folded?.codes ?? 0);
    head.natural(state.folded?.limit ?? 0);
  });
  const counted = state.counters.filter(({ count }) => count > 0);
  const unseen = state.zerosSeen ? counted.filter(({ seen }) => !seen) : [];
  writeCounters(out, unseen.length === 0 ? counted : counted.filter(({ seen }) => seen), false);
  if (unseen.length > 0) writeSection(out, tags.unseen, (body) => writeCounters(body, unseen, true));
  for (const { tag, body } of state.carried) {
    out.natural(tag);
    out.block(body);
  }
  return deflateSync(out.written, { level: 9, memLevel: 9 });
}

/**
 * Reads a snapshot of format 2.
 *
 * @param packed without the magic and out of base64
 * @param largest the most it may unpack to, in bytes
 * @throws NewerSnapshotError for an unknown section that is required for correct counts
 * @throws Error with a reason if it is not a snapshot
 */
export function decodeFormat2(packed: Buffer, largest: number): SnapshotState {
  const from = new ByteReader(inflateSync(packed, { maxOutputLength: largest }));
  let head: Head | undefined;
  const counters: SnapshotCounter[] = [];
  const unseen: SnapshotCounter[] = [];
  const carried: Section[] = [];
  while (!from.atEnd) {
    const tag = from.natural();
    const body = from.block();
    if (tag === tags.head) head = readHead(new ByteReader(body));
    else if (tag === tags.unseen) readNested(new ByteReader(body), unseen);
    else if (!readCounters(tag, body, true, counters)) carried.push(passedOver(tag, body));
  }
  if (head === undefined) throw new Error("the header is missing");
  const { zerosSeen } = head;
  return {
    ...head,
    counters: [...counters.map((entry) => ({ ...entry, seen: zerosSeen })), ...unseen],
    carried,
  };
}

type Head = Omit<SnapshotState, "counters" | "carried">;

function readHead(from: ByteReader): Head {
  const next = from.natural();
  const sign = from.natural() === 1 ? -1 : 1;
  const first = sign * from.natural();
  const zerosSeen = from.natural() === 1;
  const lastEventAt = from.natural() * 1000;
  const marked = from.natural() === 1;
  const logMark = from.natural();
  const codes = from.natural();
  const limit = from.natural();
  from.end();
  return {
    ...{ next, first, zerosSeen, lastEventAt },
    logMark: marked ? logMark : undefined,
    folded: limit === 0 ? undefined : { codes, limit },
  };
}

function readNested(from: ByteReader, into: SnapshotCounter[]): void {
  while (!from.atEnd) {
    const tag = from.natural();
    if (!readCounters(tag, from.block(), false, into))
      throw new Error("a nested section has a tag that is not allowed there");
  }
}

/** An even section of a later version. @throws NewerSnapshotError at an odd one */
function passedOver(tag: number, body: Buffer): Section {
  if (tag % 2 === 0) return { tag, body };
  throw new NewerSnapshotError(`section ${tag} is unknown, and required for correct counts`);
}

/** @param withOthers whether `_other` of a dimension, `not_kept` delays and `not_kept` segments are written: as a rule they follow from the rest */
function writeCounters(out: ByteWriter, entries: readonly SnapshotCounter[], withOthers: boolean): void {
  const cells = entries.flatMap(({ counter, count }) =>
    counter.kind === "receipts" ? [{ cell: counter, count }] : [],
  );
  const values = entries.flatMap(({ counter, count }) =>
    counter.kind === "receiptsBy" && (withOthers || counter.value !== otherValue) ? [{ counter, count }] : [],
  );
  const delays = entries.flatMap(({ counter, count }) =>
    counter.kind === "delays" ||
    (counter.kind === "unmeasured" && (withOthers || counter.reason !== "not_kept"))
      ? [{ counter, count }]
      : [],
  );
  const segments = entries.flatMap(({ counter, count }) =>
    counter.kind === "segments" ||
    (counter.kind === "segmentReceipts" && (withOthers || counter.segments !== "not_kept"))
      ? [{ counter, count }]
      : [],
  );
  const named = (kind: "malformed" | "conflicts") =>
    entries.flatMap(({ counter, count }) => {
      if (counter.kind === "malformed" && kind === "malformed") return [{ name: counter.reason, count }];
      return counter.kind === "conflicts" && kind === "conflicts" ? [{ name: counter.scope, count }] : [];
    });
  const ignored = entries.flatMap(({ counter, count }) =>
    counter.kind === "ignored" ? [{ place: ignoredKinds.indexOf(counter.what), count }] : [],
  );
  const skipped = entries.find(({ counter }) => counter.kind === "skipped");
  if (cells.length > 0) writeSection(out, tags.receipts, (body) => writeCells(body, cells));
  for (const kind of ["malformed", "conflicts"] as const) {
    const list = named(kind);
    if (list.length === 0) continue;
    writeSection(out, tags[kind], (body) => {
      for (const { name, count } of list) {
        writeWord(body, name);
        body.natural(count);
      }
    });
  }
  if (values.length > 0) writeSection(out, tags.values, (body) => writeValues(body, values));
  if (delays.length > 0) writeSection(out, tags.delays, (body) => writeDelays(body, delays));
  if (segments.length > 0) writeSection(out, tags.segments, (body) => writeSegments(body, segments));
  if (skipped !== undefined) writeSection(out, tags.skipped, (body) => body.natural(skipped.count));
  const keys = entries.flatMap(({ counter, count }) =>
    counter.kind === "duplicates" || counter.kind === "unkeyed" ? [{ counter, count }] : [],
  );
  if (keys.length > 0) writeSection(out, tags.keys, (body) => writeKeys(body, keys));
  if (ignored.length === 0) return;
  writeSection(out, tags.ignored, (body) => {
    for (const { place, count } of ignored) {
      body.natural(place);
      body.natural(count);
    }
  });
}

/** @throws Error where a later version has more kinds */
function ignoredKindAt(place: number): IgnoredKind {
  const kind = ignoredKinds[place];
  if (kind === undefined) throw new Error(`unknown kind ${place} of ignored records`);
  return kind;
}

/** @returns false when the section is none of counters */
function readCounters(tag: number, body: Buffer, seen: boolean, into: SnapshotCounter[]): boolean {
  const from = new ByteReader(body);
  switch (tag) {
    case tags.receipts:
      for (const { cell, count } of readCells(from)) into.push({ counter: cell, count, seen });
      break;
    case tags.values:
      for (const { counter, count } of readValues(from)) into.push({ counter, count, seen });
      break;
    case tags.delays:
      for (const { counter, count } of readDelays(from)) into.push({ counter, count, seen });
      break;
    case tags.segments:
      for (const { counter, count } of readSegments(from)) into.push({ counter, count, seen });
      break;
    case tags.malformed:
      while (!from.atEnd) {
        const reason = known(malformedReasons, readWord(from));
        into.push({ counter: { kind: "malformed", reason }, count: from.natural(), seen });
      }
      break;
    case tags.conflicts:
      while (!from.atEnd) {
        const scope = readWord(from);
        into.push({ counter: { kind: "conflicts", scope }, count: from.natural(), seen });
      }
      break;
    case tags.ignored:
      while (!from.atEnd) {
        const what = ignoredKindAt(from.natural());
        into.push({ counter: { kind: "ignored", what }, count: from.natural(), seen });
      }
      break;
    case tags.keys:
      while (!from.atEnd) into.push({ ...readKey(from), seen });
      break;
    case tags.skipped:
      into.push({ counter: { kind: "skipped" }, count: from.natural(), seen });
      break;
    default:
      return false;
  }
  from.end();
  return true;
}

function writeSection(out: ByteWriter, tag: number, write: (body: ByteWriter) => void): void {
  const body = new ByteWriter();
  write(body);
  out.natural(tag);
  out.block(body.written);
}
