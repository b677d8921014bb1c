import { anyApiScope } from "../receipts/receipt.ts";
import type { Span } from "../yaml/read.ts";
import type { Field, Value, YamlReader } from "../yaml/reader.ts";
import { suggestion } from "../yaml/words.ts";
import {
  type Category,
  type CodeEntry,
  type CodeSource,
  type ContestedReading,
  confidences,
  tableKinds,
} from "./code-map.ts";
import { readVerdict } from "./defaults.ts";
import { digestOf, type Layer, type LayerTable, type ParsedLayer, type Surroundings } from "./layer.ts";
import { checkCode, checkName, checkVersion, inShort, readWords } from "./names.ts";
import { normaliseCode } from "./normalise.ts";
import { readFormats } from "./parse-formats.ts";

/** The keys of a code in its long form. */
const codeKeys = [
  ...["confidence", "note", "note_zh", "outcome", "fault", "retryable", "source", "en", "zh"],
] as const;

/** Whether a file is a provider's pack rather than a code map. */
export function isPack(reader: YamlReader): boolean {
  return reader.hasKey(reader.root, "provider") && !reader.hasKey(reader.root, "providers");
}

/**
 * Reads a provider's pack: its codes and its formats. Never throws.
 *
 * @param reader of the text
 * @param text the YAML text of the file
 * @param file its name
 * @param around what the code map contains
 */
export function parsePack(
  reader: YamlReader,
  text: string,
  file: string,
  { categories }: Surroundings,
): ParsedLayer {
  const layer = { file, digest: digestOf(text) };
  const { problems } = reader;
  if (problems.length > 0) return { layer: { ...layer, tables: [], formats: [] }, problems };
  const top = reader.record(
    reader.root,
    "the provider pack",
    ["version", "provider", "names"],
    ["sources", "shapes", "scopes"],
  );
  // A misspelt key may be either; it is reported anyway.
  const isMisspelt = problems.some(({ message }) => message.startsWith("unknown key"));
  if (top.scopes === undefined && top.shapes === undefined && !isMisspelt) {
    reader.report(
      reader.root.at,
      "the provider pack has neither shapes nor scopes",
      "Add `shapes:`, `scopes:` or both.",
    );
  }
  checkVersion(reader, top.version);
  const provider = readProvider(reader, top.provider);
  const names = reader.record(top.names, "names", ["en", "zh"]);
  for (const language of ["en", "zh"] as const) readWords(reader, names[language], language);
  const pack = new PackReader(reader, provider, readSources(reader, top.sources), categories);
  const tables = reader.fields(top.scopes, "scopes").map((scope) => pack.table(scope));
  const formats = readFormats(reader, top.shapes, provider);
  return { layer: { ...layer, tables, formats } satisfies Layer, problems };
}

function readProvider(reader: YamlReader, value: Field | undefined): string {
  const provider = reader.scalar(value, "provider");
  if (value === undefined || provider === undefined) return "";
  checkName(reader, { ...value, key: provider, keyAt: value.at }, "provider");
  return provider;
}

function readSources(reader: YamlReader, top: Field | undefined): Map<string, CodeSource> {
  return new Map(
    reader.fields(top, "sources").map((field) => {
      const own = reader.record(field, `source "${inShort(field.key)}"`, ["title", "edition"]);
      const title = readWords(reader, own.title, "title") ?? "";
      return [field.key, { title, edition: readWords(reader, own.edition, "edition") ?? "" }];
    }),
  );
}

type Head = Omit<LayerTable, "entries" | "contested" | "place" | "lines">;

/** A code in a list: a text, or a mapping with more. */
interface Item {
  readonly code: string;
  readonly at: Span;
  readonly fields: Partial<Record<(typeof codeKeys)[number], Field>>;
  /** All its keys are allowed. */
  readonly isWhole: boolean;
}

