import { channels, outcomes } from "../../codes/verdict.ts";
import type { DimensionCounter } from "../counter.ts";
import type { ByteReader, ByteWriter } from "./bytes.ts";
import { readTexts, readWord, writeTexts, writeWord } from "./cells.ts";
import { known } from "./state.ts";

/** A value's counter with its count. */
export interface CountedValue {
  readonly counter: DimensionCounter;
  readonly count: number;
}

type Column = Pick<DimensionCounter, "provider" | "channel" | "category" | "outcome">;

/** The longest value that is accepted, in UTF-16 units: longer than any real one. */
const longestValue = 256;

/**
 * Writes the values of all dimensions: the columns that have counts, then each dimension with its values, then all
 * counts, column by column, where they compress best; most are 0 and take a bit.
 *
 * `_other` is what the named values leave of the receipts, and is left out. It is written only while no scrape has
 * seen it.
 */
export function writeValues(out: ByteWriter, entries: readonly CountedValue[]): void {
  const columns = new Map<string, Column>();
  const dimensions = new Map<string, Map<string, Map<string, number>>>();
  for (const { counter, count } of entries) {
    const column = keyOf(counter);
    columns.set(column, counter);
    const values = orNew(dimensions, counter.dimension, () => new Map<string, Map<string, number>>());
    orNew(values, counter.value, () => new Map<string, number>()).set(column, count);
  }
  out.natural(columns.size);
  for (const { provider, channel, category, outcome } of columns.values()) {
    for (const word of [provider, channel, category, outcome]) writeWord(out, word);
  }
  out.natural(dimensions.size);
  const rows: ReadonlyMap<string, number>[] = [];
  for (const [dimension, values] of dimensions) {
    const sorted = [...values].sort(([a], [b]) => (a < b ? -1 : 1));
    out.text(dimension);
    writeTexts(
      out,
      sorted.map(([value]) => value),
    );
    rows.push(...sorted.map(([, row]) => row));
  }
  for (const column of columns.keys()) for (const row of rows) out.natural(row.get(column) ?? 0);
}

/**
 * Reads what {@link writeValues} wrote.
 *
 * @throws Error with a reason for anything else
 */
export function readValues(from: ByteReader): CountedValue[] {
  const columns: Column[] = [];
  for (let left = from.natural(); left > 0; left--) {
    const provider = readWord(from);
    const channel = known(channels, readWord(from));
    const category = readWord(from);
    columns.push({ provider, channel, category, outcome: known(outcomes, readWord(from)) });
  }
  const values: { readonly dimension: string; readonly value: string }[] = [];
  for (let left = from.natural(); left > 0; left--) {
    const dimension = from.text();
    for (const value of readTexts(from)) {
      if (value.length > longestValue) throw new Error("a value is too long for a label");
      values.push({ dimension, value });
    }
  }
  const entries: CountedValue[] = [];
  for (const column of columns) {
    for (const value of values) {
      const count = from.natural();
      if (count > 0) entries.push({ counter: { kind: "receiptsBy", ...column, ...value }, count });
    }
  }
  return entries;
}

function keyOf({ provider, channel, category, outcome }: Column): string {
  return `${provider}\t${channel}\t${category}\t${outcome}`;
}

function orNew<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
