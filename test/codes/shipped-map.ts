import type { CodeMap } from "../../src/codes/code-map.ts";
import { loadCodeMap } from "../../src/codes/load.ts";
import type { TestRow } from "../../src/codes/test-rows.ts";

/** The map that the project ships, with its own test rows. */
export async function shippedMap(): Promise<{ map: CodeMap; tests: readonly TestRow[] }> {
  const parsed = await loadCodeMap("config/code-map.yaml");
  if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems, null, 2));
  return parsed;
}
