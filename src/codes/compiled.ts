import type { Category, CodeEntry, CodeSource, ContestedReading } from "./code-map.ts";
import { digestOf, type Layer, type LayerFormat, type LayerTable, type MapLayer } from "./layer.ts";
import type { TestRow } from "./test-rows.ts";

/** Increased whenever the same text is parsed differently. */
const format = 3;

/**
 * The packaged code map and packs as parsed when the program was built, each identified by the digest of its text:
 * parsing three thousand codes takes longer than everything else at the start.
 */
export interface CompiledMap {
  readonly format: number;
  readonly digest: string;
  readonly categories: readonly (readonly [string, Category])[];
  readonly tables: readonly CompiledTable[];
  readonly tests: readonly Omit<TestRow, "place">[];
  /** The positions of the test rows: line, column and length of each. */
  readonly testPlaces: readonly (readonly [number, number, number | undefined])[];
  readonly packs: Readonly<Record<string, CompiledPack>>;
}

interface CompiledPack {
  readonly tables: readonly CompiledTable[];
  readonly formats: readonly CompiledFormat[];
}

interface CompiledFormat extends Omit<LayerFormat, "place"> {
  readonly line: number;
  readonly column: number;
}

interface CompiledTable extends Omit<LayerTable, "entries" | "contested" | "place"> {
  readonly line: number;
  readonly column: number;
  readonly sources: readonly CodeSource[];
  readonly entries: readonly Compiled<CodeEntry>[];
  readonly contested: readonly Compiled<ContestedReading>[];
}

type Compiled<Reading extends CodeEntry | ContestedReading> = Omit<
  Reading,
  "provider" | "scope" | "source"
> & {
  /** Its index in the list of sources. */
  readonly source: number | undefined;
};

/**
 * @param map without problems; its test rows must have been read
 * @param packs read with it, without problems
 */
export function compileMap(map: MapLayer, tests: readonly TestRow[], packs: readonly Layer[]): CompiledMap {
  return {
    format,
    digest: map.digest,
    categories: [...map.categories],
    tables: map.tables.map(compiledTable),
    tests: tests.map(({ place, ...row }) => row),
    testPlaces: tests.map(({ place: { line, column, length } }) => [line, column, length]),
    packs: Object.fromEntries(
      packs.map(({ digest, tables, formats }) => [
        digest,
        { tables: tables.map(compiledTable), formats: formats.map(compiledFormat) },
      ]),
    ),
  };
}

function compiledFormat({ place: { line, column }, ...format }: LayerFormat): CompiledFormat {
  return { ...format, line, column };
}

/** The code map of a text, if the build has parsed the same; undefined when it must be parsed. */
export function compiledMapOf(
  compiled: CompiledMap | undefined,
  text: string,
  file: string,
): MapLayer | undefined {
  const digest = digestOf(text);
  if (compiled?.format !== format || compiled.digest !== digest) return undefined;
  const { categories, tables, tests, testPlaces } = compiled;
  const rows = () =>
    tests.map((row, index) => {
      const [line = 1, column = 1, length] = testPlaces[index] ?? [];
      return { ...row, place: { file, line, column, ...(length === undefined ? {} : { length }) } };
    });
  return {
    ...{ file, digest, categories: new Map(categories), hasTests: tests.length > 0, readTests: rows },
    formats: [],
    tables: tables.map((table) => restored(table, file)),
  };
}

/**
 * The pack of a text, if the build has parsed the same; undefined when it must be parsed.
 *
 * @param categories of the map beneath it: they provide texts and defaults of its codes
 */
export function compiledPacksFor(
  compiled: CompiledMap | undefined,
  categories: ReadonlyMap<string, Category>,
): (text: string, file: string) => Layer | undefined {
  const fits = compiled?.format === format && isSame(compiled.categories, categories);
  return (text, file) => {
    if (!fits) return undefined;
    const digest = digestOf(text);
    const pack = compiled.packs[digest];
    if (pack === undefined) return undefined;
    const tables = pack.tables.map((table) => restored(table, file));
    return { file, digest, tables, formats: restoredFormats(pack, file) };
  };
}

/**
 * The formats of a pack with this text, if the build has parsed the same; undefined when it must be parsed. They do
 * not depend on the map.
 */
export function compiledFormatsOf(
  compiled: CompiledMap | undefined,
  text: string,
  file: string,
): readonly LayerFormat[] | undefined {
  const pack = compiled?.format === format ? compiled.packs[digestOf(text)] : undefined;
  return pack && restoredFormats(pack, file);
}

function restoredFormats({ formats }: CompiledPack, file: string): LayerFormat[] {
  return formats.map(({ line, column, ...format }) => ({ ...format, place: { file, line, column } }));
}

function isSame(before: CompiledMap["categories"], now: ReadonlyMap<string, Category>): boolean {
  const rows = (all: Iterable<readonly [string, Category]>) =>
    [...all].map(([name, { en, zh, outcome, fault, retryable }]) => [
      name,
      en,
      zh,
      outcome,
      fault,
      retryable,
    ]);
  return JSON.stringify(rows(before)) === JSON.stringify(rows(now));
}

function compiledTable({ place, entries, contested, ...table }: LayerTable): CompiledTable {
  const sources = [...new Set([...entries, ...contested].flatMap(({ source }) => source ?? []))];
  const compiled = <Reading extends CodeEntry | ContestedReading>(readings: readonly Reading[]) =>
    readings.map(({ provider, scope, source, ...entry }) => ({
      ...entry,
      source: source === undefined ? undefined : sources.indexOf(source),
    }));
  return {
    ...table,
    ...{ line: place.line, column: place.column, sources },
    entries: compiled(entries),
    contested: compiled(contested),
  };
}

function restored(
  { line, column, sources, entries, contested, ...table }: CompiledTable,
  file: string,
): LayerTable {
  const { provider, scope, channel, kind, api, title, lines } = table;
  // Member by member: JSON leaves undefined out, and entries of one shape take less memory.
  const whole = <Own extends CodeEntry["confidence"] | "low">(
    entry: Compiled<CodeEntry | ContestedReading> & { readonly confidence: Own },
  ) => ({
    provider,
    scope,
    code: entry.code,
    category: entry.category,
    outcome: entry.outcome,
    fault: entry.fault,
    retryable: entry.retryable,
    zh: entry.zh,
    en: entry.en,
    remedy: entry.remedy,
    remedyEn: entry.remedyEn,
    detail: entry.detail,
    note: entry.note,
    confidence: entry.confidence,
    source: entry.source === undefined ? undefined : sources[entry.source],
    seedLine: entry.seedLine,
  });
  return {
    ...{ provider, scope, channel, kind, api, title, lines },
    place: { file, line, column },
    entries: entries.map((entry) => whole(entry)),
    contested: contested.map((reading) => whole(reading)),
  };
}
