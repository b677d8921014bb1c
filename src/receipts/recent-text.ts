/** More bytes than any common code has; a longer text is made anew each time. */
const maxLength = 16;

/** Texts met lately, each at the place that its bytes hash to. */
const recent: string[] = new Array<string>(256).fill("");

/**
 * The text of ASCII bytes: the string made before, where these bytes were met lately. A few codes make up nearly
 * all receipts, and to make a string takes several times as long as to find it again.
 *
 * @param start where the first byte is
 * @param end behind the last byte
 */
export function recentText(bytes: Buffer, start: number, end: number): string {
  if (end - start > maxLength) return bytes.toString("latin1", start, end);
  const place = hashOf(bytes, start, end) % recent.length;
  const text = recent[place];
  if (text !== undefined && isTextOf(text, bytes, start, end)) return text;
  const made = bytes.toString("latin1", start, end);
  recent[place] = made;
  return made;
}

function hashOf(bytes: Buffer, start: number, end: number): number {
  let hash = 0;
  for (let i = start; i < end; i++) hash = (hash * 31 + (bytes[i] ?? 0)) & 0xffffff;
  return hash;
}

function isTextOf(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) !== bytes[start + i]) return false;
  }
  return true;
}
