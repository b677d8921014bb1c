/** A value that a selector asks a label for. */
export interface Matcher {
  readonly label: string;
  readonly matches: (value: string) => boolean;
}

/** How the series of two sides are paired, or an aggregation's series put together. */
export interface Grouping {
  /** Whether these labels are looked at alone, or all but these. */
  readonly only: boolean;
  readonly labels: readonly string[];
}

/** How the two sides of an operator are matched. */
export interface Matching extends Grouping {
  /** `group_left`: several series of the left side may have the same partner. */
  readonly manyLeft: boolean;
}

/** What an expression of PromQL says, as far as the rules need it. */
export type Node =
  | { readonly kind: "number"; readonly value: number }
  | {
      readonly kind: "selector";
      readonly name: string;
      readonly matchers: readonly Matcher[];
      /** Minutes; undefined for an instant. */
      readonly range: number | undefined;
      readonly offset: number;
    }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Node[] }
  | { readonly kind: "aggregate"; readonly name: string; readonly grouping: Grouping; readonly of: Node }
  | {
      readonly kind: "binary";
      readonly operator: string;
      readonly bool: boolean;
      readonly matching: Matching;
      readonly left: Node;
      readonly right: Node;
    };

const token =
  /\s+|#[^\n]*|(?<duration>(?:\d+(?:ms|[smhdwy]))+)|(?<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)|(?<string>"(?:[^"\\]|\\.)*"|'[^']*')|(?<name>[a-zA-Z_:][\w:]*)|(?<mark>=~|!~|!=|==|>=|<=|[-+*/%^<>=(){}[\],])/gy;

/** From what binds loosest to what binds tightest. */
const levels = [["or"], ["and", "unless"], ["==", "!=", "<=", "<", ">=", ">"], ["+", "-"], ["*", "/", "%"]];
const aggregations = new Set(["sum", "max", "min", "count", "avg"]);

const minutesOf: Readonly<Record<string, number>> = { s: 1 / 60, m: 1, h: 60, d: 24 * 60, w: 7 * 24 * 60 };

/**
 * Reads an expression of the subset of PromQL that the rules on spikes are written in: Prometheus has already found it to
 * be valid.
 *
 * @throws Error where it has what is not known here, so that no rule is taken for another one
 */
export function parse(expr: string): Node {
  return new Parser(expr).parse();
}

class Parser {
  readonly #expr: string;
  readonly #tokens: string[] = [];
  #next = 0;

  constructor(expr: string) {
    this.#expr = expr;
    token.lastIndex = 0;
    while (token.lastIndex < expr.length) {
      const at = token.lastIndex;
      const found = token.exec(expr);
      if (found === null) throw new Error(`${expr.slice(at)} is not understood`);
      if (Object.values(found.groups ?? {}).some((part) => part !== undefined)) this.#tokens.push(found[0]);
    }
  }

