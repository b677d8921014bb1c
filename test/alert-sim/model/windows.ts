/** The value of a series in each minute; NaN where it has none. */
export type Column = Float64Array;

/** Samples of a series in order of time: the minutes, and the values. */
export interface Samples {
  readonly minutes: Int32Array;
  readonly values: Float64Array;
}

/** What a function makes of the samples `from` to `to` (not included) that a window has; the window's bounds are minutes. */
type Windowed = (samples: Samples, from: number, to: number, start: number, end: number) => number;

export function samplesOf(column: Column): Samples {
  const minutes = new Int32Array(column.length);
  let count = 0;
  for (let minute = 0; minute < column.length; minute++) {
    if (!Number.isNaN(column[minute])) minutes[count++] = minute;
  }
  const found = minutes.slice(0, count);
  return { minutes: found, values: Float64Array.from(found, (minute) => column[minute] ?? Number.NaN) };
}

/** A column as an instant sees it: a value goes on for `lookback` minutes where no new one comes. */
export function heldFor(column: Column, lookback: number): Column {
  if (lookback === 0) return column;
  const held = column.slice();
  let last = Number.NEGATIVE_INFINITY;
  for (let minute = 0; minute < held.length; minute++) {
    if (!Number.isNaN(column[minute])) last = minute;
    else if (minute - last <= lookback) held[minute] = column[last] ?? Number.NaN;
  }
  return held;
}

/** A column as it was `offset` minutes ago. */
export function shifted(column: Column, offset: number): Column {
  if (offset === 0) return column;
  const moved = new Float64Array(column.length).fill(Number.NaN);
  moved.set(column.subarray(0, Math.max(0, column.length - offset)), Math.min(offset, column.length));
  return moved;
}

/**
 * Evaluates a function over a range in each minute.
 *
 * @param range minutes; both of its ends belong to it, as in Prometheus 2
 * @param what it is of: the function's name
 * @param parameter of it
 */
export function overTime(
  samples: Samples,
  minutes: number,
  range: number,
  offset: number,
  what: string,
  parameter = 0,
): Column {
  const windowed = functions(parameter)[what];
  if (windowed === undefined) throw new Error(`${what} is not known`);
  // what increase says depends on where its samples lie in the window, and not on them alone
  const moves = what === "increase";
  const column = new Float64Array(minutes).fill(Number.NaN);
  const times = samples.minutes;
  let [from, to] = [0, 0];
  let [lastFrom, lastTo, last] = [0, 0, Number.NaN];
  for (let minute = 0; minute < minutes; minute++) {
    const end = minute - offset;
    const start = end - range;
    while (to < times.length && (times[to] ?? 0) <= end) to++;
    while (from < to && (times[from] ?? 0) < start) from++;
    if (from === to) continue;
    if (moves || from !== lastFrom || to !== lastTo) last = windowed(samples, from, to, start, end);
    [lastFrom, lastTo] = [from, to];
    column[minute] = last;
  }
  return column;
}

function functions(parameter: number): Readonly<Record<string, Windowed>> {
  return {
    increase,
    sum_over_time: sum,
    avg_over_time: (samples, from, to) => sum(samples, from, to) / (to - from),
    count_over_time: (_, from, to) => to - from,
    last_over_time: ({ values }, _, to) => values[to - 1] ?? Number.NaN,
    max_over_time: (samples, from, to) => most(samples, from, to, 1),
    min_over_time: (samples, from, to) => -most(samples, from, to, -1),
    quantile_over_time: ({ values }, from, to) => quantile(values.slice(from, to).sort(), parameter),
  };
}

function sum({ values }: Samples, from: number, to: number): number {
  let total = 0;
  for (let at = from; at < to; at++) total += values[at] ?? 0;
  return total;
}

function most({ values }: Samples, from: number, to: number, sign: 1 | -1): number {
  let found = Number.NEGATIVE_INFINITY;
  for (let at = from; at < to; at++) found = Math.max(found, sign * (values[at] ?? 0));
  return found;
}

function quantile(sorted: Float64Array, of: number): number {
  const rank = of * (sorted.length - 1);
  const lower = Math.floor(rank);
  const below = sorted[lower] ?? Number.NaN;
  const weight = rank - lower;
  return below * (1 - weight) + (sorted[lower + 1] ?? below) * weight;
}

/** As Prometheus extrapolates: to a window's ends where the samples reach near them, else by half of their distance. */
function increase(
  { minutes, values }: Samples,
  from: number,
  to: number,
  start: number,
  end: number,
): number {
  if (to - from < 2) return Number.NaN;
  const [first = 0, last = 0] = [minutes[from], minutes[to - 1]];
  const [firstValue = 0, lastValue = 0] = [values[from], values[to - 1]];
  let grown = lastValue - firstValue;
  for (let at = from + 1; at < to; at++) {
    const before = values[at - 1] ?? 0;
    if ((values[at] ?? 0) < before) grown += before;
  }
  const seen = last - first;
  const distance = seen / (to - from - 1);
  const near = (gap: number) => (gap < distance * 1.1 ? gap : distance / 2);
  // a counter was not below 0
  const sinceZero = grown > 0 && firstValue >= 0 ? (seen * firstValue) / grown : Number.POSITIVE_INFINITY;
  return (grown * (seen + near(Math.min(first - start, sinceZero)) + near(end - last))) / seen;
}
