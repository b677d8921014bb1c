import { type Place, type Problem, sentence } from "../diagnostics.ts";
import type { Flag } from "../receipts/receipt.ts";
import type { Value, YamlReader } from "../yaml/reader.ts";
import { classify } from "./classify.ts";
import type { CodeMap } from "./code-map.ts";
import { type Outcome, outcomes } from "./verdict.ts";

/** A row of `tests:` in a code map: a receipt, and its expected verdict. */
export interface TestRow {
  readonly provider: string;
  readonly scope: string;
  readonly code: string;
  readonly flag: Flag;
  readonly category: string;
  readonly outcome: Outcome;
  readonly place: Place;
}

export const flags = [
  "delivered",
  "failed",
  "accepted",
  "refused",
  "none",
] as const satisfies readonly Flag[];

/**
 * Reads a map's test rows; malformed ones are added to the reader's problems.
 *
 * @param value the sequence under `tests:`, undefined when the file has none
 * @param map must contain the rows' providers, scopes and categories
 */
export function readTestRows(reader: YamlReader, value: Value | undefined, map: CodeMap): TestRow[] {
  const providers = map.providers();
  const scopesOf = new Map(providers.map((provider) => [provider, map.scopes(provider)]));
  const categories = [...map.categories.keys()];
  return reader.items(value, "tests").flatMap((item) => {
    const fields = reader.record(item, "a test", [
      "provider",
      "scope",
      "code",
      "flag",
      "category",
      "outcome",
    ]);
    const provider = reader.choice(fields.provider, "provider", providers);
    const scope = reader.choice(fields.scope, "scope", scopesOf.get(provider ?? "") ?? []);
    const code = reader.scalar(fields.code, "code");
    const flag = reader.choice(fields.flag, "flag", flags);
    const category = reader.choice(fields.category, "category", categories);
    const outcome = reader.choice(fields.outcome, "outcome", outcomes);
    if (!provider || !scope || code === undefined || !flag || !category || !outcome) return [];
    return { provider, scope, code, flag, category, outcome, place: reader.placeOf(item.at) };
  });
}

/**
 * Runs a map's own test rows.
 *
 * @returns one problem for each row that fails
 */
export function runMapTests(map: CodeMap, tests: readonly TestRow[]): Problem[] {
  return tests.flatMap(({ provider, scope, code, flag, category, outcome, place }) => {
    const verdict = classify(map, provider, scope, flag, code);
    if (verdict.category === category && verdict.outcome === outcome) return [];
    const is = `${verdict.category}, ${verdict.outcome}`;
    const message = `${provider}/${scope} "${code}" (${flag}) is ${is}; the test says ${category}, ${outcome}`;
    const hint =
      verdict.entry === undefined
        ? "The table does not list the code."
        : `The table lists it as "${verdict.entry.code}": ${verdict.entry.category}, ${verdict.entry.outcome}.`;
    return { ...place, message: sentence(message), hint: sentence(hint) };
  });
}
