import { identifies, personalDigits } from "../masking.ts";
import type { CodeEntry, CodeMap, CodeSource, CodeTable, ContestedReading } from "./code-map.ts";
import { maxLabelLength } from "./label.ts";
import { normaliseCode } from "./normalise.ts";

/** Who lists a code that the receipt's own table does not, the nearest first. */
export const suggestionKinds = [
  "contested",
  "other_scope",
  "carrier",
  "other_provider",
  "near_miss",
] as const;
export type SuggestionKind = (typeof suggestionKinds)[number];

/** What one table says of a code, or of one that is nearly spelt so. */
export interface Suggestion {
  /**
   * - `contested`: the receipt's own table, which counts nothing by it
   * - `other_scope`: another table of the same provider
   * - `carrier`: the pack of a carrier's protocol
   * - `other_provider`: any other
   * - `near_miss`: any table, of a code that differs in separators, a minus or leading zeros alone
   */
  readonly kind: SuggestionKind;
  /** With the code as that table spells it. */
  readonly reading: CodeEntry | ContestedReading;
  /** The document it is from; where the file names none, the table and what it belongs to. */
  readonly source: CodeSource;
  /** False where it says little: a near miss, a table of another channel or kind, and a bare number of somebody else's. */
  readonly weighs: boolean;
}

/** What some tables agree on. */
export interface SuggestedVerdict {
  readonly category: string;
  readonly outcome: CodeEntry["outcome"];
  /** How many sources say so independently: other documents of other providers, none of low confidence. */
  readonly sources: number;
  /** Those that weigh first, then by kind. */
  readonly suggestions: readonly [Suggestion, ...Suggestion[]];
}

/**
 * - `agreed`: two independent sources or more, and none that weighs says otherwise
 * - `single`: nothing contradicts, and it is one source's word, or of low confidence
 * - `contradicted`: what weighs does not agree
 * - `hint`: nothing weighs
 * - `none`: no table has a similar code
 */
export type Agreement = "agreed" | "single" | "contradicted" | "hint" | "none";

/** What other tables say of a code that nobody counts. */
export interface Suggestions {
  readonly agreement: Agreement;
  /** The one with the most sources first. */
  readonly verdicts: readonly SuggestedVerdict[];
}

const nothing: Suggestions = { agreement: "none", verdicts: [] };

/** The packs of protocols: providers hand their codes through. */
const carriers: ReadonlySet<string> = new Set(["cmpp", "sgip", "smgp", "smpp"]);

/** Tells what a code map says elsewhere of codes that the asked table does not list. It counts nothing. */
export class Suggester {
  readonly #map: CodeMap;
  #index: ReadingIndex | undefined;

  /** Reads nothing before the first question: few processes are ever asked. */
  constructor(map: CodeMap) {
    this.#map = map;
  }

  /**
   * What the map's other tables and contested readings say of a code.
   *
   * @param provider whose receipts have it
   * @param scope of its receipts; need not be one that the map knows. Undefined: no table of the provider has the code
   * @param code as sent, or of a label by `codeOfLabel`. For one that is empty, begins with `_`, is longer than a label
   *   or may identify somebody there is no suggestion
   */
  of(provider: string, scope: string | undefined, code: string): Suggestions {
    const isNone = code.trim() === "" || code.startsWith("_") || code.length > maxLabelLength;
    if (isNone || identifies(code, personalDigits)) return nothing;
    const asked = new Asked(provider, scope, code, this.#map);
    this.#index ??= new ReadingIndex(this.#map.tables);
    const found = this.#index
      .near(code)
      .toSorted((a, b) => asked.distance(a.table) - asked.distance(b.table))
      .flatMap(({ table, reading }) => asked.suggestion(table, reading));
    const groups = [
      ...Map.groupBy(found, ({ reading }) => `${reading.category} ${reading.outcome}`).values(),
    ];
    const verdicts = groups.flatMap((group) => verdictOf(group)).sort(byWeight);
    return { agreement: agreementOf(verdicts), verdicts };
  }
}

interface Found {
  readonly table: CodeTable;
  readonly reading: CodeEntry | ContestedReading;
}

/** All readings of a map by what their codes have in common with misspellings of them. */
class ReadingIndex {
  readonly #bySkeleton: ReadonlyMap<string, readonly Found[]>;

