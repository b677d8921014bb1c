import { frames } from "../frames.ts";
import { type Candidate, Decisions } from "./decisions.ts";
import { Members } from "./members.ts";
import { PathTree } from "./paths.ts";
import { askedCandidate, readingCandidate, type Scannable } from "./plan.ts";

/** How many sets of members have a cached decision: a topic's records have a handful. */
const mostDecisions = 1024;

/** A kind of object: its needed members, and what to do with them. */
export interface Stage {
  readonly members: Members;
  readonly decisions: Decisions;
}

/** What a record's objects may be. */
export interface RootStage extends Stage {
  /** Members of which an object with two members may be a name and its value. */
  readonly pairs: readonly number[];
}

/**
 * The stage of a record's objects.
 *
 * @param leftNames prefix of member names that are left to JSON.parse; "" for none
 */
export function rootStage(candidates: readonly Scannable[], leftNames: string): RootStage {
  const tree = new PathTree();
  const asked = candidates.map((candidate, shape) => askedCandidate(candidate, shape, tree));
  const leftOnes = [...tree.root.members]
    .filter(([name]) => leftNames !== "" && name.startsWith(leftNames))
    .map(([, { id }]) => id);
  const opened = frames.map(({ member }) => tree.addSteps([member]).id);
  const isLeft: Candidate = {
    tests: (seen) => (leftOnes.some((id) => seen.has(id)) ? [] : undefined),
    actionFor: () => ({ kind: "left" }),
  };
  const open: Candidate = {
    tests: () => [],
    actionFor: (seen) => ({ kind: "open", ids: opened.filter((id) => seen.has(id)) }),
  };
  const pairs = ["key", "Key"].map((name) => tree.addSteps([name]).id);
  return {
    members: new Members(tree, opened, leftNames),
    decisions: new Decisions([...asked, isLeft, open], mostDecisions, pairs),
    pairs,
  };
}

/** The stage of a shape's receipts if they are in a member. */
export function stageWithin(candidate: Scannable, shape: number): Stage | undefined {
  if ("left" in candidate || candidate.description.receipts === undefined) return undefined;
  const tree = new PathTree();
  const asked = readingCandidate(candidate, shape, tree);
  return { members: new Members(tree, [], ""), decisions: new Decisions([asked], mostDecisions / 16) };
}
