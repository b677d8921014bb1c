import { backslash } from "../scan/json-bytes.ts";

/** Size of the cache: a topic has a few hundred signatures and templates. */
const remembered = 4096;
const places = 4 * remembered;

/** Longer values are not cached: names are rarely that long, and get `_redacted`. */
const longestRemembered = 64;

interface Known {
  readonly hash: number;
  /** A copy of its bytes. */
  readonly view: DataView;
  readonly label: string;
}

/** Looks up the labels of values. */
export type Labels = Pick<ValueLabels, "ofText" | "ofBytes">;

/** A cache of labels: a receipt's value is looked up by its bytes, without creating a string. */
export class ValueLabels {
  readonly #label: (sent: string) => string;
  readonly #read: typeof textAt;
  readonly #byText = new Map<string, string>();
  #byBytes: (Known | undefined)[] = [];
  #count = 0;

  /**
   * @param label makes the label of a value as sent
   * @param read reads a value from its bytes
   */
  constructor(label: (sent: string) => string, read = textAt) {
    this.#label = label;
    this.#read = read;
  }

  /** The label of a value. */
  ofText(sent: string): string {
    const known = this.#byText.get(sent);
    if (known !== undefined) return known;
    const label = this.#label(sent);
    if (sent.length <= longestRemembered) {
      if (this.#byText.size === remembered) this.#byText.clear();
      this.#byText.set(sent, label);
    }
    return label;
  }

  /** The label of a value in its bytes. */
  ofBytes(view: DataView, start: number, end: number): string {
    if (end - start > longestRemembered) return this.#label(this.#read(view, start, end));
    const hash = hashOf(view, start, end);
    let place = (hash ^ (hash >>> 15)) & (places - 1);
    for (;;) {
      const known = this.#byBytes[place];
      if (known === undefined) return this.#learn(view, start, end, hash, place);
      if (known.hash === hash && isSame(known.view, view, start, end)) return known.label;
      place = (place + 1) & (places - 1);
    }
  }

  #learn(view: DataView, start: number, end: number, hash: number, place: number): string {
    const label = this.#label(this.#read(view, start, end));
    if (this.#count === 0 || this.#count === remembered) {
      this.#byBytes = new Array<Known | undefined>(places).fill(undefined);
      this.#count = 0;
    }
    const copy = new DataView(view.buffer.slice(start, end));
    this.#byBytes[place] = { hash, view: copy, label };
    this.#count++;
    return label;
  }
}

/** By words of four bytes, the rest byte by byte. */
function hashOf(view: DataView, start: number, end: number): number {
  let hash = end - start;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at), 0x2c1b3c6d);
    hash ^= hash >>> 15;
  }
  for (; at < end; at++) hash = Math.imul(hash ^ view.getUint8(at), 0x01000193);
  return hash;
}

function isSame(known: DataView, view: DataView, start: number, end: number): boolean {
  const length = known.byteLength;
  if (length !== end - start) return false;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    if (known.getInt32(at) !== view.getInt32(start + at)) return false;
  }
  for (; at < length; at++) {
    if (known.getUint8(at) !== view.getUint8(start + at)) return false;
  }
  return true;
}

/** A value in UTF-8 as text: a number, or the contents of a string that JSON.parse accepts. */
export function textAt(view: DataView, start: number, end: number): string {
  const written = Buffer.from(view.buffer, start, end - start);
  return written.includes(backslash) ? (JSON.parse(`"${written}"`) as string) : written.toString();
}
