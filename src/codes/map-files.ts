import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Problem } from "../diagnostics.ts";
import { packagedFile } from "../packaged.ts";

/** The packaged code map. */
export const packagedMap = fileURLToPath(packagedFile("config/code-map.yaml"));

/** The packaged provider packs. */
const packagedPacks = join(dirname(packagedMap), "providers", "*");

/** The files of a code map. A `*` in the last element of a path matches any text. */
export interface MapSources {
  /** The code map itself, with the categories. */
  readonly base: string;
  /** Files that are always beneath it; missing ones are skipped. */
  readonly beneath: readonly string[];
  /** The other layers in order; the code map is beneath them unless it is one of them. */
  readonly layers: readonly string[];
  /** Packs whose formats are always known, whichever map is used. */
  readonly formats: readonly string[];
}

/**
 * The files of a code map and its layers. The packaged packs are beneath the packaged code map; a custom map has only
 * the codes of the files named with it, and the formats of the packaged packs.
 *
 * @param base the path of the code map
 * @param layers the paths of the other files
 */
export function sourcesOf(base: string, layers: readonly string[] = []): MapSources {
  const isPackaged = base === packagedMap;
  return {
    base,
    beneath: isPackaged ? [packagedPacks] : [],
    layers,
    formats: isPackaged ? [] : [packagedPacks],
  };
}

/** Only these files, without the packaged packs. */
export function justFiles(base: string, layers: readonly string[] = []): MapSources {
  return { base, beneath: [], layers, formats: [] };
}

/** The files in order, each at its last mention; or the problem with a path. */
export async function filesOf({
  base,
  beneath,
  layers,
}: Pick<MapSources, "base" | "beneath" | "layers">): Promise<
  { readonly files: readonly string[] } | { readonly problems: readonly Problem[] }
> {
  const lower = await Promise.all(beneath.map(expand));
  const upper = await Promise.all(layers.map(expand));
  const problems = upper.flatMap((found) => ("message" in found ? found : []));
  if (problems.length > 0) return { problems };
  const pathsOf = (found: readonly Expanded[]) => found.flatMap((one) => ("message" in one ? [] : one.paths));
  const above = pathsOf(upper);
  const all = [...pathsOf(lower), ...(above.includes(base) ? [] : [base]), ...above];
  return { files: all.filter((file, index) => all.lastIndexOf(file) === index) };
}

/** The files of which only the formats are used; missing ones are skipped. */
export async function formatFilesOf({ formats }: MapSources): Promise<readonly string[]> {
  const found = await Promise.all(formats.map(expand));
  return found.flatMap((one) => ("message" in one ? [] : one.paths));
}

type Expanded = { readonly paths: readonly string[] } | Problem;

/** The files that match a path, by name: with a `*`, those that end in .yaml or .yml and do not start with a dot. */
async function expand(path: string): Promise<Expanded> {
  const problem = (message: string, hint: string) => ({ file: path, line: 0, column: 0, message, hint });
  if (!path.includes("*")) return { paths: [path] };
  const [folder, name] = [dirname(path), basename(path)];
  const [before = "", behind = "", ...others] = name.split("*");
  if (folder.includes("*") || others.length > 0) {
    return problem("has more than one `*`", "Use only one, in the last element of the path.");
  }
  const names = await readdir(folder).catch(() => []);
  const found = names
    .filter((one) => one.startsWith(before) && one.endsWith(behind) && one.length >= name.length - 1)
    .filter((one) => !one.startsWith(".") && /\.ya?ml$/.test(one))
    .sort();
  if (found.length === 0) {
    return problem("matches no file", "Name a folder with files that end in .yaml or .yml.");
  }
  return { paths: found.map((one) => join(folder, one)) };
}
