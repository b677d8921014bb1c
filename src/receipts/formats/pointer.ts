import { type Fields, own } from "../fields.ts";

/** From a parsed JSON value to the value that a pointer leads to; undefined where there is none. */
export type Resolve = (value: unknown) => unknown;

/** One sentence that says what is wrong with a JSON Pointer (RFC 6901), or undefined when nothing is. */
export function pointerProblem(pointer: string): string | undefined {
  if (pointer !== "" && !pointer.startsWith("/")) return `JSON Pointer "${pointer}" does not begin with "/".`;
  if (/~(?![01])/.test(pointer)) {
    return `JSON Pointer "${pointer}" has a "~" that is neither "~0" (for "~") nor "~1" (for "/").`;
  }
  return undefined;
}

/**
 * Compiles a JSON Pointer once, to be followed in many records. Where a step leads into JSON that was put into a
 * string, the string is opened.
 *
 * @param pointer one that {@link pointerProblem} finds nothing wrong with
 */
export function compilePointer(pointer: string): Resolve {
  const steps = stepsOf(pointer).map(compileStep);
  const [only, ...others] = steps;
  // Nearly all lead to a member of the receipt itself.
  if (only !== undefined && others.length === 0) return only;
  return (value) => {
    let found = value;
    for (const step of steps) {
      if (found === undefined) break;
      found = step(found);
    }
    return found;
  };
}

/** The names and indexes that a JSON Pointer goes by. */
export function stepsOf(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Whether a step of a pointer may lead into an array. */
export function isIndex(step: string): boolean {
  return /^(?:0|[1-9]\d*)$/.test(step);
}

/** The value that the first of several pointers leads to that leads to one. */
export function compilePointers(pointers: readonly string[]): Resolve {
  const [only, ...others] = pointers.map(compilePointer);
  if (only !== undefined && others.length === 0) return only;
  const all = [only, ...others];
  return (value) => {
    for (const resolve of all) {
      const found = resolve?.(value);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

/** What was opened last: several pointers of a shape lead into the same string. Only texts of a receipt's size are kept. */
let lastText = "";
let lastOpened: unknown = "";
const longestKept = 4096;

/** What JSON in a string holds, where that is an object or an array; any other value as it is. */
export function opened(value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (value === lastText) return lastOpened;
  const text = value.trim();
  if (!text.startsWith("{") && !text.startsWith("[")) return value;
  const inner = parseOr(value, text);
  if (value.length <= longestKept) {
    lastText = value;
    lastOpened = inner;
  }
  return inner;
}

function parseOr(value: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return value;
  }
}

function compileStep(name: string): Resolve {
  const index = isIndex(name) ? Number(name) : undefined;
  // What every object inherits is no member of it; any other name is one where it has a value.
  const isInherited = name in Object.prototype;
  return (value) => {
    const inside = typeof value === "string" ? opened(value) : value;
    if (typeof inside !== "object" || inside === null) return undefined;
    if (Array.isArray(inside)) return index === undefined ? undefined : inside[index];
    const fields = inside as Fields;
    return isInherited ? own(fields, name) : fields[name];
  };
}
