import type { CodeEntry, CodeMap, CodeTable } from "./code-map.ts";
import { normaliseCode } from "./normalise.ts";

const fields = [
  ...["channel", "code", "category", "outcome", "fault", "retryable"],
  ...["zh", "en", "detail", "remedy", "remedyEn", "note"],
] as const;

/** What one map says of one code and another map does not. */
export interface Difference {
  readonly provider: string;
  readonly scope: string;
  /** As the newer map spells it; as the older does where the newer no longer lists it. */
  readonly code: string;
  readonly change: "added" | "removed" | "changed";
  /** The fields that differ, in the order of the file's description; all that are filled when added or removed. */
  readonly fields: readonly FieldChange[];
}

export interface FieldChange {
  readonly field: string;
  /** Null where the older map says nothing. */
  readonly before: string | null;
  /** Null where the newer map says nothing. */
  readonly after: string | null;
}

/**
 * The codes that two maps list differently, in the order of the newer one; what only the older lists comes last.
 * Codes are the same when their comparison keys are (see `normaliseCode`); another spelling is a change of `code`.
 */
export function diffMaps(before: CodeMap, after: CodeMap): Difference[] {
  const [older, newer] = [listed(before), listed(after)];
  const keys = new Set([...newer.keys(), ...older.keys()]);
  return [...keys].flatMap((key) => difference(older.get(key), newer.get(key)) ?? []);
}

interface Listed {
  readonly entry: CodeEntry;
  readonly values: ReadonlyMap<string, string>;
}

function listed(map: CodeMap): Map<string, Listed> {
  const entries = map.tables.flatMap((table) => table.entries.map((entry) => ({ table, entry })));
  return new Map(
    entries.map(({ table, entry }) => [
      JSON.stringify([entry.provider, entry.scope, normaliseCode(entry.code)]),
      { entry, values: valuesOf(table, entry) },
    ]),
  );
}

function valuesOf({ channel }: CodeTable, entry: CodeEntry): Map<string, string> {
  const all: Readonly<Record<string, unknown>> = { ...entry, channel };
  return new Map(fields.flatMap((field) => (all[field] === undefined ? [] : [[field, String(all[field])]])));
}

function difference(before: Listed | undefined, after: Listed | undefined): Difference | undefined {
  const entry = (after ?? before)?.entry;
  const changes = fields
    .map((field) => ({
      field,
      before: before?.values.get(field) ?? null,
      after: after?.values.get(field) ?? null,
    }))
    .filter((own) => own.before !== own.after);
  if (entry === undefined || changes.length === 0) return undefined;
  const change = before === undefined ? "added" : after === undefined ? "removed" : "changed";
  return { provider: entry.provider, scope: entry.scope, code: entry.code, change, fields: changes };
}
