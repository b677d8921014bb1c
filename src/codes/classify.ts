import type { Flag } from "../receipts/receipt.ts";
import type { CodeEntry, CodeMap } from "./code-map.ts";
import { labelOfUnknown, noCode } from "./label.ts";
import type { Outcome } from "./verdict.ts";

/** The classification of a receipt. */
export interface Verdict {
  readonly category: string;
  readonly outcome: Outcome;
  /** The flag contradicts the code, in which case the flag decides; or the flag is unknown. */
  readonly conflict: boolean;
  /** Safe as a label: as spelt in the map, `_none`, `_redacted`, or the code as sent with escapes. */
  readonly code: string;
  /** The map's entry; undefined when no table lists the code; one of a fallback has that provider. */
  readonly entry: CodeEntry | undefined;
}

/** The categories that a verdict may have with any map; every map must define them. */
export const ownCategories = ["delivered", "accepted", "unknown"] as const;

/**
 * Classifies one receipt: its flag decides the outcome, its code the reason.
 *
 * With a success flag the category is `delivered` or `accepted`. With a failure flag it is that of the map, or
 * `unknown` when the map does not list the code or lists it as a success. Without a flag the map decides alone; with
 * an unknown flag it does too, and that counts as a conflict, so that a misread provider is noticed.
 *
 * @param provider the receipt's provider: no other provider's tables are used, except those of `fallback`
 * @param scope the table of the code; `api` for a response that does not name its API
 * @param code as sent; blank when the receipt has none
 * @param fallback providers whose table of the scope is tried, in order, for a code that the provider's own does not
 *   list
 */
export function classify(
  map: CodeMap,
  provider: string,
  scope: string,
  flag: Flag,
  code: string,
  fallback: readonly string[] = [],
): Verdict {
  const entry = map.lookup(provider, scope, code) ?? map.lookupAmong(fallback, scope, code);
  const label = entry?.code ?? (code.trim() === "" ? noCode : labelOfUnknown(code));
  const success = entry !== undefined && (entry.outcome === "delivered" || entry.outcome === "accepted");
  const reason = success ? undefined : entry;
  switch (flag) {
    case "delivered":
    case "accepted":
      return { category: flag, outcome: flag, conflict: reason !== undefined, code: label, entry };
    case "failed":
      return {
        category: reason?.category ?? "unknown",
        outcome: reason?.outcome ?? "failed",
        conflict: success,
        code: label,
        entry,
      };
    case "refused":
      return {
        category: reason?.category ?? "unknown",
        outcome: "request_rejected",
        conflict: success,
        code: label,
        entry,
      };
    case "pending":
      return {
        category: entry?.outcome === "in_progress" ? entry.category : onItsWay(map),
        outcome: "in_progress",
        conflict: entry !== undefined && entry.outcome !== "in_progress",
        code: label,
        entry,
      };
    case "none":
    case "unread":
      return {
        category: entry?.category ?? "unknown",
        outcome: entry?.outcome ?? "unknown",
        conflict: flag === "unread",
        code: label,
        entry,
      };
  }
}

/** The category of messages under way, if the map has one. */
function onItsWay(map: CodeMap): string {
  return map.categories.has("in_progress") ? "in_progress" : "unknown";
}
