import { type Grouping, type Matcher, type Node, parse } from "./parse.ts";
import { type Column, heldFor, overTime, type Samples, samplesOf, shifted } from "./windows.ts";

/** A series over all minutes. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: Column;
}

type Vector = readonly Series[];

/** How time goes. */
export interface Clock {
  /** How many minutes are evaluated. */
  readonly minutes: number;
  /** Seconds since the epoch, of the first. */
  readonly start: number;
  /** For how many minutes a series that has ended is still seen. */
  readonly lookback: number;
}

/** Series by name, and expressions of them: what Prometheus has and does, for all minutes at once. */
export class Evaluator {
  readonly #clock: Clock;
  readonly #series = new Map<string, Stored[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Adds series; those of the same labels are one, each for its own minutes. */
  record(name: string, series: Iterable<Series>): void {
    const all = this.#series.get(name) ?? [];
    this.#series.set(name, all);
    for (const { labels, values } of merged([...series])) all.push(new Stored(labels, values));
  }

  /** @returns the series that an expression gives, without their metric's name */
  evaluate(expr: string): Vector {
    const result = this.#of(parse(expr));
    if (isScalar(result)) throw new Error(`${expr} is no vector`);
    return merged(result);
  }

  #of(node: Node): Vector | Column {
    switch (node.kind) {
      case "number":
        return this.#constant(node.value);
      case "selector":
        if (node.range !== undefined) throw new Error(`a range of ${node.name} is no value`);
        return this.#find(node.name, node.matchers).map((one) => ({
          labels: one.labels,
          values: shifted(one.held(this.#clock.lookback), node.offset),
        }));
      case "call":
        return this.#call(node.name, node.args);
      case "aggregate":
        return aggregated(node.name, node.grouping, vectorOf(this.#of(node.of)));
      case "binary":
        return this.#binary(node);
    }
  }

  #constant(value: number): Column {
    return new Float64Array(this.#clock.minutes).fill(value);
  }

  #find(name: string, matchers: readonly Matcher[]): Stored[] {
    return (this.#series.get(name) ?? []).filter(({ labels }) =>
      matchers.every(({ label, matches }) => matches(labels[label] ?? "")),
    );
  }

  #call(name: string, args: readonly Node[]): Vector | Column {
    const ranged = args.at(-1);
    if (ranged?.kind === "selector" && ranged.range !== undefined) {
      const { range, offset } = ranged;
      const parameter = args.length > 1 && args[0]?.kind === "number" ? args[0].value : 0;
      return this.#find(ranged.name, ranged.matchers).map((one) => ({
        labels: one.labels,
        values: overTime(one.samples, this.#clock.minutes, range, offset, name, parameter),
      }));
    }
    if (name === "time") {
      return Float64Array.from({ length: this.#clock.minutes }, (_, at) => this.#clock.start + at * 60);
    }
    const [first, ...rest] = args.map((arg) => this.#of(arg));
    if (first === undefined) throw new Error(`${name} has no arguments`);
    if (name === "vector" && isScalar(first)) return [{ labels: {}, values: first }];
    if (name === "scalar") return onlyOf(vectorOf(first)) ?? this.#constant(Number.NaN);
    const of = functions[name];
    if (of === undefined) throw new Error(`${name} is not known`);
    const bounds = rest.map(scalarOf);
    return vectorOf(first).map(({ labels, values }) => ({
      labels,
      values: values.map((value, at) => of(value, ...bounds.map((bound) => bound[at] ?? Number.NaN))),
    }));
  }

  #binary(node: Node & { kind: "binary" }): Vector | Column {
    const { operator, bool, matching } = node;
    const [left, right] = [this.#of(node.left), this.#of(node.right)];
    const apply = operationOf(operator, bool);
    if (isScalar(left) && isScalar(right))
      return left.map((value, at) => apply(value, right[at] ?? 0, value));
    if (isScalar(right)) {
      return vectorOf(left).map(({ labels, values }) => ({
        labels,
        values: values.map((value, at) => apply(value, right[at] ?? Number.NaN, value)),
      }));
    }
    if (isScalar(left)) {
      return right.map(({ labels, values }) => ({
        labels,
        values: values.map((value, at) => apply(left[at] ?? Number.NaN, value, value)),
      }));
    }
    const keyOf = (labels: Series["labels"]) => keyBy(labels, matching);
    if (operator === "or") return [...left, ...hidden(right, left, keyOf, false)];
    if (operator === "and") return hidden(left, right, keyOf, true);
    if (operator === "unless") return hidden(left, right, keyOf, false);
    const partners = new Map(
      [...Map.groupBy(right, ({ labels }) => keyOf(labels))].map(([key, all]) => [key, oneOf(all)]),
    );
    const results = left.flatMap(({ labels, values }) => {
      const partner = partners.get(keyOf(labels));
      if (partner === undefined) return [];
      const kept = matching.manyLeft ? labels : labelsBy(labels, matching);
      return [{ labels: kept, values: values.map((value, at) => apply(value, partner[at] ?? 0, value)) }];
    });
    return matching.manyLeft ? results : merged(results);
  }
}

/** A recorded series, with what is made of it again and again. */
class Stored implements Series {
  readonly labels: Series["labels"];
  readonly values: Column;
  #held: Column | undefined;
  #samples: Samples | undefined;

  constructor(labels: Series["labels"], values: Column) {
    this.labels = labels;
    this.values = values;
  }

  held(lookback: number): Column {
    this.#held ??= heldFor(this.values, lookback);
    return this.#held;
  }

  get samples(): Samples {
    this.#samples ??= samplesOf(this.values);
    return this.#samples;
  }
}

const functions: Readonly<Record<string, (value: number, ...bounds: number[]) => number>> = {
  clamp: (value, least = 0, most = 0) => Math.max(least, Math.min(most, value)),
  clamp_max: (value, most = 0) => Math.min(most, value),
  clamp_min: (value, least = 0) => Math.max(least, value),
  ln: Math.log,
  exp: Math.exp,
  sqrt: Math.sqrt,
};

type Operation = (left: number, right: number, shown: number) => number;

const arithmetic: Readonly<Record<string, (left: number, right: number) => number>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "%": (left, right) => left % right,
  "^": (left, right) => left ** right,
};

