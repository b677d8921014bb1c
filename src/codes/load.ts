import { firstProblems, type Problem } from "../diagnostics.ts";
import { CodeMap, type CodeTable } from "./code-map.ts";
import {
  type CompiledMap,
  compiledFormatsOf,
  compiledMapOf,
  compiledPacksFor,
  compileMap,
} from "./compiled.ts";
import {
  hashOf,
  type Layer,
  type MapLayer,
  mapFilesOf,
  type ParsedLayer,
  type Surroundings,
  tableKey,
} from "./layer.ts";
import { filesOf, formatFilesOf, justFiles, type MapSources, packagedMap, sourcesOf } from "./map-files.ts";
import { type MergedFormats, mergeFormats } from "./merge-formats.ts";
import { mergeLayers, type Override } from "./merge.ts";
import { isPack, parsePack } from "./parse-pack.ts";
import { mapOf, parseMapLayer, readerOf } from "./parse.ts";
import { readCompiledMap, readMapText } from "./read-file.ts";
import { runMapTests, type TestRow } from "./test-rows.ts";

interface Refused {
  readonly problems: readonly Problem[];
}

interface ReadMap {
  readonly map: CodeMap;
  /** The test rows of all its files. */
  readonly tests: readonly TestRow[];
  /** The files in order, and what later ones override in earlier ones. */
  readonly files: readonly string[];
  readonly overrides: readonly Override[];
  /** The formats of all packs. */
  readonly formats: Omit<MergedFormats, "problems">;
}

/** A code map of all its layers, or all their problems. */
export type LoadedCodeMap = ReadMap | Refused;

/** The test rows of a file, and the map that they test. */
interface Suite {
  readonly map: CodeMap;
  readonly tests: readonly TestRow[];
}

/**
 * Reads a code map for use: its files parse, and its own test rows pass. Every command loads its map this way, so
 * that all accept the same files.
 *
 * @param sources its files, or the path of its only file, which is also its name in the problems
 */
export async function loadCodeMap(sources: MapSources | string): Promise<LoadedCodeMap> {
  const read = await readLayers(typeof sources === "string" ? justFiles(sources) : sources);
  if ("problems" in read) return read;
  const { suites, ...loaded } = read;
  const failed = suites.flatMap(({ map, tests }) => runMapTests(map, tests));
  return failed.length > 0 ? { problems: firstProblems(failed) } : loaded;
}

/** Reads and parses a code map for inspection: its test rows are read, but not run. */
export async function readCodeMap(sources: MapSources): Promise<LoadedCodeMap> {
  const read = await readLayers(sources);
  if ("problems" in read) return read;
  const { suites, ...loaded } = read;
  return loaded;
}

/**
 * Reads one file for inspection. A pack, or a map without categories, uses the categories of the packaged code map,
 * and has only its own codes.
 *
 * @param file its path, also its name in the problems
 */
export async function readOneFile(file: string): Promise<{ readonly map: CodeMap } | Refused> {
  const read = await readMapText(file);
  if ("problems" in read) return read;
  const reader = readerOf(read.text, file);
  const needsCategories =
    reader.hasKey(reader.root, "providers") && !reader.hasKey(reader.root, "categories");
  if (!isPack(reader) && !needsCategories) return readCodeMap(justFiles(file));
  const packaged = await readLayers(sourcesOf(packagedMap));
  if ("problems" in packaged) return packaged;
  const { categories, tables } = packaged.map;
  const around = { categories, tables: new Map(tables.map((table) => [tableKey(table), table])) };
  const { layer, problems } = parseOne({ file, text: read.text }, () => undefined, around);
  if (problems.length > 0) return { problems: firstProblems(problems) };
  return { map: new CodeMap({ hash: hashOf([layer]), categories, tables: mergeLayers([layer]).tables }) };
}

/**
 * Reads all files. The test rows of the code map test that file alone, whatever is beneath it; those of a layer test
 * everything up to that layer.
 */
async function readLayers(sources: MapSources): Promise<(ReadMap & { readonly suites: Suite[] }) | Refused> {
  const named = await filesOf(sources);
  if ("problems" in named) return named;
  const { files } = named;
  const texts = await Promise.all(files.map(async (file) => ({ file, ...(await readMapText(file)) })));
  const isPackaged = files.length > 1 || sources.base === packagedMap || sources.formats.length > 0;
  const compiled = isPackaged ? await readCompiledMap() : undefined;
  const beneath = await formatLayers(sources, files, compiled);
  const parsed = parseAll(texts, sources.base, compiled);
  const unread = texts.flatMap((read) => ("problems" in read ? read.problems : []));
  const problemsNow = () => [...unread, ...parsed.flatMap(({ problems }) => problems)];
  const main = parsed.map(({ layer }) => layer).find((layer) => layer.file === sources.base);
  if (main === undefined || !isMapLayer(main)) return { problems: firstProblems(problemsNow()) };
  const own = mapOf(main);
  const suites = [{ map: own, tests: main.readTests(own) }];
  if (problemsNow().length > 0) return { problems: firstProblems(problemsNow()) };
  const layers = parsed.map(({ layer }) => layer);
  const merged = mergeLayers(layers);
  const formats = mergeFormats([...beneath, ...layers]);
  const problems = [...merged.problems, ...formats.problems];
  if (problems.length > 0) return { problems: firstProblems(problems) };
  for (const [index, layer] of layers.entries()) {
    if (layer === main || !isMapLayer(layer) || !layer.hasTests) continue;
    const map = mapOfAll(layers.slice(0, index + 1), mergeLayers(layers.slice(0, index + 1)).tables, main);
    suites.push({ map, tests: layer.readTests(map) });
  }
  if (problemsNow().length > 0) return { problems: firstProblems(problemsNow()) };
  const map = layers.length === 1 ? own : mapOfAll(layers, merged.tables, main);
  const tests = suites.flatMap((suite) => suite.tests);
  return { map, tests, files, overrides: merged.overrides, formats, suites };
}

