import { readCode } from "../../masking.ts";
import type { Description, TimeDescription } from "../formats/description.ts";
import { type FlagReader, flagReader } from "../formats/flag.ts";
import type { CompileOptions } from "../formats/format.ts";
import type { Flag, Receipt } from "../receipt.ts";
import { parseTimeBytes } from "../times.ts";
import { compileKey, type KeyParts, keyAt } from "./key-at.ts";
import { inner, type Members, mixed, nothing, number, text } from "./members.ts";
import { isThere, type Path, type PathTree, type Seen } from "./paths.ts";
import { compileValues, left, type Values, valuesAt } from "./values.ts";
import { isWhole, wordAt } from "./words.ts";

/** Where a code may be, and what it is of. */
interface Code {
  readonly id: number;
  readonly scope: string;
  readonly saysNothing: ReadonlySet<string> | undefined;
}

/** Where a time may be. */
interface Time {
  readonly id: number;
}

/** How a receipt is read from an object that has certain members. */
export interface Reading {
  /** Of the shape, among all. */
  readonly shape: number;
  /** Without a code or a flag it is no receipt. */
  readonly needsCode: boolean;
  readonly codes: readonly Code[];
  /** The scope of a receipt without a code. */
  readonly scope: string;
  /** The flag's id; -1 without. */
  readonly flag: number;
  readonly readFlag: FlagReader;
  readonly sentAt: readonly Time[];
  readonly receivedAt: readonly Time[];
  readonly utcOffsetMinutes: number;
  readonly provider: string | undefined;
  readonly values: Values | undefined;
  readonly key: KeyParts;
}

/**
 * Compiles a shape to what it is read by, given the members that an object has.
 *
 * @returns a function that gives undefined where JSON.parse has to read the object
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
  const key = compileKey(options.key, tree);
  const all = [
    ...codes.map(({ path }) => path),
    ...flags,
    ...times.map(({ time }) => time),
    ...times.flatMap(({ date }) => date ?? []),
    ...messages,
    ...(values?.paths ?? []),
    ...(key?.paths ?? []),
  ];
  const rest = {
    ...{ shape, needsCode: description.when.length === 0, readFlag, provider: description.provider },
    scope: scope ?? description.codes[0]?.scope ?? "",
    utcOffsetMinutes: description.utcOffsetMinutes ?? options.utcOffsetMinutes,
  };
  return (seen) => {
    if (all.some((path) => isThere(path, seen) === undefined)) return undefined;
    // A receipt that stands for several, and a date of its own, are seldom.
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

/** The time of a receipt that cannot be had from bytes: no time is so. */
const unknown = Number.NEGATIVE_INFINITY;

/** Reads a receipt; undefined where the object is none, `left` where JSON.parse has to decide. */
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
  const { provider } = reading;
  if (reading.key === undefined) return { scope, flag, code, sentAt, receivedAt, provider, values };
  const key = keyAt(reading.key, members, view, scope, flag, code);
  return key === left ? left : { scope, flag, code, sentAt, receivedAt, provider, values, key };
}

/** A code as it is written; undefined where that can't be told, or it is of a type that no code has. */
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
