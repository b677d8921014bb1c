import {
  type IgnoredKind,
  ignoredKinds,
  type MalformedReason,
  malformedReasons,
} from "../receipts/receipt.ts";
import type { KeyCounter } from "./counter.ts";
import type { Counts } from "./counts.ts";

/** Malformed records by reason, without reasons at 0. */
export function malformedIn({ bySlot }: Counts): Map<MalformedReason, number> {
  return new Map(
    malformedReasons.map((reason, slot) => [reason, bySlot[slot] ?? 0] as const).filter(([, n]) => n > 0),
  );
}

/** Records that are not meant to be receipts, by kind, without kinds at 0. */
export function ignoredIn({ counters, bySlot }: Counts): Map<IgnoredKind, number> {
  const slotOf = (kind: IgnoredKind) =>
    counters.findIndex((counter) => counter.kind === "ignored" && counter.what === kind);
  return new Map(
    ignoredKinds.map((kind) => [kind, bySlot[slotOf(kind)] ?? 0] as const).filter(([, n]) => n > 0),
  );
}

/** Receipts with a success flag that contradicts the code, or is unknown. */
export function conflictsIn({ counters, bySlot }: Counts): number {
  return counters.reduce(
    (sum, counter, slot) => sum + (counter.kind === "conflicts" ? (bySlot[slot] ?? 0) : 0),
    0,
  );
}

/** How many receipts came before, and how many lacked a part of their key. */
export function keysIn({ counters, bySlot }: Counts): Record<KeyCounter["kind"], number> {
  const sums = { duplicates: 0, unkeyed: 0 };
  for (const [slot, { kind }] of counters.entries())
    if (kind === "duplicates" || kind === "unkeyed") sums[kind] += bySlot[slot] ?? 0;
  return sums;
}
