import {
  isCollection,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { normaliseCode } from "../../codes/normalise.ts";
import type { Problem } from "../../diagnostics.ts";

/** An addition to a file: nested mappings, down to lines written as they are. */
export interface Tree {
  readonly [key: string]: Tree | readonly string[];
}

/** Nothing can be added to the file without changing its content. */
export class InsertError extends Error {
  override readonly name = "InsertError";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** YAML text to which lines can be added; the existing text stays the same, byte for byte. */
export class Insertable {
  readonly #text: string;
  readonly #file: string;
  readonly #lines = new LineCounter();
  readonly #root: YAMLMap | undefined;

  /**
   * @param file its name, for problems
   * @throws InsertError when it is not YAML, or not a mapping with a line for each key
   */
  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
    const document = parseDocument(text, { lineCounter: this.#lines, uniqueKeys: false });
    const [error] = document.errors;
    if (error !== undefined) {
      const [message = ""] = error.message.split("\n");
      throw this.#problem(error.pos[0], message, "Fix it first: run `check` to see what is wrong.");
    }
    const { contents } = document;
    if (contents !== null && !isOpen(contents, "map")) throw this.#closed(0, "the file");
    this.#root = contents === null ? undefined : (contents as YAMLMap);
  }

  /** The codes that one of its tables lists, as comparison keys. */
  codesOf(provider: string, scope: string): ReadonlySet<string> {
    const codes = this.#root?.getIn(["providers", provider, scope, "codes"], true);
    if (!isMap(codes)) return new Set();
    return new Set(codes.items.map(({ key }) => normaliseCode(textOf(key))));
  }

  /** Whether it has no content. */
  get isEmpty(): boolean {
    return this.#root === undefined;
  }

  /** Whether it has a table. */
  hasTable(provider: string, scope: string): boolean {
    return this.#root?.hasIn(["providers", provider, scope]) === true;
  }

  /**
   * @param tree its lines go after the existing ones of the same mapping; missing keys are added
   * @param isComment whether the added keys are commented out, as the lines then are
   * @returns the whole text
   * @throws InsertError if a mapping on the path is in flow style, is empty, or is an alias
   */
  with(tree: Tree, isComment: boolean): string {
    const newline = this.#text.includes("\r\n") ? "\r\n" : "\n";
    if (this.#root === undefined) {
      const start = this.#text === "" || this.#text.endsWith("\n") ? this.#text : `${this.#text}${newline}`;
      return (
        start +
        rendered(tree, isComment)
          .map((line) => line + newline)
          .join("")
      );
    }
    const edits = this.#edits(this.#root, tree, isComment, []);
    // From the end, so that positions stay valid; at the same position deeper edits come first.
    const ordered = edits.toSorted((a, b) => b.at - a.at || a.depth - b.depth);
    return ordered.reduce((text, { at, lines }) => {
      const before = text.slice(0, at);
      const open = before === "" || before.endsWith("\n") ? "" : newline;
      return before + open + lines.map((line) => line + newline).join("") + text.slice(at);
    }, this.#text);
  }

  #edits(
    node: YAMLMap | YAMLSeq,
    tree: Tree | readonly string[],
    isComment: boolean,
    path: readonly string[],
  ): Edit[] {
    if (isLines(tree)) return [this.#behind(node, tree, path.length)];
    const missing: string[] = [];
    const edits = Object.entries(tree).flatMap(([key, own]) => {
      const child: unknown = node.get(key, true);
      if (child === undefined) {
        missing.push(...rendered({ [key]: own }, isComment));
        return [];
      }
      const wanted = key === "tests" ? "seq" : "map";
      const below = [...path, key];
      if (!isOpen(child, wanted)) throw this.#closed(this.#startOf(child, node), below.join("."));
      return this.#edits(child, own, isComment, below);
    });
    return missing.length === 0 ? edits : [...edits, this.#behind(node, missing, path.length)];
  }

  /** After the line on which the last item of a collection ends. */
  #behind(node: YAMLMap | YAMLSeq, lines: readonly string[], depth: number): Edit {
    const last = node.items.at(-1);
    const end = isPair(last) ? endOf(last.value ?? last.key) : endOf(last);
    const newline = this.#text.indexOf("\n", end);
    const at = this.#text[end - 1] === "\n" ? end : newline === -1 ? this.#text.length : newline + 1;
    const start = node.range?.[0] ?? 0;
    const column = start - (this.#text.lastIndexOf("\n", start - 1) + 1);
    return { at, depth, lines: lines.map((line) => " ".repeat(column) + line) };
  }

  #startOf(child: unknown, node: YAMLMap | YAMLSeq): number {
    const range = isCollection(child) || isScalar(child) ? child.range : undefined;
    return range?.[0] ?? node.range?.[0] ?? 0;
  }

  #closed(at: number, what: string): InsertError {
    const message = `cannot add to ${what}: it is empty, in braces or an alias`;
    return this.#problem(at, message, "Write it with one key per line.");
  }

  #problem(at: number, message: string, hint: string): InsertError {
    const { line, col: column } = this.#lines.linePos(at);
    return new InsertError({ file: this.#file, line, column, message, hint });
  }
}

interface Edit {
  readonly at: number;
  readonly depth: number;
  readonly lines: readonly string[];
}

function isLines(tree: Tree | readonly string[]): tree is readonly string[] {
  return Array.isArray(tree);
}

/** A non-empty collection in block style. */
function isOpen(node: unknown, wanted: "map" | "seq"): node is YAMLMap | YAMLSeq {
  return (
    isCollection(node) && isMap(node) === (wanted === "map") && node.flow !== true && node.items.length > 0
  );
}

function endOf(node: unknown): number {
  return isCollection(node) || isScalar(node) ? (node.range?.[1] ?? 0) : 0;
}

function textOf(key: unknown): string {
  return String(isScalar(key) ? (key.source ?? key.value) : key);
}

function rendered(tree: Tree, isComment: boolean): string[] {
  const mark = isComment ? "# " : "";
  return Object.entries(tree).flatMap(([key, own]) => {
    if (!isLines(own)) return [`${mark}${key}:`, ...indented(rendered(own, isComment), isComment)];
    const [only = "", ...more] = own;
    // A plain value, such as `version: 1`.
    if (more.length === 0 && only.startsWith("= ")) return [`${mark}${key}: ${only.slice(2)}`];
    return [`${mark}${key}:`, ...indented(own, isComment)];
  });
}

/** Comments are indented after their mark, so that they are valid when uncommented. */
function indented(lines: readonly string[], isComment: boolean): string[] {
  return lines.map((line) => (isComment ? line.replace(/^# ?/, "#   ") : `  ${line}`));
}
