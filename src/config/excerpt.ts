import { type Document, isMap, isPair, isSeq, type Node, type Pair, type ParsedNode, visit } from "yaml";
import type { Excerpt } from "../diagnostics.ts";
import { fields } from "./fields.ts";
import { looksSecret } from "./values.ts";

const hidden = "(hidden)";

/** Half-open, in UTF-16 units of the file's text. */
type Range = readonly [start: number, end: number];

/**
 * Shows lines of a configuration file without what may be a secret: values are shown where a setting is known and no
 * secret, and nowhere else; comments are left out. A secret most often gets into the wrong place by a slip, and slips
 * are what is shown here.
 */
export class Excerpts {
  readonly #source: string;
  readonly #shown: readonly Range[];
  readonly #hidden: readonly Range[];
  /** What is known of a file that is no YAML is guesswork. */
  readonly #broken: boolean;

  /** @param document as it was parsed from `source`, with nothing changed in it */
  constructor(source: string, document: Document.Parsed<ParsedNode>) {
    this.#source = source;
    const broken = document.errors.some(({ code }) => code !== "DUPLICATE_KEY");
    this.#broken = broken || !(document.contents === null || isMap(document.contents));
    const shown: Range[] = [];
    const concealed: Range[] = [];
    visit(document, {
      Scalar: (at, node, ancestors) => {
        const range = rangeOf(node);
        if (range === undefined) return;
        const pair = ancestors.at(-1);
        const open =
          at === "key"
            ? isPair(pair) && isPlainKey(pair) && isGroup(pathOf(ancestors.slice(0, -1)))
            : isShown(pathOf(ancestors)) && !looksSecret(String(node.value));
        (open ? shown : concealed).push(range);
      },
    });
    this.#shown = shown;
    this.#hidden = concealed;
  }

  /**
   * @param start where the line begins in the file's text
   * @param column in it, from 1
   */
  lineAt(start: number, column: number): Excerpt {
    const end = this.#source.indexOf("\n", start);
    const line = this.#source.slice(start, end === -1 ? undefined : end).replace(/\r$/, "");
    if (this.#broken) return brokenLine(line, column);
    let text = "";
    let caret = 0;
    for (let at = 0; at < line.length; ) {
      const range = this.#rangeAt(start + at);
      const length = Math.min(line.length, range === undefined ? at + 1 : range.end - start) - at;
      if (column - 1 >= at) caret = text.length + (range?.shown ? column - 1 - at : 0);
      const piece = line.slice(at, at + length);
      if (range === undefined && piece === "#" && /(?:^|\s)$/.test(text)) break;
      const harmless = range === undefined ? /[\s{}[\],:?"'-]/.test(piece) : range.shown;
      if (harmless) text += piece;
      else if (!text.endsWith(hidden)) text += hidden;
      at += length;
    }
    return { text: text.trimEnd(), caret };
  }

  #rangeAt(offset: number): { readonly end: number; readonly shown: boolean } | undefined {
    const holds = ([start, end]: Range) => start <= offset && offset < end;
    const shown = this.#shown.find(holds);
    if (shown !== undefined) return { end: shown[1], shown: true };
    const concealed = this.#hidden.find(holds);
    return concealed && { end: concealed[1], shown: false };
  }
}

/**
 * Whether a key is one at all: where the blank behind a colon was forgotten, or the key itself, a value is read as a
 * key without a value.
 */
export function isPlainKey({ key, value }: Pair): boolean {
  return value !== null && /^[\w-]+$/.test(String(key));
}

function rangeOf(node: Node): Range | undefined {
  return node.range ? [node.range[0], node.range[1]] : undefined;
}

/** Where a value stands, as a field's path: `*` for each entry of a list. */
function pathOf(ancestors: readonly unknown[]): readonly string[] {
  return ancestors.flatMap((ancestor) => {
    if (isSeq(ancestor)) return "*";
    return isPair(ancestor) ? String(ancestor.key) : [];
  });
}

/** Whether a text at a path is the value of a setting that may be shown. */
function isShown(path: readonly string[]): boolean {
  const own = path.join(".");
  const field = fields.find(
    (candidate) =>
      candidate.path.join(".") === own || (candidate.list && `${candidate.path.join(".")}.*` === own),
  );
  // text where a group or a list of groups belongs may be anything
  return field !== undefined && !field.secret && !isGroup(path);
}

function isGroup(path: readonly string[]): boolean {
  return fields.some((field) => field.path.join(".").startsWith([...path, ""].join(".")));
}

/** A line of a file that can't be read: what follows a known key is shown if it is simple, and so are keys. */
function brokenLine(line: string, column: number): Excerpt {
  const [, lead = "", key = "", value = ""] = /^([\s-]*)(?:([\w-]+\s*:)(?:\s+|$)(.*))?/.exec(line) ?? [];
  const name = key.replace(/\s*:$/, "");
  const known = fields.some(({ path }) => path.at(-1) === name && isShown(path));
  const plain = known && /^[\w.+-]*$/.test(value) && !looksSecret(value);
  const shown = plain || line.trim() === "" ? line : `${lead}${key === "" ? "" : `${key} `}${hidden}`;
  const furthest = shown === line ? line.length : shown.length - hidden.length;
  return { text: shown.trimEnd(), caret: Math.min(column - 1, furthest) };
}
