import { table } from "../table.ts";
import type { SeriesLabels } from "./counts.ts";

/** How one map classifies a receipt. */
export interface Place {
  readonly code: string;
  readonly category: string;
  readonly outcome: string;
}

/** Receipts of one code and day that two maps classify differently. */
export interface Move {
  readonly topic: string;
  readonly provider: string;
  readonly scope: string;
  /** The local day, such as `2026-10-03`. */
  readonly day: string;
  /** With the old map. */
  readonly before: Place;
  /** With the new map. */
  readonly after: Place;
  readonly count: number;
}

const dayMs = 86_400_000;

/** The effect of replacing a map: which receipts move, by code and by day. */
export class Moves {
  readonly #moves = new Map<string, Move>();
  #receipts = 0;

  /** All receipts that were added, moved or not. */
  get receipts(): number {
    return this.#receipts;
  }

  /** How many of them move. */
  get moved(): number {
    return sumOf([...this.#moves.values()]);
  }

  /**
   * Adds receipts that belong to one series with the old map and one with the new. They move if the category or
   * outcome differs, but not if only the code is spelt differently.
   *
   * @param day of their event, in local days since 1970-01-01
   */
  add(before: SeriesLabels, after: SeriesLabels, day: number, count: number): void {
    this.#receipts += count;
    if (before.category === after.category && before.outcome === after.outcome) return;
    const { topic, provider, scope } = after;
    const move = {
      topic,
      provider,
      scope,
      day: new Date(day * dayMs).toISOString().slice(0, 10),
      before: placeOf(before),
      after: placeOf(after),
    };
    const key = keyOf(move);
    this.#moves.set(key, { ...move, count: count + (this.#moves.get(key)?.count ?? 0) });
  }

  /** Adds receipts that both maps classify alike. */
  keep(count: number): void {
    this.#receipts += count;
  }

  /** Sorted by day, then topic, provider, scope, code and the two places. */
  all(): Move[] {
    return [...this.#moves].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, move]) => move);
  }
}

function placeOf({ code, category, outcome }: SeriesLabels): Place {
  return { code, category, outcome };
}

function keyOf({ day, topic, provider, scope, before, after }: Omit<Move, "count">): string {
  const places = [before, after].flatMap(({ code, category, outcome }) => [code, category, outcome]);
  return [day, topic, provider, scope, ...places].join("\t");
}

/** The moves as English text: by old and new place, by code, and by day. */
export function movesText(moves: Moves): string {
  const { moved, receipts } = moves;
  const all = moves.all();
  if (moved === 0) return `None of ${receipts} receipts would move: both maps classify them alike.\n`;
  const share = ((100 * moved) / receipts).toFixed(1);
  return [
    `${moved} of ${receipts} receipts would move (${share} %).\n`,
    table([
      ["FROM", "TO", "COUNT"],
      ...mostFirst(all, ({ before, after }) => [inShort(before), inShort(after)]),
    ]),
    table([
      ["PROVIDER", "SCOPE", "CODE", "FROM", "TO", "COUNT"],
      ...mostFirst(all, ({ provider, scope, before, after }) => [
        provider,
        scope,
        before.code === after.code ? after.code : `${before.code} → ${after.code}`,
        inShort(before),
        inShort(after),
      ]),
    ]),
    table([["DAY", "FROM", "TO", "COUNT"], ...byDay(all)]),
  ].join("\n");
}

function inShort({ category, outcome }: Place): string {
  return category === outcome ? category : `${category} (${outcome})`;
}

/** Moves with the same cells as one row, the largest number first. */
function mostFirst(all: readonly Move[], cellsOf: (move: Move) => string[]): (string | number)[][] {
  return [...Map.groupBy(all, (move) => cellsOf(move).join("\t"))]
    .map(([key, own]) => ({ key, count: sumOf(own) }))
    .sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1))
    .map(({ key, count }) => [...key.split("\t"), count]);
}

function byDay(all: readonly Move[]): (string | number)[][] {
  const days = Map.groupBy(all, ({ day }) => day);
  return [...days].flatMap(([, own]) =>
    mostFirst(own, ({ day, before, after }) => [day, inShort(before), inShort(after)]),
  );
}

function sumOf(moves: readonly Move[]): number {
  return moves.reduce((sum, { count }) => sum + count, 0);
}
