import type { CodeMap } from "../../codes/code-map.ts";
import { codeOfLabel, noCode, safeLabel } from "../../codes/label.ts";

/** Receipts of one code that counted as unknown. */
export interface CodeCount {
  readonly provider: string;
  readonly channel: string;
  readonly scope: string;
  /** As a label has it. */
  readonly code: string;
  readonly outcome: string;
  readonly count: number;
  /** When the first and the last of them happened, in ms since the epoch; undefined where nobody knows. */
  readonly firstAt: number | undefined;
  readonly lastAt: number | undefined;
}

/** What a source of receipts has counted. */
export interface Counted {
  /** Those in the category `unknown`; several may be of one code. */
  readonly unknown: readonly CodeCount[];
  /** All its receipts, by {@link totalKey}. */
  readonly totals: ReadonlyMap<string, number>;
  /** How long the steps are that the times are known by, in ms; undefined where they are exact. */
  readonly stepMs: number | undefined;
}

/** A code that no table which was asked lists, the sum of its receipts. */
export interface Occurrence extends CodeCount {
  /** Of the receipts of its provider and channel, from 0 to 1. */
  readonly share: number | undefined;
}

/** By what totals are kept. */
export function totalKey({ provider, channel }: Pick<CodeCount, "provider" | "channel">): string {
  return `${provider} ${channel}`;
}

/** Names of providers and scopes, as every code map has them. */
const name = /^[a-z][a-z0-9_]{0,63}$/;

/**
 * The codes that a map does not list, the most frequent first. A receipt without a code has none, and a success under a
 * flag that says failed is unknown, but listed.
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
    // A server may have been told anything.
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
