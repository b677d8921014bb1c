import {
  type Alias,
  Composer,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  type LineCounter,
  type Node,
  Parser,
  type YAMLMap,
} from "yaml";

/** Mappings and sequences within each other: more than any file of ours needs, and far less than the stack holds. */
export const maxDepth = 64;

/** One for each of ten thousand codes. */
export const maxAliases = 10_000;

/** Keys and values that aliases may stand for in all, each counted wherever an alias repeats it. */
export const maxAliasedNodes = 500_000;

/** Something wrong at an offset of the text, in UTF-16 units. */
export interface Fault {
  readonly at: number;
  readonly message: string;
}

/** One YAML document; with any fault in it, the rest is guesswork. */
export interface ReadYaml {
  readonly document: Document;
  /** What the syntax forbids, in the parser's words. */
  readonly syntax: readonly Fault[];
  /** Which limit is passed, and what to do about it. */
  readonly limits: readonly (Fault & { readonly hint: string })[];
  /** Aliases that stand for nothing before them, or for what they are part of. */
  readonly dangling: readonly Alias[];
  /** What each alias stands for; of nested ones each has its own. */
  readonly targets: ReadonlyMap<Alias, Node>;
}

/**
 * Reads YAML in time and memory proportional to the text, whatever the text: every scalar is text (the failsafe
 * schema), and depth and aliases are limited. Never throws.
 *
 * @param lines learns where the lines begin
 * @param uniqueKeys whether a key that is twice in a mapping is a fault
 */
export function readYaml(text: string, lines: LineCounter, uniqueKeys: boolean): ReadYaml {
  const limits: (Fault & { hint: string })[] = [];
  const composer = new Composer({
    schema: "failsafe",
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
  });
  // The composer recurses, so the depth is looked at before it.
  const tokens = tokensOf(text, lines, (at) => {
    const message = `nested more than ${maxDepth} deep`;
    limits.push({ at, message, hint: "Close what is open; no key here lies nearly as deep." });
  });
  const [document, second] = composer.compose(tokens, true, text.length);
  if (document === undefined) throw new Error("the composer gives a document for any text");
  const syntax: Fault[] = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
    at: pos[0],
    message,
  }));
  if (second !== undefined)
    syntax.push({ at: second.range[0], message: "Source contains multiple documents" });
  if (limits.length > 0) return { document, syntax: [], limits, dangling: [], targets: new Map() };
  const walk = new AliasWalk(uniqueKeys);
  walk.enter(document.contents);
  limits.push(...walk.limits);
  syntax.push(...walk.repeated.map((at) => ({ at, message: "Map keys must be unique" })));
  return { document, syntax, limits, dangling: walk.dangling, targets: walk.targets };
}

function* tokensOf(text: string, lines: LineCounter, tooDeep: (at: number) => void) {
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    if (parser.stack.length > maxDepth) {
      tooDeep(parser.offset);
      return;
    }
  }
  yield* parser.end();
}

/** Goes through a document once, in its order, and finds out what each alias stands for. */
class AliasWalk {
  readonly targets = new Map<Alias, Node>();
  readonly dangling: Alias[] = [];
  readonly limits: (Fault & { hint: string })[] = [];
  /** Where keys begin that are in their mapping already. */
  readonly repeated: number[] = [];
  readonly #uniqueKeys: boolean;
  readonly #anchors = new Map<string, Node>();
  /** How many nodes an anchored node is, aliases followed; missing while it is being walked. */
  readonly #sizes = new Map<Node, number>();
  #aliases = 0;
  #aliased = 0;

  constructor(uniqueKeys: boolean) {
    this.#uniqueKeys = uniqueKeys;
  }

  /** @returns how many nodes there are in it, aliases followed */
  enter(node: unknown): number {
    if (isAlias(node)) return this.#follow(node);
    if (!isNode(node)) return 0;
    const { anchor } = node;
    if (anchor !== undefined) {
      this.#anchors.set(anchor, node);
      this.#sizes.delete(node);
    }
    let size = 1;
    if (isMap(node)) {
      for (const { key, value } of node.items) size += this.enter(key) + this.enter(value);
      if (this.#uniqueKeys) this.#findRepeated(node);
    } else if (isSeq(node)) {
      for (const item of node.items) size += this.enter(item);
    }
    if (anchor !== undefined) this.#sizes.set(node, size);
    return size;
  }

  #follow(alias: Alias): number {
    const target = this.#anchors.get(alias.source);
    const size = target === undefined ? undefined : this.#sizes.get(target);
    if (target === undefined || size === undefined) {
      this.dangling.push(alias);
      return 1;
    }
    this.targets.set(alias, target);
    this.#aliased += size;
    if (++this.#aliases === maxAliases + 1) this.#limit(alias, `more than ${maxAliases} aliases`);
    if (this.#aliased > maxAliasedNodes && this.#aliased - size <= maxAliasedNodes) {
      this.#limit(alias, `aliases stand for more than ${maxAliasedNodes} keys and values`);
    }
    return Math.min(size, maxAliasedNodes + 1);
  }

  #limit(alias: Alias, message: string): void {
    this.limits.push({ at: alias.range?.[0] ?? 0, message, hint: "Write out what it stands for." });
  }

  #findRepeated(map: YAMLMap): void {
    const keys = new Set<unknown>();
    for (const { key } of map.items) {
      if (!isScalar(key)) continue;
      if (keys.has(key.value)) this.repeated.push(key.range?.[0] ?? 0);
      keys.add(key.value);
    }
  }
}
