import { otherCode } from "../ledger/cells.ts";
import { commonestValues, totalsBy } from "../ledger/commonest.ts";
import type { Counter, DimensionCounter, ReceiptCounter } from "../ledger/counter.ts";
import { otherValue } from "../receipts/dimensions/dimension.ts";
import type { SeriesLabels, ValueLabels } from "./counts.ts";
import type { TallyState } from "./tally.ts";
import { totalsOf } from "./timeline.ts";

/** What keeps its own label. */
export interface Naming {
  /** Whether a code is listed in the map; of the unlisted ones only the most common keep their label. */
  readonly isListed: (cell: SeriesLabels) => boolean;
  /** How many unlisted codes keep their label in each topic; the rest are `_other`. */
  readonly unknownCodes: number;
  /** How many values of each dimension keep their label in each topic; the rest are `_other`. */
  readonly dimensionValues: number;
}

/** The labels of a tally's slots. */
export interface Named<Labels> {
  /** By slot; undefined for slots of another kind. */
  readonly slotLabels: readonly (Labels | undefined)[];
  /** How many have become `_other`. */
  readonly unnamed: number;
}

/** Of the unlisted codes the most common keep their label; ties are broken by name. */
export function namedCodes(
  { topic, counters, blocks }: TallyState,
  { isListed, unknownCodes }: Pick<Naming, "isListed" | "unknownCodes">,
): Named<SeriesLabels> {
  const slotTotals = totalsOf(blocks);
  const cells = counters.map((counter) => (isCell(counter) ? labelsOf(topic, counter) : undefined));
  const limited = cells.map((cell) => cell !== undefined && isLimited(cell, isListed));
  const totals = new Map<string, number>();
  for (const [slot, cell] of cells.entries()) {
    const total = slotTotals[slot] ?? 0;
    if (cell === undefined || limited[slot] !== true || total === 0) continue;
    totals.set(codeKey(cell), (totals.get(codeKey(cell)) ?? 0) + total);
  }
  const sorted = [...totals].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const named = new Set(sorted.slice(0, unknownCodes).map(([key]) => key));
  const slotLabels = cells.map((cell, slot) => {
    if (cell === undefined || limited[slot] !== true || named.has(codeKey(cell))) return cell;
    return { ...cell, code: otherCode };
  });
  return { slotLabels, unnamed: sorted.length - named.size };
}

/** Of each dimension's values the most common keep their label; see {@link commonestValues}. */
export function namedValues(
  { topic, counters, blocks }: TallyState,
  { dimensionValues }: Pick<Naming, "dimensionValues">,
): Named<ValueLabels> {
  const slotTotals = totalsOf(blocks);
  const counted = counters.flatMap((counter, slot) => {
    const count = slotTotals[slot] ?? 0;
    return counter.kind === "receiptsBy" && count > 0 ? [{ counter, count }] : [];
  });
  const named = new Map<string, ReadonlySet<string>>();
  let unnamed = 0;
  for (const [dimension, own] of Map.groupBy(counted, ({ counter }) => counter.dimension)) {
    const totals = totalsBy(
      own.filter(({ counter }) => counter.value !== otherValue),
      ({ counter }) => counter.value,
      ({ count }) => count,
    );
    const names = commonestValues(totals, dimensionValues);
    named.set(dimension, names);
    unnamed += totals.size - names.size;
  }
  const slotLabels = counters.map((counter) => {
    if (counter.kind !== "receiptsBy") return undefined;
    const isNamed = named.get(counter.dimension)?.has(counter.value) === true;
    return valueLabelsOf(topic, counter, isNamed ? counter.value : otherValue);
  });
  return { slotLabels, unnamed };
}

/** Our own labels, such as `_none`, are always kept; codes as sent never start like them. */
function isLimited(cell: SeriesLabels, isListed: Naming["isListed"]): boolean {
  return !cell.code.startsWith("_") && !isListed(cell);
}

export function isCell(counter: Counter | undefined): counter is ReceiptCounter {
  return counter?.kind === "receipts";
}

export function labelsOf(topic: string, cell: ReceiptCounter): SeriesLabels {
  const { provider, channel, scope, code, category, outcome } = cell;
  return { topic, provider, channel, scope, code, category, outcome };
}

function valueLabelsOf(topic: string, counter: DimensionCounter, value: string): ValueLabels {
  const { provider, channel, dimension, category, outcome } = counter;
  return { topic, provider, channel, dimension, value, category, outcome };
}

function codeKey({ provider, scope, code }: SeriesLabels): string {
  return [provider, scope, code].join("\t");
}
