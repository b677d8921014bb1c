import { identifies, personalDigits } from "../masking.ts";
import type { CodeEntry, CodeMap, CodeSource, CodeTable, ContestedReading } from "./code-map.ts";
import { maxLabelLength } from "./label.ts";
import { normaliseCode } from "./normalise.ts";

/** Where a code that the receipt's own table does not list was found, the closest first. */
export const suggestionKinds = [
  "contested",
  "other_scope",
  "carrier",
  "other_provider",
  "near_miss",
] as const;
export type SuggestionKind = (typeof suggestionKinds)[number];

/** The entry of one table for a code, or for a similar spelling. */
export interface Suggestion {
  /**
   * - `contested`: a contested reading of the receipt's own table
   * - `other_scope`: another table of the same provider
   * - `carrier`: the pack of a carrier protocol
   * - `other_provider`: any other
   * - `near_miss`: any table, for a code that differs only in separators, a minus or leading zeros
   */
  readonly kind: SuggestionKind;
  /** With the code as spelt in that table. */
  readonly reading: CodeEntry | ContestedReading;
  /** Its source document; if the file names none, the table and its provider. */
  readonly source: CodeSource;
  /**
   * False for weak evidence: a near miss, a table of another channel or kind, or a plain number of an unrelated
   * provider.
   */
  readonly weighs: boolean;
}

/** A verdict that one or more tables share. */
export interface SuggestedVerdict {
  readonly category: string;
  readonly outcome: CodeEntry["outcome"];
  /** The number of independent sources: documents of different providers, except those of low confidence. */
  readonly sources: number;
  /** Strong evidence first, then by kind. */
  readonly suggestions: readonly [Suggestion, ...Suggestion[]];
}

/**
 * - `agreed`: at least two independent sources, and no strong evidence against it
 * - `single`: no contradiction, but only one source or low confidence
 * - `contradicted`: strong evidence disagrees
 * - `hint`: only weak evidence
 * - `none`: no table has a similar code
 */
export type Agreement = "agreed" | "single" | "contradicted" | "hint" | "none";

/** The readings of an unlisted code in other tables. */
export interface Suggestions {
  readonly agreement: Agreement;
  /** The one with the most sources first. */
  readonly verdicts: readonly SuggestedVerdict[];
}

const nothing: Suggestions = { agreement: "none", verdicts: [] };

/** The packs of carrier protocols, whose codes providers pass through. */
const carriers: ReadonlySet<string> = new Set(["cmpp", "sgip", "smgp", "smpp"]);

/** Looks up codes that a table does not list in the rest of the code map. It does not affect counts. */
export class Suggester {
  readonly #map: CodeMap;
  #index: ReadingIndex | undefined;

  /** Reads nothing before the first question, since few processes are asked. */
  constructor(map: CodeMap) {
    this.#map = map;
  }

  /**
   * The readings of a code in the map's other tables and in contested readings.
   *
   * @param provider of the receipts
   * @param scope of the receipts, known to the map or not. Undefined: no table of the provider has the code
   * @param code as sent, or from a label by `codeOfLabel`. There are no suggestions for one that is empty, begins
   *   with `_`, is longer than a label or may identify a person
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

/** All readings of a map, indexed by what misspellings of their codes share. */
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

/** A code without what is often mistyped: leading zeros, a minus, and separators except between two numbers. */
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
  /** Its table, or one of the same name: tables of another channel or kind are about something else. */
  readonly #like: CodeTable | undefined;

  constructor(provider: string, scope: string | undefined, code: string, map: CodeMap) {
    this.#provider = provider;
    this.#scope = scope;
    this.#key = normaliseCode(code);
    this.#hasLetter = /\p{L}/u.test(this.#key);
    const own = scope === undefined ? undefined : map.table(provider, scope);
    this.#like = own ?? map.tables.find((table) => table.scope === scope);
  }

  /** @returns nothing for a plain number that only resembles an unrelated provider's number */
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

  /** How far a table is from the one in question. */
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
  // Providers copy each other's documents, and documents of one provider share errors.
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
