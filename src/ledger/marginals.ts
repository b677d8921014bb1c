import { noValue, otherValue, valuePlaceholders } from "../receipts/dimensions/dimension.ts";
import type { Counter, DimensionCounter, ReceiptCounter } from "./counter.ts";
import { Frequent } from "./frequent.ts";

/** The receipts of one provider, channel, category and outcome, by the values of each dimension. */
export interface Column {
  readonly of: Pick<ReceiptCounter, "provider" | "channel" | "category" | "outcome">;
  /** By the dimension's index: the slot of each named value. */
  readonly slots: readonly Map<string, number>[];
}

/** Opens and closes counters. */
export interface OpenCells {
  /** The slot of a counter, which is opened if new. */
  slot(counter: Counter): number;
  /** Closes a counter; its key may be opened again. */
  closeOne(slot: number): void;
}

interface NamedValues {
  readonly dimension: string;
  /** The values with counters of their own. */
  readonly names: Set<string>;
  /** The maximum number of those. */
  room: number;
  /** Unnamed values, by frequency. */
  readonly waiting: Frequent;
  /** The count of each named value when unnamed values were last considered; undefined before the first time. */
  before: ReadonlyMap<string, number> | undefined;
}

/** An unnamed value must have come this often to replace a named one. */
export const leastWaiting = 20;
/** And this many times as often as the other. */
export const clearlyMore = 2;
/** How many values of a dimension may be replaced at once: closed counters stay in memory as long as the ledger. */
export const mostTurns = 4;

/**
 * Counts receipts by the topic's dimensions: in each dimension, every receipt counts under one value.
 *
 * The first values are named until there is no room; others are `_other`. An unnamed value that is clearly more
 * frequent replaces the least frequent named one, whose counts go to `_other`. So the values always add up to the
 * receipts.
 */
export class Marginals {
  readonly #dimensions: readonly NamedValues[];
  readonly #cells: OpenCells;
  readonly #columns = new Map<string, Column>();

