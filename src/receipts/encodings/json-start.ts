const quote = 0x22;
const brace = 0x7b;
const bracket = 0x5b;

/** How a number or a word of JSON begins. */
const scalarStart = /^[-\dtfn]/;

/** What may stand behind the `[` of an array: a value, or its end. Numbers and words begin no receipt. */
const behindBracket = new Set(Array.from('{["]', (char) => char.charCodeAt(0)));
const behindBrace = new Set(Array.from('"}', (char) => char.charCodeAt(0)));

/**
 * Where the first byte stands that is neither of a UTF-8 byte order mark nor a blank of JSON; the length when there is
 * none.
 */
export function firstToken(bytes: Buffer, start: number): number {
  let at = start;
  if (bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 3;
  while (isBlankUnit(bytes[at])) at++;
  return at;
}

/** Whether a byte or a UTF-16 unit is a blank of JSON. */
export function isBlankUnit(unit: number | undefined): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

/** Whether a text may be JSON as a whole, by its first and its last unit that are no blanks. */
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

/** Whether bytes, from `start` on, may be a JSON text that holds an object, an array or a string: by its first byte. */
export function mayBeJson(bytes: Buffer, start: number): boolean {
  const at = firstToken(bytes, start);
  const first = bytes[at];
  return first === brace || first === bracket || (first === quote && endsWithQuote(bytes, at));
}

/** As {@link mayBeJson}, by the first two tokens: for bytes that nobody said are a text. */
export function looksLikeJson(bytes: Buffer, start: number): boolean {
  const at = firstToken(bytes, start);
  const first = bytes[at];
  if (first === quote) return endsWithQuote(bytes, at);
  const second = bytes[firstToken(bytes, at + 1)] ?? 0;
  return (first === brace && behindBrace.has(second)) || (first === bracket && behindBracket.has(second));
}

/** Whether the last byte, but for NULs and blanks, is a quote, and another one than that at `opened`. */
function endsWithQuote(bytes: Buffer, opened: number): boolean {
  let end = bytes.length;
  while (end > opened && (bytes[end - 1] === 0 || isBlankUnit(bytes[end - 1]))) end--;
  return end - 1 > opened && bytes[end - 1] === quote;
}
