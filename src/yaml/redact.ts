import type { Span } from "./read.ts";

/** Replaces what must not be shown. */
const hidden = "(hidden)";

/** A line of a file, redacted. */
export interface ShownLine {
  readonly text: string;
  /** Where a part of the file's line is in the redacted text, both from 0. Hidden parts are where `(hidden)` is. */
  readonly spanOf: (part: Span) => Span;
}

/**
 * Decides what may be shown of a line.
 *
 * @param line without its end
 * @param start its position in the file's text
 */
export type Redact = (line: string, start: number) => ShownLine;

/** A key or a value of a file, and whether it may be shown. */
export interface Token extends Span {
  readonly shown: boolean;
}

/** A line that may be shown. */
export function whole(line: string): ShownLine {
  return { text: line, spanOf: (part) => part };
}

/** A line that is hidden after a prefix. */
export function hiddenBehind(lead: string): ShownLine {
  const text = lead + hidden;
  const spanOf = ({ start, end }: Span) => ({
    start: Math.min(start, lead.length),
    end: end > lead.length ? text.length : end,
  });
  return { text, spanOf };
}

/** A part of a line, and where it is in the redacted line. */
interface Piece extends Span {
  readonly at: Span;
  readonly shown: boolean;
}

/**
 * A redaction for a file whose tokens are known: it hides those that must not be shown, and everything between tokens
 * except spaces and punctuation. Comments are left out.
 *
 * @param tokens all keys and values, in order
 */
export function redactTokens(tokens: readonly Token[]): Redact {
  return (line, start) => {
    const pieces = [...piecesOf(line, start, tokens)];
    const last = pieces.at(-1);
    const at = (place: number) => pieces[lastBefore(pieces, place + 1, (piece) => piece.start)] ?? last;
    return {
      text: pieces.map(({ text }) => text).join(""),
      spanOf: (part) => {
        const [first, final] = [at(part.start), at(Math.max(part.start, part.end - 1))];
        return {
          start: first === undefined ? 0 : first.at.start + (first.shown ? part.start - first.start : 0),
          end: final === undefined ? 0 : final.shown ? final.at.start + part.end - final.start : final.at.end,
        };
      },
    };
  };
}

function* piecesOf(
  line: string,
  start: number,
  tokens: readonly Token[],
): Generator<Piece & { readonly text: string }> {
  // tokens are in file order, so the next one starts after the previous one
  let next = Math.max(
    0,
    lastBefore(tokens, start + 1, (token) => token.start),
  );
  let before = { text: "", at: { start: 0, end: 0 } };
  for (let at = 0; at < line.length;) {
    while ((tokens[next]?.end ?? Number.POSITIVE_INFINITY) <= start + at) next++;
    const token = tokens[next];
    const inToken = token !== undefined && token.start <= start + at;
    const end = Math.min(line.length, inToken ? token.end - start : at + 1);
    const piece = line.slice(at, end);
    if (!inToken && piece === "#" && /(?:^|\s)$/.test(before.text)) return;
    // there may be more than punctuation between tokens: anchors, tags, aliases
    const shown = inToken ? token.shown : /[\s{}[\],:?"'-]/.test(piece);
    const text = shown ? piece : hidden;
    // adjacent hidden parts are shown as one
    const again = text === hidden && before.text === hidden;
    const from = before.at.end;
    const own = again ? before.at : { start: from, end: from + text.length };
    yield { start: at, end, at: own, shown, text: again ? "" : text };
    before = { text, at: own };
    at = end;
  }
}

/** The index of the last item that starts before a position, among sorted items; -1 when none does. */
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
