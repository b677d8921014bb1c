import type { Span } from "./calendar.ts";
import type { Alert } from "./rules.ts";

/** When an alert fires for a provider; minutes since the month's first, the end not included. */
export interface Episode extends Span {
  readonly provider: string;
}

/**
 * From where an expression holds to where its alert fires, as Prometheus does it: after `for`, and for
 * `keep_firing_for` after it has ceased to hold. The end of the month ends what fires.
 *
 * @param holds whether the expression holds, each minute
 */
export function firingSpans(holds: Uint8Array, { wait, keep }: Pick<Alert, "wait" | "keep">): Span[] {
  const spans: Span[] = [];
  let activeAt: number | undefined;
  let firedAt: number | undefined;
  let ceasedAt: number | undefined;
  for (const [minute, held] of holds.entries()) {
    if (held === 1) {
      ceasedAt = undefined;
      activeAt ??= minute;
      if (firedAt === undefined && minute - activeAt >= wait) firedAt = minute;
      continue;
    }
    if (firedAt !== undefined) {
      ceasedAt ??= minute;
      if (minute - ceasedAt < keep) continue;
      spans.push({ start: firedAt, end: minute });
    }
    activeAt = firedAt = ceasedAt = undefined;
  }
  if (firedAt !== undefined) spans.push({ start: firedAt, end: holds.length });
  return spans;
}
