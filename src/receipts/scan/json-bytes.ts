export const quote = 0x22;
export const comma = 0x2c;
export const backslash = 0x5c;
export const openBrace = 0x7b;
export const openBracket = 0x5b;
export const closeBracket = 0x5d;

/** Not a value that JSON.parse would accept, or left to JSON.parse. */
export const broken = -1;

/** The byte at `at`; -1 past the end. */
export function byteAt(view: DataView, at: number, to: number): number {
  return at < to ? view.getUint8(at) : -1;
}

/** The first byte from `at` that is not JSON whitespace. */
export function skipBlanks(view: DataView, at: number, to: number): number {
  let next = at;
  while (next < to) {
    const byte = view.getUint8(next);
    if (byte > 0x20 || (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) break;
    next++;
  }
  return next;
}
