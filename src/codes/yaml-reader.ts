import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node } from "yaml";
import { didYouMean, type Problem, sentence } from "../diagnostics.ts";
import { type ReadYaml, readYaml } from "../yaml.ts";

/** A value in the file. */
export interface Value {
  /** With aliases followed; undefined when there is none, as after `? key`. */
  readonly node: Node | undefined;
  /** Where it stands, in UTF-16 units from the start of the text; an alias stands where it is used. */
  readonly at: number;
}

/** A value under a key of a mapping. */
export interface Field extends Value {
  readonly key: string;
  readonly keyAt: number;
}

/**
 * Reads YAML against an expected shape and gathers every problem on the way, each at its place.
 *
 * Every scalar is text (the failsafe schema): `002`, `yes` and `0x1f` stay as written. A method that does not
 * find what it is asked for reports that and returns undefined or nothing, so that reading can go on. An
 * undefined value is passed through in silence: what is missing was reported by `record`.
 */
export class YamlReader {
  readonly problems: Problem[] = [];
  readonly root: Value;
  readonly #file: string;
  readonly #lines = new LineCounter();
  readonly #targets: ReadYaml["targets"];
  readonly #sets = new WeakMap<readonly string[], ReadonlySet<string>>();

  /**
   * @param text YAML, one document; its syntax errors and limits are the reader's first problems
   * @param file its name in the problems
   */
  constructor(text: string, file: string) {
    this.#file = file;
    const { document, syntax, warnings, limits, dangling, targets } = readYaml(text, this.#lines);
    this.#targets = targets;
    for (const { at, message } of [...syntax, ...warnings]) {
      // Some messages end in advice to the parser's caller; the operator is not meant.
      const words = `not valid YAML: ${message.replace(/; please use .*/, "")}`;
      this.report(at, words, "Look at the indentation, colons and quotes around it.");
    }
    for (const { at, message, hint } of limits) this.report(at, message, hint);
    for (const { source, range } of dangling) {
      const hint = "Define the anchor before its first use.";
      this.report(range?.[0] ?? 0, `no anchor "&${source}" stands before its alias`, hint);
    }
    this.root = this.#valueOf(document.contents, 0);
  }

  /** Adds a problem at an offset of the text. It may be logged, so the numbers in what it quotes are masked here. */
  report(at: number, message: string, hint: string): void {
    const masked = { message: sentence(message), hint: sentence(hint) };
    this.problems.push({ file: this.#file, ...this.placeOf(at), ...masked });
  }

  /** Line and column of an offset, from 1. */
  placeOf(at: number): Pick<Problem, "line" | "column"> {
    const { line, col } = this.#lines.linePos(at);
    return { line, column: col };
  }

  /**
   * The fields of a mapping, in order. A key that is there already is reported and left out.
   *
   * @param what the mapping, for messages
   * @param identityOf what makes two keys the same; the key itself unless given
   */
  fields(value: Value | undefined, what: string, identityOf = (key: string) => key): Field[] {
    if (value === undefined) return [];
    if (!isMap(value.node)) {
      this.report(value.at, `${what} must be a mapping`, "Write lines of `key: value`.");
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
        const spelt = first.key === key ? "" : ` as "${first.key}"`;
        const { line } = this.placeOf(first.keyAt);
        this.report(
          keyValue.at,
          `"${key}" is in ${what} twice`,
          `Remove one: it stands in line ${line}${spelt}.`,
        );
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
        this.report(field.keyAt, `unknown key "${field.key}" in ${what}`, suggestion(field.key, known));
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

  /** The elements of a sequence. */
  items(value: Value | undefined, what: string): Value[] {
    if (value === undefined) return [];
    const { node, at } = value;
    if (isSeq(node)) return node.items.map((item) => this.#valueOf(item, at));
    this.report(at, `${what} must be a sequence`, "Write lines that begin with `- `.");
    return [];
  }

  /** A single value as written; may be empty. */
  scalar(value: Value | undefined, what: string): string | undefined {
    if (value === undefined) return undefined;
    if (isScalar(value.node)) return String(value.node.value);
    this.report(value.at, `${what} must be a single value`, "Write a text, no mapping and no sequence.");
    return undefined;
  }

  /** A single value that is not blank. */
  text(value: Value | undefined, what: string): string | undefined {
    const text = this.scalar(value, what);
    if (value === undefined || text?.trim() !== "") return text;
    this.report(value.at, `${what} is empty`, "Write a text.");
    return undefined;
  }

  /**
   * One of a closed set of words. Of an empty set nothing can be said: why it is empty is a problem elsewhere.
   */
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

  /** Words may be as many as a map has categories, and asked for as often as it has codes. */
  #setOf(words: readonly string[]): ReadonlySet<string | undefined> {
    const known = this.#sets.get(words) ?? new Set(words);
    this.#sets.set(words, known);
    return known;
  }

  #valueOf(node: unknown, parentAt: number): Value {
    const own = isNode(node) ? node : undefined;
    const target = isAlias(own) ? this.#targets.get(own) : own;
    return { node: target, at: own?.range?.[0] ?? parentAt };
  }
}

/** More words than these are neither compared with a misspelt one nor listed: there may be a problem for each line. */
const maxSuggested = 100;

function suggestion(word: string, known: readonly string[]): string {
  if (known.length > maxSuggested) return `Use one of the ${known.length} that are defined.`;
  const near = didYouMean(word, known);
  return near === undefined ? `Use one of: ${known.join(", ")}.` : `Did you mean \`${near}\`?`;
}
