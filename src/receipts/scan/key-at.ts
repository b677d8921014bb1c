import { addAscii, beginKey, endKey, type ReceiptKey } from "../keys/receipt-key.ts";
import type { Flag } from "../receipt.ts";
import { type Members, nothing, number, text, word } from "./members.ts";
import type { Path, PathTree, Seen } from "./paths.ts";
import { left } from "./values.ts";
import { isWhole } from "./words.ts";

/** The ids of the parts of a receipt's key; undefined in an object that lacks one. */
export type KeyParts = readonly number[] | undefined;

/** Compiles the positions of a key's parts; undefined if the topic does not look for duplicates. */
export function compileKey(
  parts: readonly string[] | undefined,
  tree: PathTree,
): { readonly paths: readonly Path[]; readonly forSeen: (seen: Seen) => KeyParts } | undefined {
  if (parts === undefined) return undefined;
  const paths = parts.map((pointer) => tree.add(pointer));
  const ids = paths.map(({ id }) => id);
  return { paths, forSeen: (seen) => (ids.every((id) => seen.has(id)) ? ids : undefined) };
}

/** The key of a receipt; undefined if a part is missing, `left` if JSON.parse has to decide. */
export function keyAt(
  ids: readonly number[],
  members: Members,
  view: DataView,
  scope: string,
  flag: Flag,
  code: string,
): ReceiptKey | undefined | typeof left {
  beginKey(scope, flag, code);
  for (const id of ids) {
    const kind = members.kindOf(id);
    const start = members.startOf(id);
    const end = members.endOf(id);
    if (kind === nothing || (kind === text && start === end)) return undefined;
    // ASCII text without escapes, and numbers that JavaScript writes alike, can be hashed by their bytes.
    if (kind !== text && kind !== word && !(kind === number && isWhole(view, start, end))) return left;
    addAscii(view, start, end);
  }
  return endKey();
}