/** The packs of which only the formats are used, except those whose codes are used too. */
async function formatLayers(
  sources: MapSources,
  files: readonly string[],
  compiled: CompiledMap | undefined,
): Promise<Layer[]> {
  const own = (await formatFilesOf(sources)).filter((file) => !files.includes(file));
  const around = { categories: new Map(), tables: new Map() };
  return Promise.all(
    own.map(async (file): Promise<Layer> => {
      const read = await readMapText(file);
      const text = "text" in read ? read.text : "";
      const formats =
        compiledFormatsOf(compiled, text, file) ??
        parsePack(readerOf(text, file), text, file, around).layer.formats;
      return { file, digest: "", tables: [], formats };
    }),
  );
}

type ReadText = { readonly file: string } & ({ readonly text: string } | Refused);

/** The layers that could be read, in order. The code map is parsed first, since all others need its categories. */
function parseAll(
  texts: readonly ReadText[],
  base: string,
  compiled: CompiledMap | undefined,
): ParsedLayer[] {
  const main = texts.flatMap((read) =>
    read.file === base && "text" in read ? parseMain(read.text, base, compiled) : [],
  )[0];
  const isGood = main !== undefined && main.problems.length === 0;
  const categories: Surroundings["categories"] = isGood ? main.layer.categories : new Map();
  const compiledPack = compiledPacksFor(compiled, categories);
  const tables = new Map((main?.layer.tables ?? []).map((table) => [tableKey(table), table]));
  const parsed: ParsedLayer[] = [];
  for (const read of texts) {
    if (read.file === base) {
      if (main !== undefined) parsed.push(main);
      continue;
    }
    if (!("text" in read)) continue;
    const one = parseOne(read, compiledPack, { categories, tables });
    for (const table of one.layer.tables) {
      if (!tables.has(tableKey(table))) tables.set(tableKey(table), table);
    }
    parsed.push(one);
  }
  return parsed;
}

function parseMain(text: string, file: string, compiled: CompiledMap | undefined): ParsedLayer<MapLayer> {
  const layer = compiledMapOf(compiled, text, file);
  if (layer !== undefined) return { layer, problems: [] };
  return parseMapLayer(readerOf(text, file), text, file, undefined);
}

function parseOne(
  { file, text }: { readonly file: string; readonly text: string },
  compiledPack: ReturnType<typeof compiledPacksFor>,
  around: Surroundings,
): ParsedLayer {
  const compiled = compiledPack(text, file);
  if (compiled !== undefined) return { layer: compiled, problems: [] };
  const reader = readerOf(text, file);
  return isPack(reader) ? parsePack(reader, text, file, around) : parseMapLayer(reader, text, file, around);
}

function isMapLayer(layer: Layer): layer is MapLayer {
  return "readTests" in layer;
}

/** @param main the code map: its categories come first, whatever is beneath it */
function mapOfAll(layers: readonly Layer[], tables: readonly CodeTable[], main: MapLayer): CodeMap {
  const added = layers.flatMap((layer) => (isMapLayer(layer) ? [...layer.categories] : []));
  return new CodeMap({
    hash: hashOf(layers),
    files: mapFilesOf(layers),
    categories: new Map([...main.categories, ...added]),
    tables,
  });
}

/** Parses the packaged code map without the build's result; see {@link CompiledMap}. */
export async function compilePackaged(): Promise<CompiledMap | Refused> {
  const named = await filesOf(sourcesOf(packagedMap));
  if ("problems" in named) return named;
  const texts = await Promise.all(named.files.map(async (file) => ({ file, ...(await readMapText(file)) })));
  const parsed = parseAll(texts, packagedMap, undefined);
  const unread = texts.flatMap((read) => ("problems" in read ? read.problems : []));
  const problems = [...unread, ...parsed.flatMap((one) => one.problems)];
  const main = parsed.map(({ layer }) => layer).find(isMapLayer);
  if (problems.length > 0 || main === undefined) return { problems };
  const packs = parsed.map(({ layer }) => layer).filter((layer) => !isMapLayer(layer));
  return compileMap(main, main.readTests(mapOf(main)), packs);
}