  constructor(tables: readonly CodeTable[]) {
    const all = tables.flatMap((table) =>
      [...table.entries, ...table.contested].map((reading) => ({ table, reading })),
    );
    this.#bySkeleton = Map.groupBy(all, ({ reading }) => skeletonOf(reading.code));
  }

  near(code: string): readonly Found[] {
    return this.#bySkeleton.get(skeletonOf(code)) ?? [];
  }
}

/** A code without what is mistyped: no leading zeros, no minus, and separators between two numbers alone. */
function skeletonOf(code: string): string {
  return normaliseCode(code)
    .replace(/(\p{N})[^\p{L}\p{N}]+(?=\p{N})/gu, "$1\n")
    .replace(/[^\p{L}\p{N}\n]+/gu, "")
    .replace(/(?<!\p{N})0+(?=\p{N})/gu, "");
}

/** A question. */
class Asked {
  readonly #provider: string;
  readonly #scope: string | undefined;
  readonly #key: string;
  readonly #hasLetter: boolean;
  /** Its table, or one of the same name: what is in tables of another channel or kind is about something else. */
  readonly #like: CodeTable | undefined;

  constructor(provider: string, scope: string | undefined, code: string, map: CodeMap) {
    this.#provider = provider;
    this.#scope = scope;
    this.#key = normaliseCode(code);
    this.#hasLetter = /\p{L}/u.test(this.#key);
    const own = scope === undefined ? undefined : map.table(provider, scope);
    this.#like = own ?? map.tables.find((table) => table.scope === scope);
  }

  /** @returns nothing for a bare number that somebody else's number only resembles */
  suggestion(table: CodeTable, reading: Found["reading"]): Suggestion[] {
    const isExact = normaliseCode(reading.code) === this.#key;
    const origin = this.#origin(table);
    const isOwn = table.provider === this.#provider;
    if (!isExact && !isOwn && !this.#hasLetter) return [];
    const like = this.#like;
    const isAlike = like === undefined || (table.kind === like.kind && areOfOneChannel(table, like));
    return [
      {
        kind: isExact ? origin : "near_miss",
        reading,
        source: reading.source ?? { title: `${table.title}, ${table.provider}`, edition: "undated" },
        weighs: isExact && isAlike && (isOwn || this.#hasLetter),
      },
    ];
  }

  /** How far a table is from the one asked. */
  distance(table: CodeTable): number {
    return suggestionKinds.indexOf(this.#origin(table));
  }

  #origin({ provider, scope }: CodeTable): SuggestionKind {
    if (provider === this.#provider) return scope === this.#scope ? "contested" : "other_scope";
    return carriers.has(provider) ? "carrier" : "other_provider";
  }
}

function areOfOneChannel(a: CodeTable, b: CodeTable): boolean {
  return a.channel === b.channel || a.channel === "unknown" || b.channel === "unknown";
}

function verdictOf(group: readonly Suggestion[]): SuggestedVerdict[] {
  const [first, ...others] = group.toSorted(
    (a, b) =>
      Number(b.weighs) - Number(a.weighs) ||
      suggestionKinds.indexOf(a.kind) - suggestionKinds.indexOf(b.kind),
  );
  if (first === undefined) return [];
  const suggestions = [first, ...others] as const;
  const firm = suggestions.filter(({ weighs, reading }) => weighs && reading.confidence !== "low");
  // Providers copy each other's documents, and one provider's documents each other's errors.
  const documents = new Set(firm.map(({ source }) => `${source.title}\n${source.edition}`));
  const providers = new Set(firm.map(({ reading }) => reading.provider));
  const { category, outcome } = first.reading;
  return [{ category, outcome, sources: Math.min(documents.size, providers.size), suggestions }];
}

function byWeight(a: SuggestedVerdict, b: SuggestedVerdict): number {
  const [first, second] = [a.suggestions[0], b.suggestions[0]];
  return (
    b.sources - a.sources ||
    Number(second.weighs) - Number(first.weighs) ||
    suggestionKinds.indexOf(first.kind) - suggestionKinds.indexOf(second.kind)
  );
}

function agreementOf(verdicts: readonly SuggestedVerdict[]): Agreement {
  const weighing = verdicts.filter(({ suggestions: [first] }) => first.weighs);
  const [only, ...others] = weighing;
  if (only === undefined) return verdicts.length === 0 ? "none" : "hint";
  if (others.length > 0) return "contradicted";
  return only.sources >= 2 ? "agreed" : "single";
}
