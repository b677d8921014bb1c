import {
  type Alias,
  Composer,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  type LineCounter,
  type Node,
  type Pair,
  type ParsedNode,
  Parser,
  type YAMLMap,
  type YAMLParseError,
  type YAMLWarning,
} from "yaml";
import { deepestNesting, mostAliasedNodes, mostAliases } from "../bounds.ts";

/** A span of the text, from `start` up to `end`, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A problem in the text. */
export interface Fault {
  readonly at: Span;
  readonly message: string;
}

/** A key that its mapping has already. */
export interface RepeatedKey {
  readonly pair: Pair;
  readonly at: Span;
  /** Its first occurrence. */
  readonly first: Span;
  /** The mapping: keys, and indexes in sequences from 0. */
  readonly path: readonly (string | number)[];
}

/** One YAML document; if it has any fault, the rest is unreliable. */
export interface ReadYaml {
  readonly document: Document.Parsed<ParsedNode>;
  /** Syntax errors, in the parser's words. */
  readonly syntax: readonly Fault[];
  /** The parser's warnings: unknown tags. */
  readonly warnings: readonly Fault[];
  /** Exceeded limits, and what to do about them. */
  readonly limits: readonly (Fault & { readonly hint: string })[];
  /** Aliases without an anchor before them, or inside their own anchor. */
  readonly dangling: readonly Span[];
  readonly repeated: readonly RepeatedKey[];
  /** Keys that are mappings or sequences. */
  readonly nested: readonly Span[];
  /** The target of each alias; nested ones have their own. */
  readonly targets: ReadonlyMap<Alias, Node>;
}

/**
 * A node's span. For a mapping or sequence in block style it is its start: it ends with its last item, and is not a
 * token of its own.
 */
export function spanOf(node: Node): Span {
  const [start, end] = node.range ?? [0, 0];
  return { start, end: isCollection(node) && node.flow !== true ? start + 1 : end };
}

/**
 * Parses YAML in time and memory proportional to the text, whatever the text: every scalar is text (the failsafe
 * schema), and depth and aliases are limited. Never throws.
 *
 * @param lines is told where the lines start
 */
export function readYaml(text: string, lines: LineCounter): ReadYaml {
  const limits: (Fault & { hint: string })[] = [];
  const composer = new Composer({
    schema: "failsafe",
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
  });
  // The composer recurses, so check the depth first.
  const tokens = tokensOf(text, lines, (at) => {
    const message = `nested more than ${deepestNesting} deep`;
    limits.push({
      at: { start: at, end: at + 1 },
      message,
      hint: "Close the brackets that are open; no valid key is nested this deep.",
    });
  });
  const [document, second] = composer.compose(tokens, true, text.length);
  if (document === undefined) throw new Error("the composer gives a document for any text");
  const syntax = document.errors.map(faultOf);
  if (second !== undefined)
    syntax.push({ at: startOf(second), message: "Source contains multiple documents" });
  const warnings = document.warnings.map(faultOf);
  const walk = new AliasWalk();
  if (limits.length > 0) return { document, syntax: [], warnings: [], ...walk, limits };
  walk.enter(document.contents);
  return { document, syntax, warnings, ...walk };
}

function faultOf({ pos, message }: YAMLParseError | YAMLWarning): Fault {
  return { at: { start: pos[0], end: pos[1] }, message };
}

function startOf({ range: [start] }: Document.Parsed): Span {
  return { start, end: start + "---".length };
}

function* tokensOf(text: string, lines: LineCounter, tooDeep: (at: number) => void) {
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    if (parser.stack.length > deepestNesting) {
      tooDeep(parser.offset);
      return;
    }
  }
  yield* parser.end();
}

/** Walks a document once, in order, and resolves each alias. */
class AliasWalk {
  readonly targets = new Map<Alias, Node>();
  readonly dangling: Span[] = [];
  readonly limits: (Fault & { hint: string })[] = [];
  readonly repeated: RepeatedKey[] = [];
  readonly nested: Span[] = [];
  readonly #path: (string | number)[] = [];
  readonly #anchors = new Map<string, Node>();
  /** The size of an anchored node in nodes, aliases resolved; missing while it is being walked. */
  readonly #sizes = new Map<Node, number>();
  #aliases = 0;
  #aliased = 0;

  /** @returns its size in nodes, aliases resolved */
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
      for (const { key, value } of node.items) {
        size += this.enter(key) + this.#enterAt(isScalar(key) ? String(key.value) : "", value);
      }
      this.#lookAtKeys(node);
    } else if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) size += this.#enterAt(index, item);
    }
    if (anchor !== undefined) this.#sizes.set(node, size);
    return size;
  }

  #enterAt(step: string | number, node: unknown): number {
    this.#path.push(step);
    const size = this.enter(node);
    this.#path.pop();
    return size;
  }

  #follow(alias: Alias): number {
    const target = this.#anchors.get(alias.source);
    const size = target === undefined ? undefined : this.#sizes.get(target);
    if (target === undefined || size === undefined) {
      this.dangling.push(spanOf(alias));
      return 1;
    }
    this.targets.set(alias, target);
    this.#aliased += size;
    if (++this.#aliases === mostAliases + 1) this.#limit(alias, `more than ${mostAliases} aliases`);
    if (this.#aliased > mostAliasedNodes && this.#aliased - size <= mostAliasedNodes) {
      this.#limit(alias, `aliases stand for more than ${mostAliasedNodes} keys and values`);
    }
    return Math.min(size, mostAliasedNodes + 1);
  }

  #limit(alias: Alias, message: string): void {
    this.limits.push({ at: spanOf(alias), message, hint: "Write out its value instead." });
  }

  #lookAtKeys(map: YAMLMap): void {
    const keys = new Map<unknown, Span>();
    for (const pair of map.items) {
      const { key } = pair;
      const meant = isAlias(key) ? this.targets.get(key) : key;
      if (isNode(key) && (isMap(meant) || isSeq(meant))) this.nested.push(spanOf(key));
      if (!isScalar(key)) continue;
      const at = spanOf(key);
      const first = keys.get(key.value);
      if (first === undefined) keys.set(key.value, at);
      else this.repeated.push({ pair, at, first, path: [...this.#path] });
    }
  }
}
