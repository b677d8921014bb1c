import { codeOf, isFields, own } from "../fields.ts";
import type { Flag, Receipt } from "../receipt.ts";
import { parseTime } from "../times.ts";

/**
 * Where the parts of a receipt are in records of any other shape: JSON Pointers (RFC 6901), of which all but
 * `receipts` start at one receipt.
 */
export interface JsonPointers {
  /** To one receipt or an array of receipts; undefined when that is the whole record. */
  readonly receipts: string | undefined;
  readonly code: string;
  /** To the success flag; undefined when there is none. */
  readonly flag: string | undefined;
  /** The flag values that mean delivered, compared as strings: `true`, `1` and `"1"` are "true", "1" and "1". */
  readonly delivered: readonly string[];
  /** The flag values that mean failed, compared likewise. */
  readonly failed: readonly string[];
  /** To the time the message was handed over. */
  readonly sentAt: string | undefined;
  /** To the time of the receipt's event. */
  readonly receivedAt: string | undefined;
}

/** Reads one receipt of a record; undefined when it is none. */
export type ElementReader = (element: unknown) => Receipt | undefined;

type Resolve = (value: unknown) => unknown;

/** One sentence that says what is wrong with a JSON Pointer (RFC 6901), or undefined when nothing is. */
export function pointerProblem(pointer: string): string | undefined {
  if (pointer !== "" && !pointer.startsWith("/")) return `JSON Pointer "${pointer}" does not begin with "/".`;
  if (/~(?![01])/.test(pointer)) {
    return `JSON Pointer "${pointer}" has a "~" that is neither "~0" (for "~") nor "~1" (for "/").`;
  }
  return undefined;
}

/**
 * Compiles a JSON Pointer once, to be followed in many records.
 *
 * @param pointer one that {@link pointerProblem} finds nothing wrong with
 * @returns a function from a parsed JSON value to the value pointed at, undefined where there is none
 */
export function compilePointer(pointer: string): Resolve {
  const steps = pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  return (value) => {
    let at = value;
    for (const name of steps) {
      if (isFields(at)) at = own(at, name);
      else if (Array.isArray(at) && /^(?:0|[1-9]\d*)$/.test(name)) at = at[Number(name)];
      else return undefined;
    }
    return at;
  };
}

/**
 * Makes the reader of one receipt out of the pointers of a topic's configuration.
 *
 * An element is a receipt when the code is there (null and "" are a code that says nothing) or, where it is
 * missing, when the flag is one of those listed.
 *
 * @param scope the scope of all the topic's receipts, since nothing in an unknown shape tells it
 * @param utcOffsetMinutes the zone of times that name none, in minutes east of UTC
 */
export function pointerReader(
  pointers: JsonPointers,
  scope: string,
  utcOffsetMinutes: number,
): ElementReader {
  const code = compilePointer(pointers.code);
  const flag = compileOptional(pointers.flag);
  const sentAt = compileOptional(pointers.sentAt);
  const receivedAt = compileOptional(pointers.receivedAt);
  const flags: ReadonlyMap<string, Flag> = new Map([
    ...pointers.failed.map((value) => [value, "failed"] as const),
    ...pointers.delivered.map((value) => [value, "delivered"] as const),
  ]);
  return (element) => {
    const codeValue = code(element);
    const codeText = codeOf(codeValue);
    const said = flagOf(flag(element), flags);
    if (codeText === undefined || (codeValue === undefined && said === "none")) return undefined;
    return {
      scope,
      flag: said,
      code: codeText,
      sentAt: parseTime(sentAt(element), utcOffsetMinutes),
      receivedAt: parseTime(receivedAt(element), utcOffsetMinutes),
      provider: undefined,
    };
  };
}

function compileOptional(pointer: string | undefined): Resolve {
  return pointer === undefined ? () => undefined : compilePointer(pointer);
}

function flagOf(value: unknown, flags: ReadonlyMap<string, Flag>): Flag {
  // Only scalars: a record's own `toString` member makes an object throw when it is turned into a string.
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return "none";
  return flags.get(String(value)) ?? "none";
}