  /**
   * @param dimensions their names, in the order of receipts' values
   * @param room maximum number of named values in each
   * @param cells opens and closes their counters
   */
  constructor(dimensions: readonly string[], room: number, cells: OpenCells) {
    this.#dimensions = dimensions.map((dimension) => ({
      ...{ dimension, room, before: undefined },
      names: new Set(),
      waiting: new Frequent(Math.max(16, 4 * room)),
    }));
    this.#cells = cells;
  }

  /** Number of dimensions. */
  get size(): number {
    return this.#dimensions.length;
  }

  /** Number of values with counters of their own. */
  get named(): number {
    return this.#dimensions.reduce((sum, { names }) => sum + names.size, 0);
  }

  /** The column for the receipts of a cell. */
  column({ provider, channel, category, outcome }: Column["of"]): Column {
    const key = `${provider}\t${channel}\t${category}\t${outcome}`;
    let column = this.#columns.get(key);
    if (column === undefined) {
      const slots = this.#dimensions.map(() => new Map<string, number>());
      column = { of: { provider, channel, category, outcome }, slots };
      this.#columns.set(key, column);
    }
    return column;
  }

  /** The slot of a receipt's value in one dimension. */
  slot(column: Column, place: number, value: string = noValue): number {
    return column.slots[place]?.get(value) ?? this.#find(column, place, value);
  }

  /** The slot of a committed counter; -1 if the topic does not have its dimension. */
  slotAgain(counter: DimensionCounter): number {
    const place = this.#dimensions.findIndex(({ dimension }) => dimension === counter.dimension);
    const dimension = this.#dimensions[place];
    if (dimension === undefined) return -1;
    if (counter.value !== otherValue) dimension.names.add(counter.value);
    return this.#slotOf(this.column(counter), place, counter.value);
  }

  /**
   * Moves the counts of the rarest values of each dimension into its `_other`. From then on a value is named only by
   * replacing another.
   *
   * @param bySlot the count of each counter
   * @param share which part of them, 0 to 1; at least one
   * @returns how many were folded; 0 when there are none left
   */
  foldRarest(bySlot: number[], share: number): number {
    let folded = 0;
    for (const [place, dimension] of this.#dimensions.entries()) {
      const ranked = this.#ranked(place, bySlot);
      const rarest = ranked.slice(0, Math.ceil(ranked.length * share));
      for (const { value } of rarest) this.#fold(place, value, bySlot);
      folded += rarest.length;
      dimension.room = dimension.names.size;
    }
    return folded;
  }

  /** Names the placeholders for missing and hidden values in advance, so that no other value takes their room. */
  reserve(): void {
    for (const { names } of this.#dimensions)
      for (const value of valuePlaceholders) if (value !== otherValue) names.add(value);
  }

  /**
   * Like {@link foldRarest}, but folds the rarer half of the values of all dimensions together: a dimension with few
   * frequent values keeps them. Placeholders are kept.
   *
   * @param bySlot the count of each counter
   */
  foldRarerHalf(bySlot: number[]): void {
    const ranked = this.#dimensions
      .flatMap((_, place) => this.#ranked(place, bySlot).map((one) => ({ ...one, place })))
      .filter(({ value }) => !isMany(value))
      .sort((a, b) => a.count - b.count);
    for (const { place, value } of ranked.slice(0, Math.ceil(ranked.length / 2)))
      this.#fold(place, value, bySlot);
    for (const dimension of this.#dimensions) dimension.room = dimension.names.size;
  }

  /**
   * Lets frequent values replace those that have become rare. Placeholders are named as soon as they occur.
   *
   * @param bySlot the count of each counter
   * @param decide whether it is time for that; then all frequencies start over
   */
  turn(bySlot: number[], decide: boolean): void {
    for (const [place, dimension] of this.#dimensions.entries()) {
      const waiting = dimension.waiting
        .top()
        .filter(({ value }) => !dimension.names.has(value) && (decide || isMany(value)))
        .sort((a, b) => Number(isMany(b.value)) - Number(isMany(a.value)) || b.count - a.count);
      if (waiting.length === 0 && !decide && dimension.before !== undefined) continue;
      const now = new Map(this.#ranked(place, bySlot).map(({ value, count }) => [value, count]));
      dimension.before ??= now;
      const rarest = [...now]
        .filter(([value]) => !isMany(value))
        .map(([value, count]) => ({ value, came: count - (dimension.before?.get(value) ?? 0) }))
        .sort((a, b) => a.came - b.came);
      for (const [turn, { value, count }] of waiting.slice(0, mostTurns).entries()) {
        const least = rarest[turn];
        const isFrequent = least !== undefined && count >= leastWaiting && count >= clearlyMore * least.came;
        if (least === undefined || !(isFrequent || isMany(value))) break;
        this.#fold(place, least.value, bySlot);
        dimension.names.add(value);
      }
      if (decide) {
        dimension.before = now;
        dimension.waiting.clear();
      }
    }
  }

  /** The named values of a dimension with their recent counts, the rarest first; placeholders last. */
  #ranked(place: number, bySlot: readonly number[]): { readonly value: string; readonly count: number }[] {
    return [...(this.#dimensions[place]?.names ?? [])]
      .map((value) => ({ value, count: this.#total(place, value, bySlot) }))
      .sort((a, b) => Number(isMany(a.value)) - Number(isMany(b.value)) || a.count - b.count);
  }

  /** Folds a value into `_other`. */
  #fold(place: number, value: string, bySlot: number[]): void {
    this.#dimensions[place]?.names.delete(value);
    for (const column of this.#columns.values()) {
      const from = column.slots[place]?.get(value);
      if (from === undefined) continue;
      column.slots[place]?.delete(value);
      const to = this.#slotOf(column, place, otherValue);
      while (bySlot.length <= to) bySlot.push(0);
      bySlot[to] = (bySlot[to] ?? 0) + (bySlot[from] ?? 0);
      bySlot[from] = -1;
      this.#cells.closeOne(from);
    }
  }

  #find(column: Column, place: number, value: string): number {
    const dimension = this.#dimensions[place];
    if (dimension === undefined) throw new RangeError(`a topic has no dimension ${place}`);
    const { names, room, waiting } = dimension;
    if (value === otherValue || names.has(value)) return this.#slotOf(column, place, value);
    if (names.size >= room) {
      waiting.add(value);
      return this.#slotOf(column, place, otherValue);
    }
    names.add(value);
    return this.#slotOf(column, place, value);
  }

  #slotOf(column: Column, place: number, value: string): number {
    const known = column.slots[place]?.get(value);
    if (known !== undefined) return known;
    const dimension = this.#dimensions[place]?.dimension ?? "";
    const slot = this.#cells.slot({ kind: "receiptsBy", ...column.of, dimension, value });
    column.slots[place]?.set(value, slot);
    return slot;
  }

  #total(place: number, value: string, bySlot: readonly number[]): number {
    let total = 0;
    for (const { slots } of this.#columns.values()) {
      const slot = slots[place]?.get(value);
      if (slot !== undefined) total += bySlot[slot] ?? 0;
    }
    return total;
  }
}

function isMany(value: string): boolean {
  return valuePlaceholders.includes(value);
}
