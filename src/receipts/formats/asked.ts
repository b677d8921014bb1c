import { isFields } from "../fields.ts";
import type { Format } from "./format.ts";

/**
 * How many formats have a bit in one of the two words; further ones are always tried. Both words fit into one number.
 */
const wordBits = 26;
const mostBits = 2 * wordBits;

/** How many sets of formats are cached. A topic's records need a handful. */
const mostSets = 256;

/** A set of formats: a bit for each in one of two words. */
interface Places {
  low: number;
  high: number;
}

/**
 * Finds the formats to try for a value, in order: those with one of its members. Most values have no such member, and
 * are skipped at once.
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
      // Takes a fraction of Object.keys; inherited names would just try a format in vain.
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
