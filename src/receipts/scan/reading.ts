import { readCode } from "../../masking.ts";
import type { Description, TimeDescription } from "../formats/description.ts";
import { type FlagReader, flagReader } from "../formats/flag.ts";
import type { CompileOptions } from "../formats/format.ts";
import type { Flag, Receipt } from "../receipt.ts";
import { parseTimeBytes } from "../times.ts";
import { compileKey, type KeyParts, keyAt } from "./key-at.ts";
import { inner, type Members, mixed, nothing, number, text } from "./members.ts";
import { isThere, type Path, type PathTree, type Seen } from "./paths.ts";
import { segmentsAt } from "./segments.ts";
import { compileValues, left, type Values, valuesAt } from "./values.ts";
import { isWhole, wordAt } from "./words.ts";

/** Where a code may be, and its scope. */
interface Code {
  readonly id: number;
  readonly scope: string;
  readonly saysNothing: ReadonlySet<string> | undefined;
}

/** Where a time may be. */
interface Time {
  readonly id: number;
}

/** How to read a receipt from an object with certain members. */
export interface Reading {
  /** Index of the shape. */
  readonly shape: number;
  /** Without a code or a flag it is not a receipt. */
  readonly needsCode: boolean;
  readonly codes: readonly Code[];
  /** The scope of a receipt without a code. */
  readonly scope: string;
  /** The flag's id; -1 if there is none. */
  readonly flag: number;
  readonly readFlag: FlagReader;
  readonly sentAt: readonly Time[];
  readonly receivedAt: readonly Time[];
  readonly utcOffsetMinutes: number;
  readonly provider: string | undefined;
  readonly values: Values | undefined;
  /** Where the segments are; undefined where the shape names none. */
  readonly segments: readonly number[] | undefined;
  readonly key: KeyParts;
}

/**
 * Compiles a shape for an object with certain members.
 *
 * @returns a function that returns undefined if JSON.parse has to read the object
 */
export function compileReading(
  shape: number,
  description: Description,
  options: CompileOptions,
  tree: PathTree,
): (seen: Seen) => Reading | undefined {
  const scope = options.scope;
  const codes = description.codes.flatMap(({ at, scope: own, except = [] }) =>
    at.map((pointer) => ({
      path: tree.add(pointer),
      scope: scope ?? own,
      saysNothing: except.length === 0 ? undefined : new Set(except),
    })),
  );
  const flags = (description.flag?.at ?? []).map((pointer) => tree.add(pointer));
  const sentAt = pathsOf(description.sentAt ?? [], tree);
  const receivedAt = pathsOf(description.receivedAt ?? [], tree);
  const messages = description.messages === undefined ? [] : [tree.add(description.messages)];
  const readFlag = description.flag === undefined ? () => "none" as const : flagReader(description.flag);
  const times = [...sentAt, ...receivedAt];
  const values = compileValues(options.values, description, tree);
  const segments = description.segments?.map((pointer) => tree.add(pointer));
  const key = compileKey(options.key, tree);
  const all = [
    ...codes.map(({ path }) => path),
    ...flags,
    ...times.map(({ time }) => time),
    ...times.flatMap(({ date }) => date ?? []),
    ...messages,
    ...(values?.paths ?? []),
    ...(segments ?? []),
    ...(key?.paths ?? []),
  ];
  const rest = {
    ...{ shape, needsCode: description.when.length === 0, readFlag, provider: description.provider },
    scope: scope ?? description.codes[0]?.scope ?? "",
    utcOffsetMinutes: description.utcOffsetMinutes ?? options.utcOffsetMinutes,
  };
  return (seen) => {
    if (all.some((path) => isThere(path, seen) === undefined)) return undefined;
    // Receipts that stand for several, and separate dates, are rare.
    const isSeldom =
      messages.some(({ id }) => seen.has(id)) ||
      times.some(({ date }) => date !== undefined && seen.has(date.id));
    if (isSeldom) return undefined;
    return {
      ...rest,
      codes: codes
        .filter(({ path }) => seen.has(path.id))
        .map(({ path, scope, saysNothing }) => ({ id: path.id, scope, saysNothing })),
      flag: flags.find(({ id }) => seen.has(id))?.id ?? -1,
      sentAt: sentAt.filter(({ time }) => seen.has(time.id)).map(({ time: { id } }) => ({ id })),
      receivedAt: receivedAt.filter(({ time }) => seen.has(time.id)).map(({ time: { id } }) => ({ id })),
      values: values?.forSeen(seen),
      segments: segments?.map(({ id }) => id).filter((id) => seen.has(id)),
      key: key?.forSeen(seen),
    };
  };
}

