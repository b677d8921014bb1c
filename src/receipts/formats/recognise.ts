import type { MemberTest } from "./description.ts";
import { compilePointer, isIndex, stepsOf } from "./pointer.ts";

/** Tests a parsed JSON value. */
export type Test = (value: unknown) => boolean;

/** Compiles sets of tests: a value passes if it passes all tests of at least one set. */
export function compileTests(sets: readonly (readonly MemberTest[])[]): Test {
  const compiled = sets.map((tests) => tests.map(compileTest));
  return (value) => {
    for (const tests of compiled) {
      if (passesAll(tests, value)) return true;
    }
    return false;
  };
}

/**
 * Members of which a passing object has at least one.
 *
 * @returns undefined if an object may pass without any, or an array may pass
 */
export function namesOf(sets: readonly (readonly MemberTest[])[]): readonly string[] | undefined {
  const names: string[] = [];
  for (const tests of sets) {
    const test = tests.find((one) => !("lacks" in one));
    if (test === undefined || "lacks" in test) return undefined;
    for (const pointer of "has" in test ? test.has : [test.at]) {
      const [name] = stepsOf(pointer);
      if (name === undefined || isIndex(name)) return undefined;
      names.push(name);
    }
  }
  return names;
}

/** A scalar as text, for comparing: `true`, `1` and `"1"` are "true", "1" and "1". Undefined for other values. */
export function wordOf(value: unknown): string | undefined {
  if (value === null) return "null";
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return undefined;
  return String(value).trim().toLowerCase();
}

function compileTest(test: MemberTest): Test {
  if ("has" in test) return hasAny(test.has);
  if ("lacks" in test) {
    const has = hasAny(test.lacks);
    return (value) => !has(value);
  }
  const at = compilePointer(test.at);
  const words = new Set(test.is.map((word) => word.toLowerCase()));
  return (value) => {
    const word = wordOf(at(value));
    return word !== undefined && words.has(word);
  };
}

function hasAny(pointers: readonly string[]): Test {
  const compiled = pointers.map(compilePointer);
  return (value) => {
    for (const resolve of compiled) {
      if (resolve(value) !== undefined) return true;
    }
    return false;
  };
}

function passesAll(tests: readonly Test[], value: unknown): boolean {
  for (const test of tests) {
    if (!test(value)) return false;
  }
  return true;
}
