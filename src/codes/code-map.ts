import { anyApiScope } from "../receipts/receipt.ts";
import { normaliseCode } from "./normalise.ts";
import type { Channel, Fault, Outcome } from "./verdict.ts";

/** How sure a reading is that counts; a lower one is a suggestion and counts nothing. */
export const confidences = ["high", "medium"] as const;
export type Confidence = (typeof confidences)[number];

/** Where a provider says what its codes mean. */
export interface CodeSource {
  readonly title: string;
  /** When, as far as it says: a day, a month or a year, or a version. */
  readonly edition: string;
}

/** What the map says of one code in one table. */
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
  /** Undefined where the file names none. */
  readonly source: CodeSource | undefined;
  /** The line of the provider's published table; undefined when the code is not from there. */
  readonly seedLine: number | undefined;
}

/** What a document says of a code that others read otherwise, or that it leaves unclear: it counts nothing. */
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
  /** The API that answers with these codes; undefined for a table of receipts, and for scope `api`. */
  readonly api: string | undefined;
  readonly title: string;
  readonly entries: readonly CodeEntry[];
  /** Readings that are only suggested; a code may have several, and those of an entry too. */
  readonly contested: readonly ContestedReading[];
}

/** A category's names for people, and what holds of a code that says nothing else. */
export interface Category {
  readonly en: string;
  readonly zh: string;
  readonly outcome: Outcome | undefined;
  readonly fault: Fault | undefined;
  readonly retryable: boolean | undefined;
}

/** A file that a map was read from. */
export interface MapFile {
  /** Its path. */
  readonly file: string;
  /** 12 hex digits: the first of its text's SHA-256. */
  readonly digest: string;
  /** How many codes it lists, those included that a later file overrides. */
  readonly codes: number;
}

/** A map as plain data: what a {@link CodeMap} is made of, travels between threads and is kept in files. */
export type MapData = Pick<CodeMap, "hash" | "categories" | "tables">;

interface IndexedTable {
  readonly table: CodeTable;
  readonly entryOf: ReadonlyMap<string, CodeEntry>;
}

/** The compiled code map: immutable, one per text of its files. */
export class CodeMap {
  /** 12 hex digits that are others for other texts; of a single file the first of its SHA-256. */
  readonly hash: string;
  readonly categories: ReadonlyMap<string, Category>;
  /** The tables as written; the derived ones of scope `api` are not among them. */
  readonly tables: readonly CodeTable[];
  /** Its files in their order; empty where it was not read from files. */
  readonly files: readonly MapFile[];
  readonly #byProvider = new Map<string, Map<string, IndexedTable>>();

  /**
   * @param data `hash` of the texts; `categories` by name, in the order of the file; `tables` that are valid: no two of
   *   one provider and scope, no code twice in one of them; `files` for those who ask where it is from
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

  /** The scopes of a provider that can be looked up, `api` last; empty when the provider is not in the map. */
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

/** Indexed by the comparison key and by the map's own spelling, so that a code sent as spelt costs no folding. */
function index(table: CodeTable): IndexedTable {
  const keys = table.entries.flatMap((entry) => [
    [normaliseCode(entry.code), entry] as const,
    [entry.code, entry] as const,
  ]);
  return { table, entryOf: new Map(keys) };
}

/** The codes on which all API tables that list them agree; words and advice are those of the first. */
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