/** Reads the tables of a pack. */
class PackReader {
  readonly #reader: YamlReader;
  readonly #provider: string;
  readonly #sources: ReadonlyMap<string, CodeSource>;
  readonly #sourceNames: readonly string[];
  readonly #categories: ReadonlyMap<string, Category>;
  readonly #categoryNames: readonly string[];

  constructor(
    reader: YamlReader,
    provider: string,
    sources: ReadonlyMap<string, CodeSource>,
    categories: ReadonlyMap<string, Category>,
  ) {
    this.#reader = reader;
    this.#provider = provider;
    this.#sources = sources;
    this.#sourceNames = [...sources.keys()];
    this.#categories = categories;
    this.#categoryNames = [...categories.keys()];
  }

  /**
   * Uses placeholders for invalid parts, so that all problems are found at once; a table with a problem is discarded.
   */
  table(scope: Field): LayerTable {
    const reader = this.#reader;
    checkName(reader, scope, "scope");
    const what = `${inShort(this.#provider)}/${inShort(scope.key)}`;
    if (scope.key === anyApiScope) {
      reader.report(
        scope.keyAt,
        `scope "${anyApiScope}" is reserved`,
        "Remove it: it is built from the API tables.",
      );
    }
    const fields = reader.record(
      scope,
      what,
      ["channel", "kind", "title"],
      ["api", "source", "codes", "suggestions"],
    );
    const kind = reader.choice(fields.kind, "kind", tableKinds) ?? "receipt";
    const head: Head = {
      ...{ provider: this.#provider, scope: scope.key, kind },
      channel: reader.choice(fields.channel, "channel", ["sms", "voice"]) ?? "unknown",
      title: readWords(reader, fields.title, "title") ?? "",
      api: readWords(reader, fields.api, "api"),
    };
    if ((kind === "api") !== (fields.api !== undefined) && fields.kind !== undefined) {
      const hint = "Write both `kind: api` and `api:` with the API's name, or neither.";
      reader.report(scope.keyAt, `${what} has only one of \`kind: api\` and \`api\``, hint);
    }
    const source = this.#source(fields.source);
    const listed = new Listed(reader, what);
    const read = reader.fields(fields.codes, `the codes of ${what}`).flatMap((field) => {
      const category = this.#category(field.key, field.keyAt);
      return reader.items(field, `the codes of category "${inShort(field.key)}"`).flatMap((value) => {
        const item = this.#item(value);
        if (item === undefined || !listed.admits(item) || category === undefined) return [];
        const confidence = reader.choice(item.fields.confidence, "confidence", confidences) ?? "high";
        const entry = this.#entry(head, field.key, category, item, source);
        return entry === undefined
          ? []
          : { entry: { ...entry, confidence }, line: reader.placeOf(item.at).line };
      });
    });
    return {
      ...head,
      entries: read.map(({ entry }) => entry),
      contested: this.#contested(head, fields.suggestions, source),
      place: reader.placeOf(scope.keyAt),
      lines: read.map(({ line }) => line),
    };
  }

  #category(name: string, at: Span): Category | undefined {
    const category = this.#categories.get(name);
    if (category === undefined && this.#categories.size > 0) {
      const hint = suggestion(name, this.#categoryNames);
      const own = hint.startsWith("Did")
        ? hint
        : `Add it to the categories of the code map, or ${lower(hint)}`;
      this.#reader.report(at, `unknown category "${name}"`, own);
    }
    return category;
  }

  #source(value: Field | undefined): CodeSource | undefined {
    const name = this.#reader.scalar(value, "source");
    if (value === undefined || name === undefined) return undefined;
    const source = this.#sources.get(name);
    if (source === undefined) {
      const hint =
        this.#sources.size === 0 ? "Add it under `sources:`." : suggestion(name, this.#sourceNames);
      this.#reader.report(value.at, `unknown source "${name}"`, hint);
    }
    return source;
  }

