import { anyApiScope } from "../receipts/receipt.ts";
import { normaliseCode } from "./normalise.ts";
import type { Channel, Fault, Outcome } from "./verdict.ts";

/** The confidence of a reading that is used; a lower one is only a suggestion. */
export const confidences = ["high", "medium"] as const;
export type Confidence = (typeof confidences)[number];

/** The document in which a provider explains its codes. */
export interface CodeSource {
  readonly title: string;
  /** Its edition, as far as known: a day, month or year, or a version. */
  readonly edition: string;
}

/** The entry of one code in one table. */
export interface CodeEntry {
  readonly provider: string;
  readonly scope: string;
  /** The code as the map spells it. */
  readonly code: string;
  readonly category: string;
  readonly outcome: Outcome;
  readonly fault: Fault;
  readonly retryable: boolean;
  readonly zh: string;
  readonly en: string;
  readonly remedy: string | undefined;
  readonly remedyEn: string | undefined;
  readonly detail: string | undefined;
  readonly note: string | undefined;
  readonly confidence: Confidence;
  /** Undefined if the file names none. */
  readonly source: CodeSource | undefined;
  /** The line of the provider's published table; undefined for other codes. */
  readonly seedLine: number | undefined;
}

/** A document's reading of a code that others contradict, or that is unclear: it does not affect counts. */
export interface ContestedReading extends Omit<CodeEntry, "confidence"> {
  readonly confidence: Confidence | "low";
}

export const tableKinds = ["receipt", "api"] as const;
export type TableKind = (typeof tableKinds)[number];

/** All codes of one scope of one provider, in the order of the file. */
export interface CodeTable {
  readonly provider: string;
  readonly scope: string;
  readonly channel: Channel;
  readonly kind: TableKind;
  /** The API that returns these codes; undefined for receipts, and for scope `api`. */
  readonly api: string | undefined;
  readonly title: string;
  readonly entries: readonly CodeEntry[];
  /** Readings that are only suggestions; a code may have several, even if it has an entry. */
  readonly contested: readonly ContestedReading[];
}

/** A category's names for people, and the defaults of its codes. */
export interface Category {
  readonly en: string;
  readonly zh: string;
  readonly outcome: Outcome | undefined;
  readonly fault: Fault | undefined;
  readonly retryable: boolean | undefined;
}

/** A file of a map. */
export interface MapFile {
  /** Its path. */
  readonly file: string;
  /** The first 12 hex digits of its text's SHA-256. */
  readonly digest: string;
  /** Number of listed codes, including those that a later file overrides. */
  readonly codes: number;
}

/** A map as plain data: what a {@link CodeMap} is built from, sent between threads and stored in files. */
export type MapData = Pick<CodeMap, "hash" | "categories" | "tables">;

interface IndexedTable {
  readonly table: CodeTable;
  readonly entryOf: ReadonlyMap<string, CodeEntry>;
}

/** The compiled code map: immutable, one for each text of its files. */
export class CodeMap {
  /** 12 hex digits that identify the text; for a single file the first of its SHA-256. */
  readonly hash: string;
  readonly categories: ReadonlyMap<string, Category>;
  /** The tables as written, without the derived ones of scope `api`. */
  readonly tables: readonly CodeTable[];
  /** Its files in order; empty if it was not read from files. */
  readonly files: readonly MapFile[];
  readonly #byProvider = new Map<string, Map<string, IndexedTable>>();

  /**
   * @param data `hash` of the texts; `categories` by name, in the order of the file; valid `tables`: at most one for
   *   a provider and scope, and no code twice in one; `files` for information
   */
  constructor({ hash, categories, tables, files = [] }: MapData & { readonly files?: readonly MapFile[] }) {
    this.hash = hash;
    this.categories = categories;
    this.tables = tables;
    this.files = files;
    for (const [provider, own] of Map.groupBy(tables, (table) => table.provider)) {
      const apis = own.filter((table) => table.kind === "api");
      const all = apis.length === 0 ? own : [...own, anyApiTable(provider, apis)];
      this.#byProvider.set(provider, new Map(all.map((table) => [table.scope, index(table)])));
    }
  }

  /** The map as plain data. */
  get data(): MapData {
    return { hash: this.hash, categories: this.categories, tables: this.tables };
  }

  /** The providers, in the order of the file. */
  providers(): string[] {
    return [...this.#byProvider.keys()];
  }

  /** The scopes of a provider, `api` last; empty when the map does not have the provider. */
  scopes(provider: string): string[] {
    return [...(this.#byProvider.get(provider)?.keys() ?? [])];
  }

  /** The table of a scope, written or derived; undefined when there is none. */
  table(provider: string, scope: string): CodeTable | undefined {
    return this.#byProvider.get(provider)?.get(scope)?.table;
  }

  /**
   * The entry of a code in one table, or undefined when it does not list it. Never matches a prefix.
   *
   * @param code in any spelling; see `normaliseCode`
   */
  lookup(provider: string, scope: string, code: string): CodeEntry | undefined {
    const entryOf = this.#byProvider.get(provider)?.get(scope)?.entryOf;
    return entryOf?.get(code) ?? entryOf?.get(normaliseCode(code));
  }

  /** The entry of a code in the scope's table of the first of these providers that lists it. */
  lookupAmong(providers: readonly string[], scope: string, code: string): CodeEntry | undefined {
    for (const provider of providers) {
      const entry = this.lookup(provider, scope, code);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  /**
   * Every entry for a code, one for each table that lists it, across providers.
   *
   * @param scope only this scope's tables; without it all written tables, so without the derived `api`
   */
  explain(code: string, scope?: string): CodeEntry[] {
    const asked =
      scope === undefined ? this.tables : this.providers().map((provider) => ({ provider, scope }));
    return asked.flatMap((table) => this.lookup(table.provider, table.scope, code) ?? []);
  }
}

/** Indexed by comparison key and by the map's spelling, so that codes in the map's spelling need no normalising. */
function index(table: CodeTable): IndexedTable {
  const keys = table.entries.flatMap((entry) => [
    [normaliseCode(entry.code), entry] as const,
    [entry.code, entry] as const,
  ]);
  return { table, entryOf: new Map(keys) };
}

/** The codes on which all API tables that list them agree; texts and advice are the first one's. */
function anyApiTable(provider: string, apis: readonly CodeTable[]): CodeTable {
  const byCode = Map.groupBy(
    apis.flatMap((table) => table.entries),
    (entry) => normaliseCode(entry.code),
  );
  const entries = [...byCode.values()].flatMap(([first, ...others]) =>
    first !== undefined && others.every((other) => sameVerdict(first, other))
      ? [{ ...first, scope: anyApiScope, seedLine: undefined }]
      : [],
  );
  return {
    provider,
    scope: anyApiScope,
    channel: "unknown",
    kind: "api",
    api: undefined,
    title: "An answer that does not name its API",
    entries,
    contested: [],
  };
}

function sameVerdict(a: CodeEntry, b: CodeEntry): boolean {
  return (
    a.category === b.category && a.outcome === b.outcome && a.fault === b.fault && a.retryable === b.retryable
  );
}
