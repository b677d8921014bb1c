import type { Problem } from "../diagnostics.ts";
import type { CodeEntry, CodeTable, ContestedReading } from "./code-map.ts";
import { type Layer, type LayerTable, tableKey } from "./layer.ts";
import { normaliseCode } from "./normalise.ts";

/** A file's entry for a code. */
export interface Reading {
  readonly file: string;
  readonly line: number;
  readonly entry: CodeEntry;
}

/** A code that two files list in the same table. */
export interface Override {
  /** In the later file, which takes precedence. */
  readonly winner: Reading;
  readonly loser: Reading;
  /** They differ in category or outcome. */
  readonly conflict: boolean;
}

export interface Merged {
  /** In order of precedence: tables and codes of the last file, then what the others add. */
  readonly tables: readonly CodeTable[];
  readonly overrides: readonly Override[];
  /** Tables whose channel or kind differs between files. */
  readonly problems: readonly Problem[];
}

/**
 * Merges the files of a code map, code by code.
 *
 * @param layers in order; if two list a code in the same table, the later one takes precedence
 */
export function mergeLayers(layers: readonly Layer[]): Merged {
  const tables = new Map<string, Merging>();
  const overrides: Override[] = [];
  const problems: Problem[] = [];
  for (const table of layers.toReversed().flatMap((layer) => layer.tables)) {
    const key = tableKey(table);
    const later = tables.get(key);
    if (later === undefined) tables.set(key, new Merging(table));
    else {
      problems.push(...differences(table, later.table));
      overrides.push(...later.add(table));
    }
  }
  return {
    tables: [...tables.values()].map((merging) => merging.result()),
    overrides: overrides.reverse(),
    problems,
  };
}

/** A table in several files: the last file's codes, and those that earlier files add. */
class Merging {
  readonly table: LayerTable;
  #byCode: Map<string, Reading> | undefined;
  #contested: readonly ContestedReading[];

  constructor(table: LayerTable) {
    this.table = table;
    this.#contested = table.contested;
  }

  /** @returns its codes that a later file overrides */
  add(earlier: LayerTable): Override[] {
    this.#byCode ??= new Map(readingsOf(this.table));
    this.#contested = [...this.#contested, ...earlier.contested];
    const overrides: Override[] = [];
    for (const [key, loser] of readingsOf(earlier)) {
      const winner = this.#byCode.get(key);
      if (winner === undefined) this.#byCode.set(key, loser);
      else overrides.push({ winner, loser, conflict: !sameVerdict(winner.entry, loser.entry) });
    }
    return overrides;
  }

  result(): CodeTable {
    const { place, lines, ...own } = this.table;
    const table = { ...own, contested: this.#contested };
    if (this.#byCode === undefined) return table;
    return { ...table, entries: [...this.#byCode.values()].map(({ entry }) => entry) };
  }
}

function readingsOf({ entries, lines, place }: LayerTable): [string, Reading][] {
  return entries.map((entry, index) => [
    normaliseCode(entry.code),
    { file: place.file, line: lines[index] ?? place.line, entry },
  ]);
}

function sameVerdict(a: CodeEntry, b: CodeEntry): boolean {
  return a.category === b.category && a.outcome === b.outcome;
}

/** @param later the same table in a later file */
function differences(earlier: LayerTable, later: LayerTable): Problem[] {
  return (["channel", "kind"] as const).flatMap((key) => {
    if (earlier[key] === later[key]) return [];
    const { file, line } = earlier.place;
    const message = `${key} of ${tableKey(later)} is ${later[key]} here and ${earlier[key]} in ${file}:${line}`;
    return { ...later.place, message, hint: "Use the same value in both, or rename the scope." };
  });
}
