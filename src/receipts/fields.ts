import { readCode } from "../masking.ts";

/** A parsed JSON object. Read its members with the functions of this file: own ones only, never inherited ones. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a parsed JSON value is an object: neither an array nor null. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The member `name`, or undefined. `__proto__` and `constructor` are members only if the record has them. */
export function own(fields: Fields, name: string): unknown {
  // Most are absent, which a plain read tells faster.
  const value = fields[name];
  return value !== undefined && Object.hasOwn(fields, name) ? value : undefined;
}

/** Whether at least one of `names` is a member, whatever its value. */
export function hasAny(fields: Fields, names: readonly string[]): boolean {
  for (const name of names) {
    if (Object.hasOwn(fields, name)) return true;
  }
  return false;
}

/**
 * A code as sent, made safe by `readCode`; of a JSON number its shortest decimal form.
 *
 * @returns "" for a missing or null code; undefined for a value that can't be a code (object, array, boolean)
 */
export function codeOf(value: unknown): string | undefined {
  if (typeof value === "string") return readCode(value);
  if (value === undefined || value === null) return "";
  return typeof value === "number" ? readCode(String(value)) : undefined;
}
