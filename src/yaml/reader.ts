import { isAlias, isMap, isNode, isScalar, isSeq, type Node } from "yaml";
import { didYouMean, type Place, type Problem, sentence } from "../diagnostics.ts";
import { type Span, spanOf } from "./read.ts";
import type { YamlSource } from "./source.ts";
import {
  duplicateKey,
  emptyMapping,
  mustNotBeEmpty,
  notList,
  notMapping,
  notSingle,
  notYaml,
  type Said,
  suggestion,
  unknownKey,
} from "./words.ts";

/** A value in the file. */
export interface Value {
  /** Aliases resolved; undefined when there is none, as after `? key`. */
  readonly node: Node | undefined;
  /** Its position; that of an alias is where it is used. */
  readonly at: Span;
}

/** A value under a key of a mapping. */
export interface Field extends Value {
  readonly key: string;
  readonly keyAt: Span;
}

/**
 * Reads YAML against an expected shape and collects all problems, each with its place.
 *
 * Every scalar is text (the failsafe schema): `002`, `yes` and `0x1f` stay as written. A method that does not find
 * what it expects reports that and returns undefined or nothing, so that reading can continue. Undefined values are
 * ignored: `record` has already reported them as missing.
 */
export class YamlReader {
  readonly problems: Problem[];
  readonly root: Value;
  readonly #source: YamlSource;
  readonly #sets = new WeakMap<readonly string[], ReadonlySet<string>>();

  /** @param source one document; its faults and the parser's warnings are the reader's first problems */
  constructor(source: YamlSource) {
    this.#source = source;
    const { document, warnings } = source.read;
    const passed = warnings.map(({ at, message }) => source.problemAt(at, notYaml(message)));
    this.problems = [...source.faults(), ...passed];
    this.root = this.#valueOf(document.contents, { start: 0, end: 1 });
  }

