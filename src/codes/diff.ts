import type { CodeEntry, CodeMap, CodeTable } from "./code-map.ts";
import { normaliseCode } from "./normalise.ts";

const fields = [
  ...["channel", "code", "category", "outcome", "fault", "retryable"],
  ...["zh", "en", "detail", "remedy", "remedyEn", "note"],
] as const;

/** A difference between two maps for one code. */
export interface Difference {
  readonly provider: string;
  readonly scope: string;
  /** As spelt in the newer map, or in the older one if the newer no longer lists it. */
  readonly code: string;
  readonly change: "added" | "removed" | "changed";
  /** The fields that differ, in the order of the file format; all fields of a code that was added or removed. */
  readonly fields: readonly FieldChange[];
}

export interface FieldChange {
  readonly field: string;
  /** Null if the older map has no value. */
  readonly before: string | null;
  /** Null if the newer map has no value. */
  readonly after: string | null;
}

/**
 * The differences between two maps, in the order of the newer one; codes that only the older one lists come last.
 * Codes are the same if their comparison keys are (see `normaliseCode`); another spelling is a change of `code`.
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