  #item(value: Value): Item | undefined {
    const reader = this.#reader;
    if (!reader.isMapping(value)) {
      const code = reader.scalar(value, "a code");
      return code === undefined ? undefined : { code, at: value.at, fields: {}, isWhole: true };
    }
    const known = reader.problems.length;
    const { code: said, ...fields } = reader.record(value, "a code", ["code"], codeKeys);
    const isWhole = reader.problems.length === known;
    const code = reader.scalar(said, "code");
    return said === undefined || code === undefined ? undefined : { code, at: said.at, fields, isWhole };
  }

  /** Its texts are the category's, with the note added, unless it has its own. */
  #entry(
    { provider, scope, kind }: Head,
    name: string,
    category: Category,
    { code, at, fields, isWhole }: Item,
    usualSource: CodeSource | undefined,
  ): Omit<CodeEntry, "confidence"> | undefined {
    const reader = this.#reader;
    const verdict = isWhole
      ? readVerdict(reader, fields, category, kind, { at, what: `code "${code}"` })
      : undefined;
    const [note, noteZh] = [
      readWords(reader, fields.note, "note"),
      readWords(reader, fields.note_zh, "note_zh"),
    ];
    const en = readWords(reader, fields.en, "en");
    const zh = readWords(reader, fields.zh, "zh");
    const source = this.#source(fields.source) ?? usualSource;
    if (verdict === undefined) return undefined;
    return {
      ...{ provider, scope, code, category: name, ...verdict },
      zh: zh ?? (noteZh === undefined ? category.zh : `${category.zh}：${noteZh}`),
      en: en ?? (note === undefined ? category.en : `${category.en}: ${note}`),
      ...{ remedy: undefined, remedyEn: undefined, detail: undefined, note },
      ...{ source, seedLine: undefined },
    };
  }

  /** They do not affect counts, but the same rules apply; a code may be listed once for each interpretation. */
  #contested(head: Head, top: Field | undefined, source: CodeSource | undefined): ContestedReading[] {
    const reader = this.#reader;
    return reader.items(top, "suggestions").flatMap((value) => {
      const known = reader.problems.length;
      const own = reader.record(value, "a suggestion", ["code", "category"], codeKeys);
      const { code: said, category: named, ...fields } = own;
      const isWhole = reader.problems.length === known;
      const code = reader.scalar(said, "code");
      const name = reader.scalar(named, "category");
      const confidence = reader.choice(fields.confidence, "confidence", ["low", ...confidences]) ?? "low";
      const category = named && name !== undefined ? this.#category(name, named.at) : undefined;
      if (said === undefined || code === undefined || !checkCode(reader, code, said.at)) return [];
      if (name === undefined || category === undefined) return [];
      const reading = this.#entry(head, name, category, { code, at: said.at, fields, isWhole }, source);
      return reading === undefined ? [] : { ...reading, confidence };
    });
  }
}

/** The codes that a table lists, in any category. */
class Listed {
  readonly #reader: YamlReader;
  readonly #what: string;
  readonly #first = new Map<string, Item>();

  constructor(reader: YamlReader, what: string) {
    this.#reader = reader;
    this.#what = what;
  }

  /** Whether a code may be listed, and is not yet; if not, the reason is reported. */
  admits(item: Item): boolean {
    const reader = this.#reader;
    if (!checkCode(reader, item.code, item.at)) return false;
    const key = normaliseCode(item.code);
    const first = this.#first.get(key);
    if (first === undefined) {
      this.#first.set(key, item);
      return true;
    }
    const spelt = first.code === item.code ? "" : ` as "${first.code}"`;
    const hint = `Remove one: it is already in line ${reader.placeOf(first.at).line}${spelt}.`;
    reader.report(item.at, `code "${item.code}" is listed twice in ${this.#what}`, hint);
    return false;
  }
}

function lower(hint: string): string {
  return hint.charAt(0).toLowerCase() + hint.slice(1);
}
