import { hashOfName } from "./memory.ts";
import type { PathNode, PathTree } from "./paths.ts";

/**
 * The layout of a block, in 32-bit integers: a head, then a slot for each id, then the orders of members, then the tables
 * of names, then the names. `assembly/seen.ts`, `order.ts` and `names.ts` say what they contain; all offsets are relative
 * to the block, in bytes.
 */
export const headSize = 8;
export const slotSize = 8;

/** Room for the orders of members, see `assembly/order.ts`. */
const ordersSize = 4 * 284;

/** A table of names, see `assembly/names.ts`. */
const tableHead = 4;
const entrySize = 12;

/** Entries of a table for each name, to keep collisions rare. */
const entriesPerName = 3;

/** A name and its quote are in its entry if they fit, so that most names are compared at once. */
const wordBytes = 16;
/** What is in the entries of others, which no name begins with. */
const noName = Buffer.alloc(wordBytes, '"');

/**
 * Describes a kind of object for the walker.
 *
 * @param tree its needed members, by their names
 * @param opened ids of members that are parsed if they contain JSON
 * @param leftNames prefix of names that need JSON.parse; "" for none
 */
export function blockOf(tree: PathTree, opened: readonly number[], leftNames: string): Uint8Array {
  const orders = headSize + tree.size * slotSize;
  let end = orders + ordersSize;
  const nodes: readonly PathNode[] = [tree.root, ...tree.nodes.filter(({ members }) => members.size > 0)];
  const tables = nodes.map((node) => {
    const at = end;
    end += tableHead + entriesOf(node) * entrySize;
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
  const offsets = [tables[0]?.at ?? 0, headSize, orders].map((at) => 4 * at);
  block.set([0, 4 * tree.size * slotSize, left.length, write(left), ...offsets]);
  for (let id = 1; id < tree.size; id++) {
    block.set([(below(2 ** 16) << 16) | 1, below(2 ** 32)], headSize + id * slotSize + 4);
  }
  const isOpened = new Set(opened);
  for (const { id, mark } of tree.nodes) {
    const inside = tables.find(({ node }) => node.id === id)?.at ?? 0;
    block.set([mark | (isOpened.has(id) ? 2 ** 16 : 0), 4 * inside], headSize + id * slotSize + 6);
  }
  for (const { node, at } of tables) {
    const last = entriesOf(node) - 1;
    block[at] = last;
    for (const [text, { id }] of node.members) {
      // It has an escape wherever it is.
      if (text.includes('"')) continue;
      const name = Buffer.from(text);
      let place = hashOfName(name) & last;
      const entry = () => at + tableHead + place * entrySize;
      while (block[entry() + 9] !== 0) place = (place + 1) & last;
      const compared = name.length < wordBytes ? Buffer.from(`${text}"`) : noName;
      bytes.set(compared, 4 * entry());
      bytes.fill(0xff, 4 * entry() + wordBytes, 4 * entry() + wordBytes + compared.length);
      block.set([name.length, id, write(name)], entry() + 8);
    }
  }
  return bytes;
}

function below(limit: number): number {
  return Math.floor(Math.random() * limit);
}

function entriesOf({ members }: PathNode): number {
  return 2 ** Math.ceil(Math.log2((members.size + 1) * entriesPerName));
}

/** Whole words, so that blocks stay aligned. */
function roomFor(name: Buffer): number {
  return Math.ceil(name.length / wordBytes) * wordBytes;
}
