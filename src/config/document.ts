import { dirname, resolve } from "node:path";
import {
  Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  visit,
  type YAMLMap,
} from "yaml";
import type { Problem } from "../diagnostics.ts";
import { type ReadYaml, readYaml } from "../yaml.ts";
import { Excerpts, isPlainKey } from "./excerpt.ts";

/** Where something was said: a place in the file, or a flag or variable with line and column 0. */
export type Place = Pick<Problem, "file" | "line" | "column" | "excerpt">;
export type Path = readonly (string | number)[];

/**
 * Settings as they were written, from all sources, in one YAML document whose nodes know where they came
 * from. Its leaves are text.
 */
export class SettingsDocument {
  /** What keeps the file from being read at all: with any of these, nothing else here is to be used. */
  readonly problems: readonly Problem[];
  /** Keys that stand twice in one mapping. */
  readonly repeatedKeys: readonly Problem[];
  readonly #document: Document;
  readonly #lines = new LineCounter();
  readonly #excerpts: Excerpts;
  readonly #file: string;
  /** The flag or variable that set a node; nodes of the file have a range instead. */
  readonly #origins = new WeakMap<Node, string>();

  /**
   * @param file the configuration file's path, as problems shall name it
   * @param source its text; empty when there is no file
   */
  constructor(file: string, source: string) {
    this.#file = file;
    this.#document = new Document();
    const read = readYaml(source, this.#lines);
    this.#excerpts = new Excerpts(source, read);
    this.#document.contents = read.document.contents ?? this.#document.createNode({});
    this.repeatedKeys = read.repeated.map((at) => this.#syntaxProblem(at, "Map keys must be unique"));
    if (read.limits.length > 0) {
      this.problems = read.limits.map(({ at, ...said }) => ({ ...this.#fileAt(at), ...said }));
      return;
    }
    this.problems = [
      ...read.syntax.map(({ at, message }) => this.#syntaxProblem(at, withoutSource(message))),
      ...(isMap(this.#document.contents)
        ? []
        : [this.#syntaxProblem(0, "the file must be a mapping of keys")]),
      ...this.#replaceAliases(read.targets),
      // to make one an object's key, the parser would print what is in it
      ...read.nested.map((at) => this.#syntaxProblem(at, "a key must be a word")),
    ];
  }

  /**
   * Sets a value, over what the file says. Where the file has something that is no mapping in the way,
   * nothing happens: that is a problem of its own.
   *
   * @param path `*` stands for each entry of a list
   * @param origin the flag or variable that says so
   */
  set(path: Path, value: unknown, origin: string): void {
    for (const parent of this.#mapsAt(path.slice(0, -1), origin)) {
      parent.set(path.at(-1), this.#create(value, origin));
    }
  }

  /** Reduces the topics to those named; what the file says of one is kept. */
  selectTopics(names: readonly string[], origin: string): void {
    const listed = this.#document.get("topics", true);
    const entries = isSeq(listed) ? listed.items.filter((item) => isMap(item)) : [];
    this.set(["topics"], [], origin);
    for (const name of names) {
      const entry = entries.find((item) => item.get("topic") === name);
      this.#document.addIn(["topics"], entry ?? this.#create({ topic: name }, origin));
    }
  }

  /** Makes the text at a path an absolute path: relative to the file's folder if the file says it. */
  resolveFile(path: Path): void {
    const node = this.#document.getIn(path, true);
    if (!isScalar(node) || typeof node.value !== "string" || node.value === "") return;
    node.value = this.#origins.has(node) ? resolve(node.value) : resolve(dirname(this.#file), node.value);
  }

  /** What was said at a path: text, or a mapping or list of it; undefined when nothing was. */
  get(path: Path): unknown {
    const node = this.#document.getIn(path, true);
    return isNode(node) ? node.toJS(this.#document) : undefined;
  }

  /** Everything that was said, as plain values. */
  toJS(): unknown {
    return this.#document.toJS();
  }

  /** Where the value at a path was said, or the nearest thing around it when it was not. */
  placeOf(path: Path): Place {
    for (let depth = path.length; depth >= 0; depth--) {
      const node = this.#document.getIn(path.slice(0, depth), true);
      if (!isNode(node)) continue;
      const origin = this.#origins.get(node);
      if (origin !== undefined) return { file: origin, line: 0, column: 0 };
      if (node.range) return this.#fileAt(node.range[0]);
    }
    return { file: this.#file, line: 0, column: 0 };
  }

  /** Where the key of a path was written. */
  placeOfKey(path: Path): Place {
    const key = this.#pairAt(path)?.key;
    return isNode(key) && key.range ? this.#fileAt(key.range[0]) : this.placeOf(path);
  }

  /** Whether the key of a path may be shown, because it is no value by mistake. */
  isKeyShown(path: Path): boolean {
    const pair = this.#pairAt(path);
    return pair !== undefined && isPlainKey(pair);
  }

  #pairAt(path: Path): Pair | undefined {
    const parent = this.#document.getIn(path.slice(0, -1), true);
    if (!isMap(parent)) return undefined;
    return parent.items.find(({ key }) => String(isScalar(key) ? key.value : key) === path.at(-1));
  }

  /** Puts what an alias stands for in its place, so that it outlives a topic that is not selected. */
  #replaceAliases(targets: ReadYaml["targets"]): Problem[] {
    const problems: Problem[] = [];
    visit(this.#document, {
      Alias: (_, alias) => {
        const node = targets.get(alias);
        if (node !== undefined) return node;
        // its name may be a password that begins with an asterisk
        const message = "an alias stands for nothing that is written before it";
        problems.push(this.#syntaxProblem(alias.range?.[0] ?? 0, message));
        return undefined;
      },
    });
    return problems;
  }

  #syntaxProblem(offset: number, message: string): Problem {
    const hint = "Look at the indentation, the colons and the quotes around it.";
    return { ...this.#fileAt(offset), message, hint };
  }

  #mapsAt(path: Path, origin: string): YAMLMap[] {
    let nodes: unknown[] = [this.#document.contents];
    for (const step of path) {
      nodes = nodes.flatMap((node) => {
        if (step === "*") return isSeq(node) ? node.items : [];
        if (!isMap(node)) return [];
        if (!node.has(step)) node.set(step, this.#create({}, origin));
        return [node.get(step, true)];
      });
    }
    return nodes.filter((node) => isMap(node));
  }

  #create(value: unknown, origin: string): Node {
    const node = this.#document.createNode(value);
    this.#origins.set(node, origin);
    return node;
  }

  #fileAt(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return {
      file: this.#file,
      line,
      column: col,
      excerpt: this.#excerpts.lineAt(this.#lines.lineStarts[line - 1] ?? 0, col),
    };
  }
}

/** What the parser says without what it quotes of the file, which may be a secret. */
function withoutSource(message: string): string {
  return message.replace(/(?:: "|(?<=extra characters|YAML token|tag):|(?<=escape sequence) ).*$/s, "");
}
