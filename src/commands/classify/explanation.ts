import type { CodeEntry } from "../../codes/code-map.ts";

/** What the map says of a code; the shape of `--output json`. */
export interface Explanation {
  /** The code as it was asked for. */
  readonly input: string;
  /** Null when no scope was asked for and no table lists the code. */
  readonly scope: string | null;
  readonly code: string;
  readonly category: string;
  readonly outcome: string;
  /** `none` for an unknown code: nobody is known to be at fault. */
  readonly fault: string;
  readonly retryable: boolean;
  readonly description: { readonly zh: string; readonly en: string };
  readonly remedy: string;
  readonly remedy_en: string;
}

/**
 * What the map says of one of its codes.
 *
 * @param input the code as it was asked for; as the map spells it when nobody asked
 */
export function explanationOf(entry: CodeEntry, input = entry.code): Explanation {
  const { scope, code, category, outcome, fault, retryable, zh, en, remedy, remedyEn } = entry;
  const description = { zh, en };
  return {
    input,
    scope,
    code,
    category,
    outcome,
    fault,
    retryable,
    description,
    remedy: remedy ?? "",
    remedy_en: remedyEn ?? "",
  };
}

/** What there is to say of a code that the map does not list. */
export function unlisted(input: string, scope: string | undefined): Explanation {
  return {
    input,
    scope: scope ?? null,
    code: input,
    category: "unknown",
    outcome: "unknown",
    fault: "none",
    retryable: false,
    description: { zh: "", en: "" },
    remedy: "",
    remedy_en: "",
  };
}

/** Whether no table has the code: an entry has words, if only its category's. */
export function isUnlisted({ description }: Explanation): boolean {
  return description.en === "" && description.zh === "";
}

/** Explanations as the rows of a table for people, its head first. */
export function explanationRows(explained: readonly Explanation[]): string[][] {
  const head = ["CODE", "SCOPE", "CATEGORY", "OUTCOME", "FAULT", "RETRYABLE", "DESCRIPTION"];
  const rows = explained.map(({ code, scope, category, outcome, fault, retryable, description, ...own }) => {
    const words = [description.en, description.zh, own.remedy_en && `→ ${own.remedy_en}`];
    const text = words.filter((word) => word !== "").join("  ");
    return [printable(code), scope ?? "-", category, outcome, fault, retryable ? "yes" : "no", text];
  });
  return [head, ...rows];
}

/** A code on one line of a terminal, whatever is in it. */
function printable(code: string): string {
  return JSON.stringify(code).slice(1, -1);
}
