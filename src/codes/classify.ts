import type { Flag } from "../receipts/receipt.ts";
import type { CodeEntry, CodeMap } from "./code-map.ts";
import { labelOfUnknown, noCode } from "./label.ts";
import type { Outcome } from "./verdict.ts";

/** What a receipt counts as. */
export interface Verdict {
  readonly category: string;
  readonly outcome: Outcome;
  /** The receipt's flag and its code contradict each other, and the flag has won; or nobody understands the flag. */
  readonly conflict: boolean;
  /** Safe as a label: the map's spelling, `_none`, `_redacted`, or the code as sent with escapes. */
  readonly code: string;
  /** What the map says of the code; undefined when no table that was asked lists it; of a fallback it has its provider. */
  readonly entry: CodeEntry | undefined;
}

/** The categories that a verdict can have whatever the map lists; every map must define them. */
export const ownCategories = ["delivered", "accepted", "unknown"] as const;

/**
 * Judges one receipt: its flag decides what became of the message, its code explains why.
 *
 * A flag of success gives `delivered` or `accepted`. A flag of failure gives the category of the map, or
 * `unknown` when the map does not list the code or lists it as a success. Without a flag the map decides alone; with one
 * that nobody understands it does too, and that is a conflict, so that a misread provider shows.
 *
 * @param provider whose receipt it is: no other provider's tables are asked, but those of `fallback`
 * @param scope the table that the code belongs to; `api` for an answer that does not name its API
 * @param code as sent; blank when the receipt has none
 * @param fallback the providers whose table of the scope is asked, one after the other, for a code that the provider's
 *   own does not list
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

/** The category of what is under way, where the map has one. */
function onItsWay(map: CodeMap): string {
  return map.categories.has("in_progress") ? "in_progress" : "unknown";
}