  /** Adds a problem with a span. It may be logged, so numbers that it quotes are masked here. */
  report(at: Span, message: string, hint: string): void {
    this.problems.push(this.#source.problemAt(at, { message: sentence(message), hint: sentence(hint) }));
  }

  /** The place of a span. */
  placeOf(at: Span): Place {
    return this.#source.placeAt(at);
  }

  /**
   * The fields of a mapping, in order. Repeated keys are reported and left out.
   *
   * @param what the mapping, for messages
   * @param identityOf makes two keys the same; by default the key itself
   */
  fields(value: Value | undefined, what: string, identityOf = (key: string) => key): Field[] {
    if (value === undefined) return [];
    if (!isMap(value.node)) {
      const isEmpty =
        value.node === undefined ||
        (isScalar(value.node) && value.node.source === "" && value.node.type === "PLAIN");
      this.#tell(value.at, isEmpty ? emptyMapping(what) : notMapping(what));
      return [];
    }
    const fields = new Map<string, Field>();
    for (const pair of value.node.items) {
      const keyValue = this.#valueOf(pair.key, value.at);
      const key = this.scalar(keyValue, `a key of ${what}`);
      if (key === undefined) continue;
      const first = fields.get(identityOf(key));
      if (first === undefined) {
        const own = this.#valueOf(pair.value, keyValue.at);
        fields.set(identityOf(key), { key, keyAt: keyValue.at, ...own });
      } else {
        const { line } = this.placeOf(first.keyAt);
        this.#tell(keyValue.at, duplicateKey(key, what, { line, key: first.key }));
      }
    }
    return [...fields.values()];
  }

  /** The fields of a mapping whose keys are a closed set. Unknown and missing keys are reported. */
  record<Required extends string, Optional extends string = never>(
    value: Value | Field | undefined,
    what: string,
    required: readonly Required[],
    optional: readonly Optional[] = [],
  ): Partial<Record<Required | Optional, Field>> {
    const known: readonly (Required | Optional)[] = [...required, ...optional];
    const record: Partial<Record<Required | Optional, Field>> = {};
    const misspelt = new Set<string | undefined>();
    for (const field of this.fields(value, what)) {
      const key = known.find((name) => name === field.key);
      if (key === undefined) {
        misspelt.add(didYouMean(field.key, known));
        this.#tell(field.keyAt, unknownKey(field.key, what, known));
      } else {
        record[key] = field;
      }
    }
    if (value === undefined || !isMap(value.node)) return record;
    for (const key of required) {
      if (key in record || misspelt.has(key)) continue;
      this.report("keyAt" in value ? value.keyAt : value.at, `${what} lacks "${key}"`, `Add \`${key}:\`.`);
    }
    return record;
  }

  /** Whether a value is a mapping. */
  isMapping(value: Value): boolean {
    return isMap(value.node);
  }

  /** Whether a value is a mapping with this key. Reports nothing. */
  hasKey({ node }: Value, key: string): boolean {
    return isMap(node) && node.items.some((pair) => isScalar(pair.key) && pair.key.value === key);
  }

  /** The elements of a list. */
  items(value: Value | undefined, what: string): Value[] {
    if (value === undefined) return [];
    const { node, at } = value;
    if (isSeq(node)) return node.items.map((item) => this.#valueOf(item, at));
    this.#tell(at, notList(what));
    return [];
  }

  /** A single value as written; may be empty. */
  scalar(value: Value | undefined, what: string): string | undefined {
    if (value === undefined) return undefined;
    if (isScalar(value.node)) return String(value.node.value);
    this.#tell(value.at, notSingle(what));
    return undefined;
  }

  /** A single value that is not blank. */
  text(value: Value | undefined, what: string): string | undefined {
    const text = this.scalar(value, what);
    if (value === undefined || text?.trim() !== "") return text;
    this.report(value.at, `${what} ${mustNotBeEmpty}`, "Write a single value.");
    return undefined;
  }

  /** One of a closed set of words. An empty set is not checked: it has been reported as a problem elsewhere. */
  choice<Word extends string>(
    value: Value | undefined,
    what: string,
    words: readonly Word[],
  ): Word | undefined {
    const written = this.scalar(value, what);
    const word = this.#setOf(words).has(written) ? (written as Word) : undefined;
    if (value !== undefined && written !== undefined && word === undefined && words.length > 0) {
      this.report(value.at, `unknown ${what} "${written}"`, suggestion(written, words));
    }
    return word;
  }

  /** There may be as many words as a map has categories, and as many calls as it has codes. */
  #setOf(words: readonly string[]): ReadonlySet<string | undefined> {
    const known = this.#sets.get(words) ?? new Set(words);
    this.#sets.set(words, known);
    return known;
  }

  /** A value as plain data: mappings as objects, lists as arrays, and every scalar as text. */
  plain({ node, at }: Value): unknown {
    if (isScalar(node)) return String(node.value);
    if (isSeq(node)) return node.items.map((item) => this.plain(this.#valueOf(item, at)));
    if (!isMap(node)) return undefined;
    return Object.fromEntries(
      node.items.map(({ key, value }) => [this.#keyOf(key), this.plain(this.#valueOf(value, at))]),
    );
  }

  /**
   * The span that a path in plain data leads to, or that of its nearest existing parent.
   *
   * @param ofKey the last step's key rather than its value
   */
  within(value: Value, path: readonly PropertyKey[], ofKey = false): Span {
    const [step, ...rest] = path;
    const { node, at } = value;
    if (isSeq(node) && typeof step === "number")
      return this.within(this.#valueOf(node.items[step], at), rest, ofKey);
    const pair = isMap(node) ? node.items.find(({ key }) => this.#keyOf(key) === step) : undefined;
    if (pair === undefined) return at;
    const key = this.#valueOf(pair.key, at);
    return ofKey && rest.length === 0 ? key.at : this.within(this.#valueOf(pair.value, key.at), rest, ofKey);
  }

  #keyOf(key: unknown): string {
    const { node } = this.#valueOf(key, { start: 0, end: 0 });
    return isScalar(node) ? String(node.value) : "";
  }

  #tell(at: Span, { message, hint }: Said): void {
    this.report(at, message, hint);
  }

  #valueOf(node: unknown, parentAt: Span): Value {
    const own = isNode(node) ? node : undefined;
    const target = isAlias(own) ? this.#source.read.targets.get(own) : own;
    return { node: target, at: own === undefined ? parentAt : spanOf(own) };
  }
}
