import { stepsOf } from "../formats/pointer.ts";
/** No member: ids start at 1. */
const noName = 0;

/** Which members were present, by the ids of their paths. */
export interface Seen {
  has(id: number): boolean;
}

/** The target of a JSON Pointer, with the members along the path numbered. */
export interface Path {
  readonly id: number;
  /** The marks of the members on the path: one is seen if the path may lead into something that was not walked. */
  readonly marks: readonly number[];
}

/** A member in a pointer. */
export interface PathNode {
  readonly id: number;
  /** Seen, like a member, if this one contains an array, or a text that may be JSON; none without members. */
  mark: number;
  readonly members: Map<string, PathNode>;
}

/** All members that pointers name, of an object and of objects in it, each with a number. */
export class PathTree {
  readonly root: PathNode = { id: noName, mark: noName, members: new Map() };
  readonly #nodes: PathNode[] = [];
  #ids = 0;

  /** All members; none has a lower id than those before it. */
  get nodes(): readonly PathNode[] {
    return this.#nodes;
  }

  /** One more than the highest id. */
  get size(): number {
    return this.#ids + 1;
  }

  /** The path of a non-empty JSON Pointer. */
  add(pointer: string): Path {
    return this.addSteps(stepsOf(pointer));
  }

  addSteps(steps: readonly string[]): Path {
    const marks: number[] = [];
    let node = this.root;
    for (const step of steps) {
      if (node !== this.root) {
        if (node.mark === noName) node.mark = ++this.#ids;
        marks.push(node.mark);
      }
      node = this.#memberOf(node, step);
    }
    return { id: node.id, marks };
  }

  #memberOf(node: PathNode, name: string): PathNode {
    const known = node.members.get(name);
    if (known !== undefined) return known;
    const member: PathNode = { id: ++this.#ids, mark: noName, members: new Map() };
    node.members.set(name, member);
    this.#nodes.push(member);
    return member;
  }
}

/** Whether a path leads to a value; undefined if only JSON.parse can tell. */
export function isThere({ id, marks }: Path, seen: Seen): boolean | undefined {
  if (seen.has(id)) return true;
  for (const mark of marks) {
    if (seen.has(mark)) return undefined;
  }
  return false;
}
