import { isMap, isPair, isSeq, type Pair, visit } from "yaml";
import { didYouMean, type Excerpt } from "../diagnostics.ts";
import type { ReadYaml } from "../yaml.ts";
import { fields } from "./fields.ts";
import { looksSecret } from "./values.ts";

const hidden = "(hidden)";

/** A part of a line, and where it stands in what is shown of the line. */
interface Piece {
  readonly at: number;
  readonly end: number;
  readonly shownAt: number;
  readonly shown: boolean;
}

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
  /** The last line that was asked for: all problems of a file may be in one line. */
  #last: { readonly start: number; readonly text: string; readonly pieces: readonly Piece[] } | undefined;

  /** @param read what was read from `source`, with nothing changed in it */
  constructor(source: string, { document, syntax, limits }: ReadYaml) {
    this.#source = source;
    const isMapping = document.contents === null || isMap(document.contents);
    this.#broken = syntax.length > 0 || limits.length > 0 || !isMapping;
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
    if (this.#broken) return brokenLine(this.#lineFrom(start), column);
    if (this.#last?.start !== start) this.#last = { start, ...this.#shownLine(start) };
    const { text, pieces } = this.#last;
    const own = pieces[lastBefore(pieces, column, ({ at }) => at)];
    const within = own?.shown ? column - 1 - own.at : 0;
    return { text, caret: (own?.shownAt ?? 0) + within };
  }

  #lineFrom(start: number): string {
    const end = this.#source.indexOf("\n", start);
    return this.#source.slice(start, end === -1 ? undefined : end).replace(/\r$/, "");
  }

  /** What is shown of a line, and which of its parts stand where in that. */
  #shownLine(start: number): { text: string; pieces: Piece[] } {
    const line = this.#lineFrom(start);
    const pieces: Piece[] = [];
    let text = "";
    let before = "";
    // texts follow each other in the file, so the next one begins behind the one before
    let next = Math.max(
      0,
      lastBefore(this.#texts, start + 1, (own) => own.start),
    );
    for (let at = 0; at < line.length; ) {
      while ((this.#texts[next]?.end ?? Number.POSITIVE_INFINITY) <= start + at) next++;
      const own = this.#texts[next];
      const inOwn = own !== undefined && own.start <= start + at;
      const end = Math.min(line.length, inOwn ? own.end - start : at + 1);
      const piece = line.slice(at, end);
      if (!inOwn && piece === "#" && /(?:^|\s)$/.test(before)) break;
      pieces.push({ at, end, shownAt: text.length, shown: inOwn && own.shown });
      // between the texts stands more than signs: anchors, tags, aliases
      const shown = inOwn ? own.shown : /[\s{}[\],:?"'-]/.test(piece);
      const written = shown ? piece : before === hidden ? "" : hidden;
      text += written;
      if (written !== "") before = written;
      at = end;
    }
    return { text: text.trimEnd(), pieces };
  }
}

/** The place of the last item that begins before a number, among items in order; -1 when none does. */
function lastBefore<Item>(items: readonly Item[], before: number, beginOf: (item: Item) => number): number {
  let [from, to] = [0, items.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const item = items[middle];
    if (item !== undefined && beginOf(item) < before) from = middle + 1;
    else to = middle;
  }
  return from - 1;
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
  return field !== undefined && !field.secret && !field.hidden && !isGroup(path);
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
