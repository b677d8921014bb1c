import type { CodeMap } from "../../codes/code-map.ts";
import { codeOfLabel, noCode, safeLabel } from "../../codes/label.ts";

/** Receipts with one code that counted as unknown. */
export interface CodeCount {
  readonly provider: string;
  readonly channel: string;
  readonly scope: string;
  /** As in the label. */
  readonly code: string;
  readonly outcome: string;
  readonly count: number;
  /** The times of the first and the last, in ms since the epoch; undefined if not known. */
  readonly firstAt: number | undefined;
  readonly lastAt: number | undefined;
}

/** The counts of a source of receipts. */
export interface Counted {
  /** Those in category `unknown`; several may have the same code. */
  readonly unknown: readonly CodeCount[];
  /** All its receipts, by {@link totalKey}. */
  readonly totals: ReadonlyMap<string, number>;
  /** The resolution of the times, in ms; undefined if they are exact. */
  readonly stepMs: number | undefined;
}

/** A code that no table lists, with the sum of its receipts. */
export interface Occurrence extends CodeCount {
  /** Share of the receipts of its provider and channel, 0 to 1. */
  readonly share: number | undefined;
}

/** The key of the totals. */
export function totalKey({ provider, channel }: Pick<CodeCount, "provider" | "channel">): string {
  return `${provider} ${channel}`;
}

/** Names of providers and scopes, as in every code map. */
const name = /^[a-z][a-z0-9_]{0,63}$/;

/**
 * The codes that a map does not list, the most frequent first. Receipts without a code are left out, and so are
 * successes with a failure flag, which are unknown, but listed.
 *
 * @param wanted the provider and the scope to keep; undefined keeps all
 */
export function occurrencesOf(
  { unknown, totals }: Counted,
  map: CodeMap,
  wanted: { readonly provider: string | undefined; readonly scope: string | undefined },
): Occurrence[] {
  const own = unknown
    .filter(({ provider, scope }) => name.test(provider) && name.test(scope))
    .filter(({ provider }) => wanted.provider === undefined || provider === wanted.provider)
    .filter(({ scope }) => wanted.scope === undefined || scope === wanted.scope)
    .filter(
      ({ provider, scope, code }) => map.lookup(provider, scope, codeOfLabel(code) ?? code) === undefined,
    )
    // A server may return anything.
    .map((row) => ({ ...row, code: safeLabel(row.code) }))
    .filter(({ code, count }) => code !== noCode && count > 0);
  const keyOf = (row: CodeCount) => [row.provider, row.channel, row.scope, row.code, row.outcome].join("\t");
  return [...Map.groupBy(own, keyOf)]
    .flatMap(([key, [first, ...others]]) =>
      first === undefined ? [] : { key, row: others.reduce(sumOf, first) },
    )
    .sort((a, b) => b.row.count - a.row.count || (a.key < b.key ? -1 : 1))
    .map(({ row }) => {
      const total = totals.get(totalKey(row)) ?? 0;
      return { ...row, share: total > 0 ? Math.min(1, row.count / total) : undefined };
    });
}

function sumOf(a: CodeCount, b: CodeCount): CodeCount {
  const pick = (choose: (...times: number[]) => number, times: readonly (number | undefined)[]) => {
    const known = times.filter((time) => time !== undefined);
    return known.length === 0 ? undefined : choose(...known);
  };
  return {
    ...a,
    count: a.count + b.count,
    firstAt: pick(Math.min, [a.firstAt, b.firstAt]),
    lastAt: pick(Math.max, [a.lastAt, b.lastAt]),
  };
}
