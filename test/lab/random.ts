/** Numbers that look random and follow from a seed alone. */
export interface Random {
  /** From 0 up to, not including, 1. */
  fraction(): number;
  /** A whole number from 0 up to, not including, `bound`. */
  below(bound: number): number;
  /** `count` decimal digits, the first not 0. */
  digits(count: number): string;
  /** One of the choices, each as likely as its weight says. */
  pick<T extends { readonly weight: number }>(choices: readonly T[]): T;
}

/** The generator mulberry32: 32 bits of state, the same sequence on every machine. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound: number) => Math.floor(fraction() * bound);
  return {
    fraction,
    below,
    digits: (count) => Array.from({ length: count }, (_, i) => (i === 0 ? 1 + below(9) : below(10))).join(""),
    pick: (choices) => {
      let rest = fraction() * choices.reduce((sum, { weight }) => sum + weight, 0);
      for (const choice of choices) {
        rest -= choice.weight;
        if (rest < 0) return choice;
      }
      const last = choices.at(-1);
      if (last === undefined) throw new Error("nothing to pick from");
      return last;
    },
  };
}
