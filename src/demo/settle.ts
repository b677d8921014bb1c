import { type Sample, sumBy } from "../../test/lab/scrape.ts";
import type { Sent } from "./stream.ts";

/** The exporter's counts from its metrics, with the same keys as what was sent. */
export interface Counted {
  readonly codes: Map<string, number>;
  readonly categories: Map<string, number>;
  readonly malformed: Map<string, number>;
}

/** Reads the counts from a scrape; series at 0 are left out. */
export function readCounts(samples: readonly Sample[]): Counted {
  const seen = (name: string, keyOf: (labels: Sample["labels"]) => string) =>
    new Map([...sumBy(samples, name, keyOf)].filter(([, value]) => value !== 0));
  return {
    codes: seen("dlr_receipts_total", ({ scope, code }) => `${scope} ${code}`),
    categories: seen("dlr_receipts_total", ({ category }) => `${category}`),
    malformed: seen("dlr_malformed_records_total", ({ reason }) => `${reason}`),
  };
}

/** Every difference between sent and counted, one line each; empty when all is exact. */
export function differences(sent: Sent, counted: Counted): string[] {
  return (["codes", "categories", "malformed"] as const).flatMap((kind) => {
    const keys = [...new Set([...sent[kind].keys(), ...counted[kind].keys()])].sort();
    return keys
      .map((key) => ({ key, sent: sent[kind].get(key) ?? 0, counted: counted[kind].get(key) ?? 0 }))
      .filter((row) => row.sent !== row.counted)
      .map((row) => `${kind} ${row.key}: sent ${row.sent}, counted ${row.counted}`);
  });
}

/** The table of sent and counted, by category, ending with the malformed records by reason. */
export function renderSummary(sent: Sent, counted: Counted): string {
  const row = (name: string, ...cells: (string | number)[]) =>
    name.padEnd(28) + cells.map((cell) => cell.toLocaleString("en").padStart(12)).join("");
  const rows = (["categories", "malformed"] as const).flatMap((kind) =>
    [...sent[kind]]
      .toSorted(([, a], [, b]) => b - a)
      .map(([name, value]) =>
        row(kind === "malformed" ? `malformed: ${name}` : name, value, counted[kind].get(name) ?? 0),
      ),
  );
  return [row("category", "sent", "counted"), ...rows, ""].join("\n");
}
