const backslash = 0x5c;
const letterU = 0x75;

/** The byte that each letter after a backslash stands for; 0 for none. `u` is left out. */
const escaped = new Uint8Array(256);
for (const [letter, stands] of Object.entries({
  ...{ '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" },
})) {
  escaped[letter.charCodeAt(0)] = stands.charCodeAt(0);
}

/** The byte that a letter after a backslash stands for; 0 for none, and for `u`. */
export function escapedByte(letter: number): number {
  return escaped[letter] ?? 0;
}

/** The length in bytes of the string character at `at`, escaped or not; 0 if JSON does not allow it. */
export function characterLength(view: DataView, at: number, to: number): number {
  const byte = view.getUint8(at);
  if (byte === backslash) return escapeLength(view, at, to);
  if (byte < 0x80) return byte < 0x20 ? 0 : 1;
  return utf8Length(view, at, to);
}

/** The length in bytes of the escape at `at`, with its backslash; 0 if JSON.parse would reject it. */
function escapeLength(view: DataView, at: number, to: number): number {
  if (at + 2 > to) return 0;
  const letter = view.getUint8(at + 1);
  if (letter !== letterU) return escaped[letter] === 0 ? 0 : 2;
  return at + 6 <= to && escapedUnit(view, at) >= 0 ? 6 : 0;
}

/** The UTF-16 unit of the six bytes of a `\u` escape at `at`; negative if it is invalid. */
function escapedUnit(view: DataView, at: number): number {
  let unit = 0;
  for (let i = at + 2; i < at + 6; i++) {
    const byte = view.getUint8(i);
    const letter = byte | 0x20;
    if (byte >= 0x30 && byte <= 0x39) unit = unit * 16 + byte - 0x30;
    else if (letter >= 0x61 && letter <= 0x66) unit = unit * 16 + letter - 0x57;
    else return -1;
  }
  return unit;
}

/**
 * The length in bytes of the non-ASCII character at `at`; 0 if it is invalid UTF-8: truncated, overlong, half of a
 * surrogate pair, or beyond Unicode.
 */
function utf8Length(view: DataView, at: number, to: number): number {
  const first = view.getUint8(at);
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length === 0 || at + length > to) return 0;
  for (let i = at + 1; i < at + length; i++) {
    if ((view.getUint8(i) & 0xc0) !== 0x80) return 0;
  }
  const second = view.getUint8(at + 1);
  const isShorter = (first === 0xe0 && second < 0xa0) || (first === 0xf0 && second < 0x90);
  const isNone = (first === 0xed && second > 0x9f) || (first === 0xf4 && second > 0x8f);
  return isShorter || isNone ? 0 : length;
}

/**
 * Writes the character of the escape at `at`, which {@link characterLength} has found valid.
 *
 * @returns the position after it, in UTF-8; -1 for half of a surrogate pair, which UTF-8 can't encode
 */
export function unescapeAt(view: DataView, at: number, target: DataView, into: number): number {
  const letter = view.getUint8(at + 1);
  if (letter !== letterU) {
    target.setUint8(into, escaped[letter] ?? 0);
    return into + 1;
  }
  const unit = escapedUnit(view, at);
  if (unit >= 0xd800 && unit <= 0xdfff) return -1;
  if (unit < 0x80) {
    target.setUint8(into, unit);
    return into + 1;
  }
  if (unit < 0x800) {
    target.setUint16(into, ((0xc0 | (unit >> 6)) << 8) | 0x80 | (unit & 0x3f));
    return into + 2;
  }
  target.setUint8(into, 0xe0 | (unit >> 12));
  target.setUint16(into + 1, ((0x80 | ((unit >> 6) & 0x3f)) << 8) | 0x80 | (unit & 0x3f));
  return into + 3;
}
