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

/** A path as one writes it: `topics[0].format`; the whole file is `the file`. */
export function keyOf(path: Path): string {
  const key = path.reduce<string>((before, step) => {
    if (typeof step === "number") return `${before}[${step}]`;
    return before === "" ? step : `${before}.${step}`;
  }, "");
  return key === "" ? "the file" : key;
}

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
  readonly #source: YamlSource;
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
    this.#source = new YamlSource(file, source, redactSettings);
    const { read } = this.#source;
    this.#document.contents = read.document.contents ?? this.#document.createNode({});
    this.repeatedKeys = read.repeated.map((repeated) => this.#duplicate(repeated));
    let faults = this.#source.faults();
    if (read.limits.length === 0) {
      this.#replaceAliases(read.targets);
      if (!isMap(this.#document.contents))
        faults.push(this.#source.problemAt({ start: 0, end: 1 }, notMapping(keyOf([]))));
      // to make one an object's key, the parser would print what is in it
      const nested = notSingle(`a key of ${keyOf([])}`);
      faults = [...faults, ...read.nested.map((at) => this.#source.problemAt(at, nested))];
    }
    this.problems = faults;
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

  /** Reduces the topics to those named; what the file says of one is kept, by its name or else by the first pattern. */
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

  /** Every place that a field's path stands for: an index for `*`, a key that is there for `<name>`. */
  placesOf(path: readonly string[]): Path[] {
    return path.reduce<Path[]>(
      (places, step) => places.flatMap((place) => this.#stepsAt(place, step).map((own) => [...place, own])),
      [[]],
    );
  }

  /** Makes the text at a path, or each text of a list, an absolute path: of the file's folder if the file says it. */
  resolveFile(path: Path): void {
    const node = this.#document.getIn(path, true);
    if (isSeq(node)) for (const index of node.items.keys()) this.resolveFile([...path, index]);
    if (!isScalar(node) || typeof node.value !== "string" || node.value === "") return;
    // What a flag or variable said has no place in the file.
    node.value = node.range ? resolve(dirname(this.#file), node.value) : resolve(node.value);
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
      if (node.range) return this.#source.placeAt(spanOf(node));
    }
    return { file: this.#file, line: 0, column: 0 };
  }

  /** Where the key of a path was written. */
  placeOfKey(path: Path): Place {
    const key = this.#pairAt(path)?.key;
    return isNode(key) && key.range ? this.#source.placeAt(spanOf(key)) : this.placeOf(path);
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
  #replaceAliases(targets: ReadYaml["targets"]): void {
    visit(this.#document, { Alias: (_, alias) => targets.get(alias) });
  }

  #duplicate({ pair, at, first, path }: RepeatedKey): Problem {
    // what stands in no group of settings may be anything
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

  /** A copy of the first entry whose pattern a topic matches, for that topic. */
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
