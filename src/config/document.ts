import { dirname, resolve } from "node:path";
import { Document, isMap, isNode, isScalar, isSeq, type Node, type Pair, visit, type YAMLMap } from "yaml";
import type { Place, Problem } from "../diagnostics.ts";
import { type ReadYaml, type RepeatedKey, spanOf } from "../yaml/read.ts";
import { YamlSource } from "../yaml/source.ts";
import { duplicateKey, notMapping, notSingle } from "../yaml/words.ts";
import { anyName, keysAt } from "./fields.ts";
import { isPlainKey, redactSettings } from "./redact.ts";
import { isMatch } from "./topic-pattern.ts";

export type Path = readonly (string | number)[];

/** A path as users write it: `topics[0].format`; for the root `the file`. */
export function keyOf(path: Path): string {
  const key = path.reduce<string>((before, step) => {
    if (typeof step === "number") return `${before}[${step}]`;
    return before === "" ? step : `${before}.${step}`;
  }, "");
  return key === "" ? "the file" : key;
}

/** Settings as written, from all sources, in one YAML document whose nodes know their source. Its leaves are text. */
export class SettingsDocument {
  /** Why the file can't be read at all: if there are any, don't use anything else here. */
  readonly problems: readonly Problem[];
  /** Keys that occur twice in one mapping. */
  readonly repeatedKeys: readonly Problem[];
  readonly #document: Document;
  readonly #source: YamlSource;
  readonly #file: string;
  /** The flag or variable that set a node; nodes of the file have a range instead. */
  readonly #origins = new WeakMap<Node, string>();

  /**
   * @param file the configuration file's path, for problems
   * @param source its text; empty without a file
   */
  constructor(file: string, source: string) {
    this.#file = file;
    this.#document = new Document();
    this.#source = new YamlSource(file, source, redactSettings);
    const { read } = this.#source;
    this.#document.contents = read.document.contents ?? this.#document.createNode({});
    this.repeatedKeys = read.repeated.map((repeated) => this.#duplicate(repeated));
    let faults = this.#source.faults();
    if (read.limits.length === 0) {
      this.#replaceAliases(read.targets);
      if (!isMap(this.#document.contents))
        faults.push(this.#source.problemAt({ start: 0, end: 1 }, notMapping(keyOf([]))));
      // to turn one into an object's key, the parser would print its content
      const nested = notSingle(`a key of ${keyOf([])}`);
      faults = [...faults, ...read.nested.map((at) => this.#source.problemAt(at, nested))];
    }
    this.problems = faults;
  }

  /**
   * Sets a value, overriding the file. If the file has something other than a mapping on the path, nothing happens:
   * that is reported separately.
   *
   * @param path `*` stands for each entry of a list
   * @param origin the flag or variable that sets it
   */
  set(path: Path, value: unknown, origin: string): void {
    for (const parent of this.#mapsAt(path.slice(0, -1), origin)) {
      parent.set(path.at(-1), this.#create(value, origin));
    }
  }

  /** Keeps only the named topics, each with its settings from the file: by its name, or else by the first pattern. */
  selectTopics(names: readonly string[], origin: string): void {
    const listed = this.#document.get("topics", true);
    const entries = isSeq(listed) ? listed.items.filter((item) => isMap(item)) : [];
    this.set(["topics"], [], origin);
    for (const name of names) {
      const entry =
        entries.find((item) => item.get("topic") === name) ?? this.#ofPattern(entries, name, origin);
      this.#document.addIn(["topics"], entry ?? this.#create({ topic: name }, origin));
    }
  }

  /** Every path that a field's path matches: an index for `*`, an existing key for `<name>`. */
  placesOf(path: readonly string[]): Path[] {
    return path.reduce<Path[]>(
      (places, step) => places.flatMap((place) => this.#stepsAt(place, step).map((own) => [...place, own])),
      [[]],
    );
  }

  /**
   * Makes the text at a path, or each text of a list, an absolute path: relative to the file's folder if it is from
   * the file.
   */
  resolveFile(path: Path): void {
    const node = this.#document.getIn(path, true);
    if (isSeq(node)) for (const index of node.items.keys()) this.resolveFile([...path, index]);
    if (!isScalar(node) || typeof node.value !== "string" || node.value === "") return;
    // Values of flags and variables are relative to the current folder.
    node.value = node.range ? resolve(dirname(this.#file), node.value) : resolve(node.value);
  }

  /** The value at a path: text, or a mapping or list of texts; undefined if there is none. */
  get(path: Path): unknown {
    const node = this.#document.getIn(path, true);
    return isNode(node) ? node.toJS(this.#document) : undefined;
  }

  /** All settings, as plain values. */
  toJS(): unknown {
    return this.#document.toJS();
  }

  /** Where the value at a path was set, or its nearest parent if it was not. */
  placeOf(path: Path): Place {
    for (let depth = path.length; depth >= 0; depth--) {
      const node = this.#document.getIn(path.slice(0, depth), true);
      if (!isNode(node)) continue;
      const origin = this.#origins.get(node);
      if (origin !== undefined) return { file: origin, line: 0, column: 0 };
      if (node.range) return this.#source.placeAt(spanOf(node));
    }
    return { file: this.#file, line: 0, column: 0 };
  }

  /** Where a path's key is. */
  placeOfKey(path: Path): Place {
    const key = this.#pairAt(path)?.key;
    return isNode(key) && key.range ? this.#source.placeAt(spanOf(key)) : this.placeOf(path);
  }

  /** Whether a path's key may be shown, since it is not a value by mistake. */
  isKeyShown(path: Path): boolean {
    const pair = this.#pairAt(path);
    return pair !== undefined && isPlainKey(pair);
  }

  #pairAt(path: Path): Pair | undefined {
    const parent = this.#document.getIn(path.slice(0, -1), true);
    if (!isMap(parent)) return undefined;
    return parent.items.find(({ key }) => String(isScalar(key) ? key.value : key) === path.at(-1));
  }

  /** Replaces aliases by their targets, so that they survive when a topic is dropped. */
  #replaceAliases(targets: ReadYaml["targets"]): void {
    visit(this.#document, { Alias: (_, alias) => targets.get(alias) });
  }

  #duplicate({ pair, at, first, path }: RepeatedKey): Problem {
    // outside of known settings there may be anything
    const depth = path.findLastIndex((_, index) => keysAt(path.slice(0, index + 1)).length > 0) + 1;
    const key = depth === path.length && isPlainKey(pair) ? String(pair.key) : undefined;
    const { line } = this.#source.placeAt(first);
    return this.#source.problemAt(at, duplicateKey(key, keyOf(path.slice(0, depth)), { line, key }));
  }

  #stepsAt(place: Path, step: string): (string | number)[] {
    if (step !== "*" && step !== anyName) return [step];
    const node = this.#document.getIn(place, true);
    if (isSeq(node)) return [...node.items.keys()];
    return isMap(node) ? node.items.map(({ key }) => String(isScalar(key) ? key.value : key)) : [];
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

  /** A copy of the first entry whose pattern matches a topic, for that topic. */
  #ofPattern(entries: readonly YAMLMap[], topic: string, origin: string): YAMLMap | undefined {
    const entry = entries.find((item) => isMatch(item.get("pattern"), topic));
    if (entry === undefined) return undefined;
    const copy = entry.clone() as YAMLMap;
    copy.delete("pattern");
    copy.set("topic", this.#create(topic, origin));
    return copy;
  }

  #create(value: unknown, origin: string): Node {
    const node = this.#document.createNode(value);
    this.#origins.set(node, origin);
    return node;
  }
}
