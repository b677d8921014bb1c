import type { CodeEntry } from "../../codes/code-map.ts";

/** A code's entry in the map; the format of `--output json`. */
export interface Explanation {
  /** The code as given. */
  readonly input: string;
  /** Null when no scope was given and no table lists the code. */
  readonly scope: string | null;
  readonly code: string;
  readonly category: string;
  readonly outcome: string;
  /** `none` for an unknown code: its fault is not known. */
  readonly fault: string;
  readonly retryable: boolean;
  readonly description: { readonly zh: string; readonly en: string };
  readonly remedy: string;
  readonly remedy_en: string;
}

/**
 * Explains a listed code.
 *
 * @param input the code as given; by default the map's spelling
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

/** Explains an unlisted code. */
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

/** Whether no table has the code: an entry has a description, if only its category's. */
export function isUnlisted({ description }: Explanation): boolean {
  return description.en === "" && description.zh === "";
}

/** Explanations as table rows with a header. */
export function explanationRows(explained: readonly Explanation[]): string[][] {
  const head = ["CODE", "SCOPE", "CATEGORY", "OUTCOME", "FAULT", "RETRYABLE", "DESCRIPTION"];
  const rows = explained.map(({ code, scope, category, outcome, fault, retryable, description, ...own }) => {
    const words = [description.en, description.zh, own.remedy_en && `→ ${own.remedy_en}`];
    const text = words.filter((word) => word !== "").join("  ");
    return [printable(code), scope ?? "-", category, outcome, fault, retryable ? "yes" : "no", text];
  });
  return [head, ...rows];
}

/** A code on one line of a terminal, whatever it contains. */
function printable(code: string): string {
  return JSON.stringify(code).slice(1, -1);
}
