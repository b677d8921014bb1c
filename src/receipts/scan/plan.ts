import type { Description, MemberTest } from "../formats/description.ts";
import type { CompileOptions } from "../formats/format.ts";
import { namesOf } from "../formats/recognise.ts";
import { type Candidate, compileSets } from "./decisions.ts";
import type { PathTree } from "./paths.ts";
import { compileReading } from "./reading.ts";

/** What an object may be: a shape of receipt, or something that is left to JSON.parse. */
export type Scannable =
  | { readonly description: Description; readonly options: CompileOptions }
  | { readonly left: readonly (readonly MemberTest[])[] };

/** All pointers of a candidate. */
export function pointersOf(candidate: Scannable): readonly string[] {
  if ("left" in candidate) return candidate.left.flat().flatMap(pointersOfTest);
  const { values } = candidate.options;
  const {
    when,
    receipts = [],
    codes,
    flag,
    sentAt = [],
    receivedAt = [],
    messages = [],
    segments = [],
  } = candidate.description;
  return [
    ...when.flat().flatMap(pointersOfTest),
    ...codes.flatMap(({ at }) => at),
    ...(flag?.at ?? []),
    ...[...sentAt, ...receivedAt].flatMap(({ at, date = [] }) => [at].concat(date)),
    ...[receipts, messages, segments].flat(),
    ...(values?.pointed(candidate.description) ?? []).flatMap(({ at }) => at),
    ...(candidate.options.key ?? []),
  ];
}

function pointersOfTest(test: MemberTest): readonly string[] {
  if ("has" in test) return test.has;
  return "lacks" in test ? test.lacks : [test.at];
}

/** How a list is read: element by element; only if all are of the one shape without tests; or by JSON.parse. */
export type Lists = "each" | "alike" | "left";

/** Compiles what is done with an object that may be a candidate. */
export function askedCandidate(candidate: Scannable, shape: number, tree: PathTree): Candidate {
  if ("left" in candidate) {
    const tests = compileSets(candidate.left, tree);
    return {
      tests: candidate.left.length === 0 ? () => undefined : tests,
      actionFor: () => ({ kind: "left" }),
    };
  }
  const { description } = candidate;
  if (description.receipts === undefined) return readingCandidate(candidate, shape, tree);
  const tests = compileSets(description.when, tree);
  const path = tree.add(description.receipts);
  return {
    tests,
    actionFor: (seen) => {
      if (seen.has(path.id)) return { kind: "within", id: path.id, shape };
      const isForeign = description.when.length === 0 && !path.marks.some((mark) => seen.has(mark));
      return isForeign ? undefined : { kind: "left" };
    },
  };
}

/** Compiles how a receipt is read from an object, or from one in a member of an object that passed its tests. */
export function readingCandidate(
  { description, options }: Extract<Scannable, { readonly description: Description }>,
  shape: number,
  tree: PathTree,
): Candidate {
  const isWithin = description.receipts !== undefined;
  const readingFor = compileReading(shape, description, options, tree);
  return {
    tests: isWithin ? () => [] : compileSets(description.when, tree),
    actionFor: (seen) => {
      const reading = readingFor(seen);
      return reading === undefined ? { kind: "left" } : { kind: "read", reading };
    },
  };
}

/** How arrays are read; `left` if a shape requires no member, since the array itself could be of it. */
export function listsOf(candidates: readonly Scannable[]): Lists {
  let lists: Lists = "each";
  for (const candidate of candidates) {
    const when = "left" in candidate ? candidate.left : candidate.description.when;
    const isUntested = "description" in candidate && when.length === 0;
    if (isUntested && candidate.description.receipts !== undefined) return "left";
    if (!isUntested && namesOf(when) === undefined) return "left";
    if (isUntested) lists = "alike";
  }
  return lists;
}
