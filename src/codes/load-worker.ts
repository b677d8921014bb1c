import { parentPort, workerData } from "node:worker_threads";
import type { Problem } from "../diagnostics.ts";
import type { Category, CodeEntry, CodeTable, MapFile } from "./code-map.ts";
import { type LoadedCodeMap, loadCodeMap } from "./load.ts";
import type { MapSources } from "./map-files.ts";

/**
 * A piece of a parsed map, small enough to receive without a pause; a compiled map is not transferred whole. Its test
 * rows have been run and are not transferred, nor are the excerpts of problems, which are not shown.
 */
export type MapPart =
  | { readonly kind: "problems"; readonly problems: readonly Problem[] }
  | {
      readonly kind: "head";
      readonly hash: string;
      readonly files: readonly MapFile[];
      readonly categories: readonly (readonly [string, Category])[];
    }
  /** A table without its entries, which follow. */
  | { readonly kind: "table"; readonly table: CodeTable }
  | { readonly kind: "entries"; readonly entries: readonly CodeEntry[] }
  | { readonly kind: "end" };

/** Entries or problems in one part: they take the receiving thread a millisecond or two. */
const partSize = 250;

if (parentPort !== null) await work(workerData as MapSources, parentPort);

/** A worker's whole life: loads the map, and sends one part for each request. */
async function work(sources: MapSources, port: NonNullable<typeof parentPort>): Promise<void> {
  const parts = partsOf(await loadCodeMap(sources));
  port.on("message", () => {
    const { value = { kind: "end" } satisfies MapPart } = parts.next();
    port.postMessage(value);
    if (value.kind === "end") port.close();
  });
}

function* partsOf(parsed: LoadedCodeMap): Generator<MapPart, undefined> {
  if ("problems" in parsed) {
    for (const problems of slices(parsed.problems)) {
      yield { kind: "problems", problems: problems.map(({ excerpt, ...problem }) => problem) };
    }
    return;
  }
  const { map } = parsed;
  yield { kind: "head", hash: map.hash, files: map.files, categories: [...map.categories] };
  for (const table of map.tables) {
    yield { kind: "table", table: { ...table, entries: [] } };
    for (const entries of slices(table.entries)) yield { kind: "entries", entries };
  }
}

function* slices<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += partSize) yield items.slice(from, from + partSize);
}
