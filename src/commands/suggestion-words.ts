import type { Agreement, SuggestedVerdict, Suggestion, Suggestions } from "../codes/suggest.ts";
import type { SourceStatus } from "../http/status.ts";

/** Suggestions as in `--output json`. */
export interface SuggestionsJson {
  readonly agreement: Agreement;
  readonly suggestions: readonly {
    readonly category: string;
    readonly outcome: string;
    /** The number of independent sources. */
    readonly sources: number;
    readonly said_by: readonly SourceStatus[];
  }[];
}

/** @returns the suggestions as plain data, the likeliest first */
export function suggestionsJson({ agreement, verdicts }: Suggestions): SuggestionsJson {
  return {
    agreement,
    suggestions: verdicts.map(({ category, outcome, sources, suggestions }) => ({
      ...{ category, outcome, sources },
      said_by: suggestions.map(({ kind, reading, source, weighs }) => ({
        ...{ kind, provider: reading.provider, scope: reading.scope, code: reading.code },
        ...{ title: source.title, edition: source.edition, confidence: reading.confidence, weighs },
        description: { zh: reading.zh, en: reading.en },
      })),
    })),
  };
}

const kinds: Readonly<Record<Suggestion["kind"], string>> = {
  contested: "its own table, contested",
  other_scope: "another table of the provider",
  carrier: "a carrier's table",
  other_provider: "another provider",
  near_miss: "near miss",
};

/** How far the readings of a code agree, as the end of a sentence. */
export function agreementWords({ agreement, verdicts: [first] }: Suggestions): string {
  switch (agreement) {
    case "agreed":
      return `${first?.sources ?? 0} independent sources agree`;
    case "single":
      return "one source, none contradicts";
    case "contradicted":
      return "contradicted: the sources disagree";
    case "hint":
      return "hints only: near misses, or tables about something else";
    case "none":
      return "no table has a similar code";
  }
}

/** A verdict in short: `blacklist`, or `unknown_reason (delivered)` if the outcome is not a failure. */
export function verdictWords({ category, outcome }: Pick<SuggestedVerdict, "category" | "outcome">): string {
  return outcome === "failed" || outcome === category ? category : `${category} (${outcome})`;
}

/** The source on one line: `cmpp sms_receipt "MK:0010", List of codes, 2012-12, high (a carrier's table)`. */
export function sayingWords({ kind, reading, source }: Suggestion): string {
  const { provider, scope, code, confidence } = reading;
  const words = `${provider} ${scope} ${JSON.stringify(code)}, ${source.title}, ${source.edition}, ${confidence}`;
  return `${words.replace(/\s+/g, " ")} (${kinds[kind]})`;
}

/** The suggestions for a code as lines, verdicts numbered from 1. */
export function suggestionLines({ verdicts }: Suggestions): string[] {
  return verdicts.flatMap((verdict, index) => [
    `  ${index + 1}  ${verdictWords(verdict)}${sourcesWords(verdict)}`,
    ...verdict.suggestions.map((suggestion) => `       ${sayingWords(suggestion)}`),
  ]);
}

function sourcesWords({ sources }: SuggestedVerdict): string {
  if (sources === 0) return "";
  return sources === 1 ? ", 1 source" : `, ${sources} independent sources`;
}