const comparisons: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  "==": (left, right) => left === right,
  "!=": (left, right) => left !== right,
  ">": (left, right) => left > right,
  "<": (left, right) => left < right,
  ">=": (left, right) => left >= right,
  "<=": (left, right) => left <= right,
};

/** A comparison gives what it lets through, or with `bool` 1 or 0. Where a side is missing, so is the result. */
function operationOf(operator: string, bool: boolean): Operation {
  const compute = arithmetic[operator];
  if (compute !== undefined) return compute;
  const holds = comparisons[operator];
  // set operators look at series, not at values
  if (holds === undefined) return () => Number.NaN;
  return (left, right, shown) => {
    if (Number.isNaN(left) || Number.isNaN(right)) return Number.NaN;
    if (bool) return holds(left, right) ? 1 : 0;
    return holds(left, right) ? shown : Number.NaN;
  };
}

function aggregated(name: string, grouping: Grouping, series: Vector): Vector {
  return [...Map.groupBy(series, ({ labels }) => keyBy(labels, grouping)).values()].map((group) => {
    const [first] = group;
    const labels = labelsBy(first?.labels ?? {}, grouping);
    const columns = group.map(({ values }) => values);
    const values = new Float64Array(first?.values.length ?? 0);
    for (let at = 0; at < values.length; at++) values[at] = aggregate(name, columns, at);
    return { labels, values };
  });
}

function aggregate(name: string, columns: readonly Column[], at: number): number {
  let [count, total] = [0, 0];
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const column of columns) {
    const value = column[at] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    count++;
    total += value;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (count === 0) return Number.NaN;
  if (name === "sum") return total;
  if (name === "avg") return total / count;
  if (name === "count") return count;
  return name === "max" ? most : least;
}

/** The series of one side in the minutes in which the other side has a partner, or has none. */
function hidden(
  side: Vector,
  other: Vector,
  keyOf: (labels: Series["labels"]) => string,
  shown: boolean,
): Series[] {
  const partners = Map.groupBy(other, ({ labels }) => keyOf(labels));
  return side.flatMap(({ labels, values }) => {
    const found = partners.get(keyOf(labels));
    if (found === undefined) return shown ? [] : [{ labels, values }];
    const partnered = (at: number) => found.some((one) => !Number.isNaN(one.values[at]));
    return [{ labels, values: values.map((value, at) => (partnered(at) === shown ? value : Number.NaN)) }];
  });
}

/** Series of the same labels as one. @throws Error where two have a value at once */
function merged(series: Vector): Series[] {
  const same = Map.groupBy(series, ({ labels }) => keyBy(labels, { only: false, labels: [] }));
  return [...same.values()].map((all) => ({ labels: all[0]?.labels ?? {}, values: oneOf(all) }));
}

function oneOf(all: Vector): Column {
  const [first, ...more] = all;
  if (first === undefined) throw new Error("there is no series");
  if (more.length === 0) return first.values;
  const values = first.values.slice();
  for (const other of more) {
    for (let at = 0; at < values.length; at++) {
      if (Number.isNaN(other.values[at])) continue;
      if (!Number.isNaN(values[at])) throw new Error(`two series are ${JSON.stringify(other.labels)}`);
      values[at] = other.values[at] ?? Number.NaN;
    }
  }
  return values;
}

function onlyOf(series: Vector): Column | undefined {
  return series.length === 1 ? series[0]?.values : undefined;
}

function keyBy(labels: Series["labels"], grouping: Grouping): string {
  return JSON.stringify(Object.entries(labelsBy(labels, grouping)).sort());
}

function labelsBy(labels: Series["labels"], { only, labels: named }: Grouping): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([label]) => named.includes(label) === only));
}

function isScalar(value: Vector | Column): value is Column {
  return value instanceof Float64Array;
}

function vectorOf(value: Vector | Column): Vector {
  if (isScalar(value)) throw new Error("a vector is expected");
  return value;
}

function scalarOf(value: Vector | Column): Column {
  if (!isScalar(value)) throw new Error("a scalar is expected");
  return value;
}