  parse(): Node {
    const node = this.#operation(0);
    if (this.#next < this.#tokens.length) this.#fail("the end");
    return node;
  }

  #operation(level: number): Node {
    const operators = levels[level];
    if (operators === undefined) return this.#power();
    let left = this.#operation(level + 1);
    while (operators.includes(this.#peek)) {
      const operator = this.#take();
      const bool = this.#skip("bool");
      const matching = this.#matching();
      left = { kind: "binary", operator, bool, matching, left, right: this.#operation(level + 1) };
    }
    return left;
  }

  #power(): Node {
    const left = this.#operand();
    if (!this.#skip("^")) return left;
    const matching = this.#matching();
    return { kind: "binary", operator: "^", bool: false, matching, left, right: this.#power() };
  }

  #operand(): Node {
    const first = this.#take();
    if (first === "-") {
      const zero: Node = { kind: "number", value: 0 };
      const matching = { only: false, labels: [], manyLeft: false };
      return { kind: "binary", operator: "-", bool: false, matching, left: zero, right: this.#power() };
    }
    if (first === "(") {
      const inside = this.#operation(0);
      this.#expect(")");
      return inside;
    }
    if (/^\d/.test(first)) return { kind: "number", value: Number(first) };
    if (!/^[a-zA-Z_:]/.test(first)) this.#fail("an operand");
    if (aggregations.has(first) && this.#isGrouped()) return this.#aggregate(first);
    if (this.#peek === "(") return { kind: "call", name: first, args: this.#args() };
    return this.#selector(first);
  }

  #isGrouped(): boolean {
    return ["by", "without", "("].includes(this.#peek);
  }

  #aggregate(name: string): Node {
    let grouping = this.#grouping();
    const [of, ...more] = this.#args();
    if (of === undefined || more.length > 0) this.#fail("one argument");
    grouping ??= this.#grouping() ?? { only: true, labels: [] };
    return { kind: "aggregate", name, grouping, of: of as Node };
  }

  #grouping(): Grouping | undefined {
    if (this.#peek !== "by" && this.#peek !== "without") return undefined;
    return { only: this.#take() === "by", labels: this.#labels() };
  }

  #matching(): Matching {
    const written = this.#peek === "on" || this.#peek === "ignoring";
    const only = written && this.#take() === "on";
    const labels = written ? this.#labels() : [];
    if (this.#peek === "group_right") this.#fail("group_left");
    const manyLeft = this.#skip("group_left");
    if (manyLeft && this.#peek === "(" && this.#labels().length > 0)
      this.#fail("no labels of the other side");
    return { only, labels, manyLeft };
  }

  #args(): Node[] {
    this.#expect("(");
    const args: Node[] = [];
    while (!this.#skip(")")) {
      if (args.length > 0) this.#expect(",");
      args.push(this.#operation(0));
    }
    return args;
  }

  #labels(): string[] {
    this.#expect("(");
    const labels: string[] = [];
    while (!this.#skip(")")) {
      if (labels.length > 0) this.#expect(",");
      labels.push(this.#take());
    }
    return labels;
  }

  #selector(name: string): Node {
    const matchers: Matcher[] = [];
    if (this.#skip("{")) {
      while (!this.#skip("}")) {
        if (matchers.length > 0) this.#expect(",");
        matchers.push(matcherOf(this.#take(), this.#take(), this.#take().slice(1, -1)));
      }
    }
    let range: number | undefined;
    if (this.#skip("[")) {
      range = this.#minutes();
      this.#expect("]");
    }
    const offset = this.#skip("offset") ? this.#minutes() : 0;
    return { kind: "selector", name, matchers, range, offset };
  }

  #minutes(): number {
    const parts = [...this.#take().matchAll(/(\d+)([smhdw])/g)];
    const minutes = parts.reduce(
      (sum, [, count, unit = ""]) => sum + Number(count) * (minutesOf[unit] ?? 0),
      0,
    );
    if (minutes === 0 || !Number.isInteger(minutes)) this.#fail("whole minutes");
    return minutes;
  }

  get #peek(): string {
    return this.#tokens[this.#next] ?? "";
  }

  #take(): string {
    const taken = this.#peek;
    this.#next++;
    return taken;
  }

  #skip(wanted: string): boolean {
    if (this.#peek !== wanted) return false;
    this.#next++;
    return true;
  }

  #expect(wanted: string): void {
    if (!this.#skip(wanted)) this.#fail(wanted);
  }

  #fail(wanted: string): never {
    throw new Error(`${wanted} is expected, not ${this.#peek || "the end"}: ${this.#expr}`);
  }
}

function matcherOf(label: string, operator: string, value: string): Matcher {
  const pattern = new RegExp(`^(?:${value})$`);
  const ways: Readonly<Record<string, Matcher["matches"]>> = {
    "=": (of) => of === value,
    "!=": (of) => of !== value,
    "=~": (of) => pattern.test(of),
    "!~": (of) => !pattern.test(of),
  };
  const matches = ways[operator];
  if (matches === undefined) throw new Error(`${operator} is no matcher`);
  return { label, matches };
}
