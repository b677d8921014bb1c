import type { Field, Value, YamlReader } from "../yaml/reader.ts";
import type { Category, TableKind } from "./code-map.ts";
import { type Fault, faults, type Outcome, outcomes } from "./verdict.ts";

/** A code's own fields beside its category; each may be omitted if the category has a default. */
export type VerdictFields = Partial<Record<"outcome" | "fault" | "retryable", Field>>;

/** What happened to a message with a code, who has to act, and whether a retry may help. */
export interface CodeVerdict {
  readonly outcome: Outcome;
  readonly fault: Fault;
  readonly retryable: boolean;
}

/** The fields of a category's defaults, and of a code. */
export function readVerdictWords(reader: YamlReader, fields: VerdictFields) {
  const retryable = reader.choice(fields.retryable, "retryable", ["yes", "no"]);
  return {
    outcome: reader.choice(fields.outcome, "outcome", outcomes),
    fault: reader.choice(fields.fault, "fault", faults),
    retryable: retryable === undefined ? undefined : retryable === "yes",
  };
}

/**
 * A code's own fields, with the category's defaults for those it omits. A refusal by an API is not a failed delivery:
 * in API tables the category's default `failed` becomes `request_rejected`.
 *
 * @param at where to report a missing field
 * @param what the code, for messages
 * @returns undefined if a field is invalid, or missing without a default; that is reported
 */
export function readVerdict(
  reader: YamlReader,
  fields: VerdictFields,
  category: Category,
  kind: TableKind | undefined,
  { at, what }: { readonly at: Value["at"]; readonly what: string },
): CodeVerdict | undefined {
  const said = readVerdictWords(reader, fields);
  const usual = kind === "api" && category.outcome === "failed" ? "request_rejected" : category.outcome;
  const defaults = { outcome: usual, fault: category.fault, retryable: category.retryable };
  for (const key of ["outcome", "fault", "retryable"] as const) {
    if (fields[key] !== undefined || defaults[key] !== undefined) continue;
    reader.report(at, `${what} lacks "${key}"`, `Add \`${key}:\`.`);
  }
  const outcome = fields.outcome === undefined ? defaults.outcome : said.outcome;
  const fault = fields.fault === undefined ? defaults.fault : said.fault;
  const retryable = fields.retryable === undefined ? defaults.retryable : said.retryable;
  if (outcome === undefined || fault === undefined || retryable === undefined) return undefined;
  return { outcome, fault, retryable };
}
