import { type Fields, own } from "../fields.ts";

/** Resolves a pointer in a parsed JSON value; undefined if it leads nowhere. */
export type Resolve = (value: unknown) => unknown;

/** What is wrong with a JSON Pointer (RFC 6901), as one sentence; undefined if it is valid. */
export function pointerProblem(pointer: string): string | undefined {
  if (pointer !== "" && !pointer.startsWith("/")) return `JSON Pointer "${pointer}" does not begin with "/".`;
  if (/~(?![01])/.test(pointer)) {
    return `JSON Pointer "${pointer}" has a "~" that is neither "~0" (for "~") nor "~1" (for "/").`;
  }
  return undefined;
}

/**
 * Compiles a JSON Pointer for use on many records. If a step leads into JSON in a string, the string is parsed.
 *
 * @param pointer a valid one, see {@link pointerProblem}
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

/** The names and indexes in a JSON Pointer. */
export function stepsOf(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Whether a step of a pointer may be an array index. */
export function isIndex(step: string): boolean {
  return /^(?:0|[1-9]\d*)$/.test(step);
}

/** Compiles several pointers: the first one that leads to a value is used. */
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

/**
 * The last parsed string: several pointers of a shape lead into the same one. Only strings of a receipt's size are
 * cached.
 */
let lastText = "";
let lastOpened: unknown = "";
const longestKept = 4096;

/** The object or array in a JSON string; any other value unchanged. */
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
  // Inherited properties are not members; any other name is one if it has a value.
  const isInherited = name in Object.prototype;
  return (value) => {
    const inside = typeof value === "string" ? opened(value) : value;
    if (typeof inside !== "object" || inside === null) return undefined;
    if (Array.isArray(inside)) return index === undefined ? undefined : inside[index];
    const fields = inside as Fields;
    return isInherited ? own(fields, name) : fields[name];
  };
}