function pathsOf(
  times: readonly TimeDescription[],
  tree: PathTree,
): { time: Path; date: Path | undefined }[] {
  return times.map(({ at, date }) => ({
    time: tree.add(at),
    date: date === undefined ? undefined : tree.add(date),
  }));
}

/** The members of a receipt whose values decide what it says apart from its times. */
export function wordsOfReading({ codes, flag, segments = [] }: Reading): readonly number[] {
  return [...codes.map(({ id }) => id), ...(flag < 0 ? [] : [flag]), ...segments];
}

/** The time of a receipt if it can't be read from bytes: not a valid time. */
const unknown = Number.NEGATIVE_INFINITY;

/** Reads a receipt; undefined if the object is not one, `left` if JSON.parse has to decide. */
export function read(
  reading: Reading,
  members: Members,
  view: DataView,
  recordedAt: number,
): Receipt | undefined | typeof left {
  let code = "";
  let scope = reading.scope;
  for (const { id, scope: own, saysNothing } of reading.codes) {
    if (members.kindOf(id) === nothing) continue;
    const written = codeAt(members, view, id);
    if (written === undefined) return left;
    const read = readCode(written);
    if (read === "" || saysNothing?.has(read)) continue;
    code = read;
    scope = own;
    break;
  }
  const flag = reading.flag < 0 ? "none" : flagAt(reading, members, view);
  if (flag === undefined) return left;
  if (reading.needsCode && reading.codes.length === 0 && (flag === "none" || flag === "unread"))
    return undefined;
  const sentAt = timeAt(reading.sentAt, reading, members, view, recordedAt);
  const receivedAt = timeAt(reading.receivedAt, reading, members, view, recordedAt);
  if (sentAt === unknown || receivedAt === unknown) return left;
  const values = reading.values === undefined ? undefined : valuesAt(reading.values, members, view);
  if (values === left) return left;
  const segments = reading.segments === undefined ? undefined : segmentsAt(reading.segments, members, view);
  if (segments === left) return left;
  const { provider } = reading;
  if (reading.key === undefined) return { scope, flag, code, sentAt, receivedAt, provider, values, segments };
  const key = keyAt(reading.key, members, view, scope, flag, code);
  return key === left ? left : { scope, flag, code, sentAt, receivedAt, provider, values, segments, key };
}

/** A code as written; undefined if that can't be told, or its type is not that of a code. */
function codeAt(members: Members, view: DataView, id: number): string | undefined {
  const kind = members.kindOf(id);
  return kind === text || kind === number ? wordAt(members, view, id) : undefined;
}

function flagAt({ flag, readFlag }: Reading, members: Members, view: DataView): Flag | undefined {
  if (members.kindOf(flag) === nothing) return "none";
  const word = wordAt(members, view, flag);
  return word === undefined ? undefined : readFlag(word);
}

/** The first of these members that is a time; NaN without any. */
function timeAt(
  times: readonly Time[],
  { utcOffsetMinutes }: Reading,
  members: Members,
  view: DataView,
  recordedAt: number,
): number {
  for (const { id } of times) {
    const kind = members.kindOf(id);
    const start = members.startOf(id);
    const end = members.endOf(id);
    if (kind === mixed || kind === inner) return unknown;
    let at = Number.NaN;
    if (kind === text) at = parseTimeBytes(view, start, end, utcOffsetMinutes, recordedAt);
    if (kind === number) {
      if (!isWhole(view, start, end)) return unknown;
      at = parseTimeBytes(view, start, end, utcOffsetMinutes, recordedAt);
    }
    if (!Number.isNaN(at)) return at;
  }
  return Number.NaN;
}
