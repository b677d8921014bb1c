import type { WrittenRecord } from "../../kafka/wire/batches.ts";
import type { Random } from "../../lab/random.ts";
import { Mutated, tokensOf } from "./mutate.ts";

const mutated = new Mutated();

/** Sixty records with some of these values, whole and mutated, several times each, as different producers write them. */
export function someOf(values: readonly Buffer[], random: Random): WrittenRecord[] {
  const { below } = random;
  const chosen: Buffer[] = [];
  for (let i = 0; i < 12; i++) {
    const value = values[below(1 + below(values.length))] ?? Buffer.alloc(0);
    if (below(3) === 0) chosen.push(value);
    mutated.write(random, value, tokensOf(value));
    chosen.push(Buffer.from(mutated.memory.subarray(mutated.start, mutated.end)));
  }
  let offsetDelta = below(3);
  return Array.from({ length: 60 }, () => {
    offsetDelta += below(8) === 0 ? 1 + below(1000) : 1;
    return {
      ...{ offsetDelta, timestampDelta: (below(3) - 1) * below(2 ** 26) },
      key: below(3) === 0 ? Buffer.alloc(below(70), "k") : null,
      value: below(50) === 0 ? null : (chosen[below(chosen.length)] ?? null),
      headers: ["method", "trace"]
        .slice(0, Math.max(0, below(8) - 5))
        .map((name) => [name, below(2) === 0 ? null : Buffer.alloc(below(90), "h")] as const),
    };
  });
}
