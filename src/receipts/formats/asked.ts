import { isFields } from "../fields.ts";
import type { Format } from "./format.ts";

/** So many formats have a bit each in one of two words; those behind are asked always. Both words fit into one number. */
const wordBits = 26;
const mostBits = 2 * wordBits;

/** How many sets of formats are remembered. Records of a topic take a handful. */
const mostSets = 256;

/** Formats, by their places: a bit for each in one of two words. */
interface Places {
  low: number;
  high: number;
}

/**
 * Which formats are to be asked of a value, in their order: those that know it have one of its members. Most values have
 * no member that any asks for, and are so passed over at once.
 */
export function askedOf(formats: readonly Format[]): (value: unknown) => readonly Format[] {
  const always: Places = { low: 0, high: 0 };
  const byName = new Map<string, Places>();
  for (const [place, { names }] of formats.slice(0, mostBits).entries()) {
    if (names === undefined) set(always, place);
    for (const name of names ?? []) {
      const known = byName.get(name) ?? { low: 0, high: 0 };
      byName.set(name, known);
      set(known, place);
    }
  }
  const sets = new Map<number, readonly Format[]>();

  function setOf(low: number, high: number): readonly Format[] {
    const key = high * 2 ** wordBits + low;
    const met = sets.get(key);
    if (met !== undefined) return met;
    const asked = formats.filter((_, place) => place >= mostBits || isSet({ low, high }, place));
    if (sets.size < mostSets) sets.set(key, asked);
    return asked;
  }

  return (value) => {
    let { low, high } = always;
    if (isFields(value)) {
      // Takes a fraction of Object.keys; what an object might inherit would be asked for in vain.
      for (const name in value) {
        const places = byName.get(name);
        if (places === undefined) continue;
        low |= places.low;
        high |= places.high;
      }
    }
    return setOf(low, high);
  };
}

function set(places: Places, place: number): void {
  if (place < wordBits) places.low |= 1 << place;
  else places.high |= 1 << (place - wordBits);
}

function isSet({ low, high }: Places, place: number): boolean {
  return ((place < wordBits ? low >> place : high >> (place - wordBits)) & 1) !== 0;
}
