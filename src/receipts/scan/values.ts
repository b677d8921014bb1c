import type { DimensionValues } from "../dimensions/dimension-values.ts";
import type { Labels } from "../dimensions/value-labels.ts";
import type { Description } from "../formats/description.ts";
import { type Members, mixed, nothing, number, text, word } from "./members.ts";
import type { Path, PathTree, Seen } from "./paths.ts";
import { isWhole } from "./words.ts";

/** Returned if JSON.parse has to decide. */
export const left = "left";

/** Where the values of a receipt's dimensions are, in an object with certain members and beside it. */
export interface Values {
  /** The record's values, which a receipt's row starts with. */
  readonly row: readonly string[];
  readonly beside: readonly { readonly place: number; readonly labels: Labels }[];
  readonly pointed: readonly {
    readonly place: number;
    readonly ids: readonly number[];
    readonly labels: Labels;
  }[];
}

/** Compiles where the values of a shape's receipts are; undefined if the topic has no dimensions. */
export function compileValues(
  values: DimensionValues | undefined,
  description: Description,
  tree: PathTree,
): { readonly paths: readonly Path[]; readonly forSeen: (seen: Seen) => Values } | undefined {
  if (values === undefined) return undefined;
  const pointed = values.pointed(description).map(({ place, at, labels }) => ({
    ...{ place, labels },
    paths: at.map((pointer) => tree.add(pointer)),
  }));
  return {
    paths: pointed.flatMap(({ paths }) => paths),
    forSeen: (seen) => ({
      row: values.row,
      beside: values.beside,
      pointed: pointed.map(({ place, labels, paths }) => ({
        ...{ place, labels },
        ids: paths.filter(({ id }) => seen.has(id)).map(({ id }) => id),
      })),
    }),
  };
}

/** The labels of a receipt's values. */
export function valuesAt(
  { row, pointed }: Values,
  members: Members,
  view: DataView,
): readonly string[] | typeof left {
  const labels = row.slice();
  for (const { place, ids, labels: known } of pointed) {
    for (const id of ids) {
      const kind = members.kindOf(id);
      const start = members.startOf(id);
      const end = members.endOf(id);
      if (kind === nothing || (kind === text && start === end)) continue;
      const isScalar = kind === text || kind === mixed || kind === word || kind === number;
      if (!isScalar || (kind === number && !isWhole(view, start, end))) return left;
      labels[place] = known.ofBytes(view, start, end);
      break;
    }
  }
  return labels;
}
