import {
  type IgnoredKind,
  ignoredKinds,
  type MalformedReason,
  malformedReasons,
} from "../receipts/receipt.ts";
import type { KeyCounter } from "./counter.ts";
import type { Counts } from "./counts.ts";

/** How many records were malformed, by reason; reasons that never came are left out. */
export function malformedIn({ bySlot }: Counts): Map<MalformedReason, number> {
  return new Map(
    malformedReasons.map((reason, slot) => [reason, bySlot[slot] ?? 0] as const).filter(([, n]) => n > 0),
  );
}

/** How many records were no receipts by intent, by kind; kinds that never came are left out. */
export function ignoredIn({ counters, bySlot }: Counts): Map<IgnoredKind, number> {
  const slotOf = (kind: IgnoredKind) =>
    counters.findIndex((counter) => counter.kind === "ignored" && counter.what === kind);
  return new Map(
    ignoredKinds.map((kind) => [kind, bySlot[slotOf(kind)] ?? 0] as const).filter(([, n]) => n > 0),
  );
}

/** How many receipts had a success flag that their code contradicts, or one that nobody understands. */
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
