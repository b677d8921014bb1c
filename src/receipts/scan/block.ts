import { hashOfName } from "./memory.ts";
import type { PathNode, PathTree } from "./paths.ts";

/**
 * The layout of a block, in 32-bit integers: a head, then four for each id that a walk fills in, then four that
 * describe the id, then the orders of members, then the tables of names, then the names. `assembly/walk.ts` says what they
 * contain; all offsets are relative to the block, in bytes.
 */
export const headSize = 8;
export const slotSize = 4;
const propertiesSize = 4;

/** Room for the orders of members, see `assembly/order.ts`. */
const ordersSize = 4 * 284;

/** A table of names, see `assembly/names.ts`. */
const tableHead = 4;
const entrySize = 8;

/** Slots of a table for each name, to keep collisions rare. */
const slotsPerName = 4;

/** A name's first bytes are in its entry, so that most names are compared at once. */
const wordBytes = 16;

/**
 * Describes a kind of object for the walker.
 *
 * @param tree its needed members, by their names
 * @param opened ids of members that are parsed if they contain JSON
 * @param leftNames prefix of names that need JSON.parse; "" for none
 */
export function blockOf(tree: PathTree, opened: readonly number[], leftNames: string): Uint8Array {
  const properties = headSize + tree.size * slotSize;
  const orders = properties + tree.size * propertiesSize;
  let end = orders + ordersSize;
  const nodes: readonly PathNode[] = [tree.root, ...tree.nodes.filter(({ members }) => members.size > 0)];
  const tables = nodes.map((node) => {
    const at = end;
    end += tableHead + slotsOf(node) * entrySize;
    return { node, at };
  });
  const names = [leftNames, ...nodes.flatMap(({ members }) => [...members.keys()])].map((name) =>
    Buffer.from(name),
  );
  const bytes = new Uint8Array(4 * end + names.reduce((sum, name) => sum + roomFor(name), 0));
  const block = new Int32Array(bytes.buffer);
  let free = 4 * end;
  const write = (name: Buffer): number => {
    const at = free;
    bytes.set(name, at);
    free += roomFor(name);
    return at;
  };

  const left = Buffer.from(leftNames);
  const offsets = [tables[0]?.at ?? 0, headSize, properties, orders].map((at) => 4 * at);
  block.set([0, 4 * tree.size * slotSize, left.length, write(left), ...offsets]);
  for (let id = 1; id < tree.size; id++) {
    block[properties + id * propertiesSize] = Math.floor(Math.random() * 2 ** 32);
  }
  for (const { id, mark } of tree.nodes) block[properties + id * propertiesSize + 1] = mark;
  for (const id of opened) block[properties + id * propertiesSize + 2] = 1;
  for (const { node, at } of tables) {
    if (node !== tree.root) block[properties + node.id * propertiesSize + 3] = 4 * at;
    const last = slotsOf(node) - 1;
    block[at] = last;
    for (const [text, { id }] of node.members) {
      const name = Buffer.from(text);
      let slot = hashOfName(name) & last;
      const entry = () => at + tableHead + slot * entrySize;
      while (block[entry() + 5] !== 0) slot = (slot + 1) & last;
      bytes.set(name.subarray(0, wordBytes), 4 * entry());
      block.set([name.length, id, write(name)], entry() + 4);
    }
  }
  return bytes;
}

function slotsOf({ members }: PathNode): number {
  return 2 ** Math.ceil(Math.log2((members.size + 1) * slotsPerName));
}

/** Whole words, so that blocks stay aligned. */
function roomFor(name: Buffer): number {
  return Math.ceil(name.length / wordBytes) * wordBytes;
}
