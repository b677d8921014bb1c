import { didYouMean, type Problem } from "../diagnostics.ts";
import { anyApiScope } from "../receipts/receipt.ts";
import { type Field, type Value, YamlReader } from "../yaml/reader.ts";
import { YamlSource } from "../yaml/source.ts";
import { ownCategories } from "./classify.ts";
import { type Category, type CodeEntry, CodeMap, tableKinds } from "./code-map.ts";
import { readVerdict, readVerdictWords } from "./defaults.ts";
import {
  digestOf,
  hashOf,
  type LayerTable,
  type MapLayer,
  mapFilesOf,
  type ParsedLayer,
  type Surroundings,
  tableKey,
} from "./layer.ts";
import { mergeLayers } from "./merge.ts";
import { checkCode, checkName, checkVersion, inShort, readWords } from "./names.ts";
import { normaliseCode } from "./normalise.ts";
import { redactMap } from "./redact.ts";
import { readTestRows, type TestRow } from "./test-rows.ts";

/** A code map with its own test rows, or all problems of the file. */
export type ParsedCodeMap =
  | { readonly map: CodeMap; readonly tests: readonly TestRow[] }
  | { readonly problems: readonly Problem[] };

/** A reader of a file's text; if the YAML has problems, its content is unreliable. */
export function readerOf(text: string, file: string): YamlReader {
  return new YamlReader(new YamlSource(file, text, () => redactMap(text)));
}

/**
 * Parses and validates a standalone code map. Never throws: all problems are returned at once, each with its place
 * and a hint. It does not run the map's test rows; see `runMapTests`.
 *
 * @param text the YAML text of the file
 * @param file its name, for the problems
 */
export function parseCodeMap(text: string, file: string): ParsedCodeMap {
  const { layer, problems } = parseMapLayer(readerOf(text, file), text, file, undefined);
  const map = mapOf(layer);
  const tests = layer.readTests(map);
  return problems.length > 0 ? { problems } : { map, tests };
}

/** The map of a standalone file. */
export function mapOf(layer: MapLayer): CodeMap {
  const [hash, files] = [hashOf([layer]), mapFilesOf([layer])];
  return new CodeMap({ hash, files, categories: layer.categories, ...mergeLayers([layer]) });
}

/**
 * Reads a code map as a layer.
 *
 * @param reader of the text
 * @param around what the files beneath it contain: then it may hold just a few codes, without categories and without
 *   the properties of known scopes; undefined for a standalone map
 */
export function parseMapLayer(
  reader: YamlReader,
  text: string,
  file: string,
  around: Surroundings | undefined,
): ParsedLayer<MapLayer> {
  const layer = { file, digest: digestOf(text), formats: [] };
  if (reader.problems.length > 0) {
    const nothing = { ...layer, categories: new Map(), tables: [], hasTests: false, readTests: () => [] };
    return { layer: nothing, problems: reader.problems };
  }
  const top =
    around === undefined
      ? reader.record(reader.root, "the code map", ["version", "categories", "providers"], ["tests"])
      : reader.record(reader.root, "the code map", ["version", "providers"], ["categories", "tests"]);
  checkVersion(reader, top.version);
  const categories = readCategories(reader, top.categories);
  if (around === undefined) requireOwn(reader, top.categories, categories);
  const read = new TableReader(reader, new Map([...(around?.categories ?? []), ...categories]), around);
  const tables = read.providers(top.providers);
  const readTests = (map: CodeMap) => readTestRows(reader, top.tests, map);
  const hasTests = top.tests !== undefined;
  return { layer: { ...layer, categories, tables, hasTests, readTests }, problems: reader.problems };
}

function readCategories(reader: YamlReader, top: Field | undefined): Map<string, Category> {
  const categories = new Map<string, Category>();
  for (const field of reader.fields(top, "categories")) {
    checkName(reader, field, "category");
    const own = reader.record(
      field,
      `category "${field.key}"`,
      ["en", "zh"],
      ["outcome", "fault", "retryable"],
    );
    const en = readWords(reader, own.en, "en") ?? "";
    const zh = readWords(reader, own.zh, "zh") ?? "";
    categories.set(field.key, { en, zh, ...readVerdictWords(reader, own) });
  }
  return categories;
}

function requireOwn(
  reader: YamlReader,
  top: Field | undefined,
  categories: ReadonlyMap<string, Category>,
): void {
  for (const name of ownCategories) {
    if (top === undefined || categories.has(name)) continue;
    reader.report(top.keyAt, `categories lacks "${name}"`, `Add \`${name}:\`: a flag alone can lead to it.`);
  }
}

/** Reads the tables of a code map. */
class TableReader {
  readonly #reader: YamlReader;
  readonly #categories: ReadonlyMap<string, Category>;
  readonly #names: readonly string[];
  readonly #around: Surroundings | undefined;

  constructor(
    reader: YamlReader,
    categories: ReadonlyMap<string, Category>,
    around: Surroundings | undefined,
  ) {
    this.#reader = reader;
    this.#categories = categories;
    this.#names = [...categories.keys()];
    this.#around = around;
  }

  providers(top: Field | undefined): LayerTable[] {
    const reader = this.#reader;
    const tables = reader.fields(top, "providers").flatMap((provider) => {
      checkName(reader, provider, "provider");
      return reader.fields(provider, `provider "${inShort(provider.key)}"`).map((scope) => {
        checkName(reader, scope, "scope");
        return this.#table(provider.key, scope);
      });
    });
    if (top !== undefined && tables.length === 0) {
      reader.report(top.keyAt, "providers has no table", "Add a provider with a scope.");
    }
    return tables;
  }

