import { type Document, isMap, isPair, isSeq, type Pair, type ParsedNode, visit } from "yaml";
import { didYouMean, type Excerpt } from "../diagnostics.ts";
import { fields } from "./fields.ts";
import { looksSecret } from "./values.ts";

const hidden = "(hidden)";

/** A key or a value, from `start` to before `end` in UTF-16 units of the file's text. */
interface Text {
  readonly start: number;
  readonly end: number;
  readonly shown: boolean;
}

/**
 * Shows lines of a configuration file without what may be a secret: values are shown where a setting is known and no
 * secret, and nowhere else; comments are left out. A secret most often gets into the wrong place by a slip, and slips
 * are what is shown here.
 */
export class Excerpts {
  readonly #source: string;
  /** The texts of the file in their order, and whether each may be shown. */
  readonly #texts: readonly Text[];
  /** What is known of a file that is no YAML is guesswork. */
  readonly #broken: boolean;

  /** @param document as it was parsed from `source`, with nothing changed in it */
  constructor(source: string, document: Document.Parsed<ParsedNode>) {
    this.#source = source;
    const broken = document.errors.some(({ code }) => code !== "DUPLICATE_KEY");
    this.#broken = broken || !(document.contents === null || isMap(document.contents));
    const texts: Text[] = [];
    visit(document, {
      Scalar: (at, { range, value }, ancestors) => {
        const pair = ancestors.at(-1);
        const shown =
          at === "key"
            ? isPair(pair) && isPlainKey(pair) && isGroup(pathOf(ancestors.slice(0, -1)))
            : isShown(pathOf(ancestors)) && !looksSecret(String(value));
        if (range) texts.push({ start: range[0], end: range[1], shown });
      },
    });
    this.#texts = texts;
  }

  /**
   * @param start where the line begins in the file's text
   * @param column in it, from 1
   */
  lineAt(start: number, column: number): Excerpt {
    const lineEnd = this.#source.indexOf("\n", start);
    const end = lineEnd === -1 ? this.#source.length : lineEnd;
    const line = this.#source.slice(start, end).replace(/\r$/, "");
    if (this.#broken) return brokenLine(line, column);
    const texts = this.#texts.filter((own) => own.start < end && own.end > start);
    let text = "";
    let caret = 0;
    for (let at = 0; at < line.length; ) {
      const own = texts.find((each) => each.start <= start + at && start + at < each.end);
      const next = Math.min(line.length, own === undefined ? at + 1 : own.end - start);
      const piece = line.slice(at, next);
      if (own === undefined && piece === "#" && /(?:^|\s)$/.test(text)) break;
      if (column - 1 >= at) caret = text.length + (own?.shown ? column - 1 - at : 0);
      // between the texts stands more than signs: anchors, tags, aliases
      if (own?.shown ?? /[\s{}[\],:?"'-]/.test(piece)) text += piece;
      else if (!text.endsWith(hidden)) text += hidden;
      at = next;
    }
    return { text: text.trimEnd(), caret };
  }
}

/**
 * Whether a key is one at all: where the blank behind a colon was forgotten, or the key itself, a value is read as a
 * key without a value.
 */
export function isPlainKey({ key, value }: Pair): boolean {
  return value !== null && /^[\w-]+$/.test(String(key));
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

const names = [...new Set(fields.flatMap(({ path }) => path))];

/** A line of a file that can't be read: its key if it may be meant for one, and what follows if that is simple. */
function brokenLine(line: string, column: number): Excerpt {
  const [, lead = "", key = "", value = ""] = /^([\s-]*)(?:([\w-]+\s*:)(?:\s+|$)(.*))?/.exec(line) ?? [];
  const name = key.replace(/\s*:$/, "");
  const keys = fields.filter(({ path }) => path.at(-1) === name);
  const plain = keys.some(({ path }) => isShown(path)) && /^[\w.+-]*$/.test(value) && !looksSecret(value);
  const keyShown = keys.length > 0 || didYouMean(name, names) !== undefined;
  const shown = plain || line.trim() === "" ? line : `${lead}${keyShown ? `${key} ` : ""}${hidden}`;
  const furthest = shown === line ? line.length : shown.length - hidden.length;
  return { text: shown.trimEnd(), caret: Math.min(column - 1, furthest) };
}
