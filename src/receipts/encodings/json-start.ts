const quote = 0x22;
const brace = 0x7b;
const bracket = 0x5b;

/** The start of a JSON number or word. */
const scalarStart = /^[-\dtfn]/;

/** What may follow the `[` of an array: a value, or its end. Numbers and words start no receipt. */
const behindBracket = new Set(Array.from('{["]', (char) => char.charCodeAt(0)));
const behindBrace = new Set(Array.from('"}', (char) => char.charCodeAt(0)));

/** The first byte that is neither part of a UTF-8 byte order mark nor JSON whitespace; the length if there is none. */
export function firstToken(bytes: Buffer, start: number): number {
  let at = start;
  if (bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 3;
  while (isBlankUnit(bytes[at])) at++;
  return at;
}

/** Whether a byte or a UTF-16 unit is JSON whitespace. */
export function isBlankUnit(unit: number | undefined): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

/** Whether a text may be JSON as a whole, by its first and last unit other than whitespace. */
export function mayBeWhole(text: string): boolean {
  let start = 0;
  let end = text.length - 1;
  while (isBlankUnit(text.charCodeAt(start))) start++;
  while (end > start && isBlankUnit(text.charCodeAt(end))) end--;
  const last = text.charCodeAt(end);
  switch (text.charCodeAt(start)) {
    case brace:
      return last === 0x7d;
    case bracket:
      return last === 0x5d;
    case quote:
      return last === quote && end > start;
    default:
      return scalarStart.test(text.charAt(start));
  }
}

/** Whether bytes, from `start`, may be a JSON text with an object, an array or a string: by the first byte. */
export function mayBeJson(bytes: Buffer, start: number): boolean {
  const at = firstToken(bytes, start);
  const first = bytes[at];
  return first === brace || first === bracket || (first === quote && endsWithQuote(bytes, at));
}

/** Like {@link mayBeJson}, by the first two tokens: for bytes that may not be text. */
export function looksLikeJson(bytes: Buffer, start: number): boolean {
  const at = firstToken(bytes, start);
  const first = bytes[at];
  if (first === quote) return endsWithQuote(bytes, at);
  const second = bytes[firstToken(bytes, at + 1)] ?? 0;
  return (first === brace && behindBrace.has(second)) || (first === bracket && behindBracket.has(second));
}

/** Whether the last byte, ignoring NULs and whitespace, is a quote other than the one at `opened`. */
function endsWithQuote(bytes: Buffer, opened: number): boolean {
  let end = bytes.length;
  while (end > opened && (bytes[end - 1] === 0 || isBlankUnit(bytes[end - 1]))) end--;
  return end - 1 > opened && bytes[end - 1] === quote;
}