  /**
   * Uses placeholders for invalid parts, so that all problems are found at once; a table with a problem is discarded.
   */
  #table(provider: string, scope: Field): LayerTable {
    const reader = this.#reader;
    const what = `${inShort(provider)}/${inShort(scope.key)}`;
    if (scope.key === anyApiScope) {
      reader.report(
        scope.keyAt,
        `scope "${anyApiScope}" is reserved`,
        "Remove it: it is built from the API tables.",
      );
    }
    const known = this.#around?.tables.get(tableKey({ provider, scope: scope.key }));
    const fields =
      this.#around === undefined
        ? reader.record(scope, what, ["channel", "kind", "title", "codes"], ["api"])
        : reader.record(scope, what, ["codes"], ["channel", "kind", "title", "api"]);
    if (this.#around !== undefined && known === undefined) this.#requireHead(what, scope, fields);
    const channel = reader.choice(fields.channel, "channel", ["sms", "voice"]) ?? known?.channel ?? "unknown";
    const kind = reader.choice(fields.kind, "kind", tableKinds) ?? known?.kind;
    const title = readWords(reader, fields.title, "title") ?? known?.title ?? "";
    const api = readWords(reader, fields.api, "api") ?? known?.api;
    checkApi(reader, what, scope, kind, known === undefined ? fields.api : (fields.api ?? api));
    const codes = reader.fields(fields.codes, `the codes of ${what}`, normaliseCode);
    const head = { provider, scope: scope.key, channel, kind: kind ?? ("receipt" as const), api, title };
    const read = codes.flatMap((code) => {
      const entry = this.#entry(head, code);
      return entry === undefined ? [] : { entry, line: reader.placeOf(code.keyAt).line };
    });
    return {
      ...head,
      entries: read.map(({ entry }) => entry),
      contested: [],
      place: reader.placeOf(scope.keyAt),
      lines: read.map(({ line }) => line),
    };
  }

  /** A scope that is in no other file must have all properties of a table. */
  #requireHead(what: string, scope: Field, fields: Partial<Record<string, Field>>): void {
    const lacking = ["channel", "kind", "title"].filter((key) => fields[key] === undefined);
    if (lacking.length === 0) return;
    const meant = didYouMean(what, this.#around?.tables.keys() ?? []);
    const message = `${what} lacks "${lacking.join('", "')}" and no file below it has the table`;
    const hint = meant === undefined ? "Add the keys that a new scope needs." : `Did you mean \`${meant}\`?`;
    this.#reader.report(scope.keyAt, message, hint);
  }

  #entry(
    { provider, scope, kind }: Pick<LayerTable, "provider" | "scope" | "kind">,
    field: Field,
  ): CodeEntry | undefined {
    const reader = this.#reader;
    checkCode(reader, field.key, field.keyAt);
    const what = `code "${field.key}"`;
    const known = reader.problems.length;
    const fields = reader.record(
      field,
      what,
      ["category"],
      ["outcome", "fault", "retryable", "zh", "en", "remedy", "remedy_en", "detail", "note", "seed_line"],
    );
    // Don't report a misspelt key as missing too.
    const isWhole = reader.problems.length === known;
    const name = reader.choice(fields.category, "category", this.#names);
    const category = name === undefined ? undefined : this.#categories.get(name);
    const verdict =
      category === undefined || !isWhole
        ? readVerdictWords(reader, fields)
        : readVerdict(reader, fields, category, kind, { at: field.keyAt, what });
    const words = {
      zh: readWords(reader, fields.zh, "zh") ?? category?.zh,
      en: readWords(reader, fields.en, "en") ?? category?.en,
      remedy: readWords(reader, fields.remedy, "remedy"),
      remedyEn: readWords(reader, fields.remedy_en, "remedy_en"),
      detail: readWords(reader, fields.detail, "detail"),
      note: readWords(reader, fields.note, "note"),
    };
    const seedLine = readLineNumber(reader, fields.seed_line);
    if (!name || !verdict || !words.zh || !words.en) return undefined;
    const { outcome, fault, retryable } = verdict;
    if (!outcome || !fault || retryable === undefined) return undefined;
    const { zh, en } = words;
    const judged = { category: name, outcome, fault, retryable };
    const origin = { confidence: "high", source: undefined, seedLine } as const;
    return { provider, scope, code: field.key, ...judged, ...words, zh, en, ...origin };
  }
}

function checkApi(
  reader: YamlReader,
  what: string,
  scope: Field,
  kind: LayerTable["kind"] | undefined,
  api: Field | string | undefined,
): void {
  if (kind === "api" && api === undefined) {
    reader.report(scope.keyAt, `${what} lacks "api"`, "Add `api:` with the API that returns these codes.");
  } else if (kind === "receipt" && typeof api === "object") {
    const message = `${what} is for receipts but names an API`;
    reader.report(api.keyAt, message, "Remove it or write `kind: api`.");
  }
}

function readLineNumber(reader: YamlReader, value: Value | undefined): number | undefined {
  const text = reader.scalar(value, "seed_line");
  if (value === undefined || text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  reader.report(value.at, `seed_line "${text}" is not a line number`, "Write a whole number of 1 or more.");
  return undefined;
}
