import type { WrittenRecord } from "../../kafka/wire/batches.ts";
import type { Random } from "../../lab/random.ts";
import { Mutated, tokensOf } from "./mutate.ts";

const mutated = new Mutated();

/** Names of headers, of the same length and of others. */
const names = ["method", "trace", "tracd", "trace2", ""];

/** A text that may be cut within a character, or longer than a value is looked at. */
function someText({ below }: Random): Buffer {
  const text = ["k", "应用", "crm", '"', String.raw`\u0061`, "13800138000"][below(6)] ?? "";
  return Buffer.from(text.repeat(1 + below(below(8) === 0 ? 300 : 3))).subarray(0, 1 + below(2000));
}

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
      key: below(3) === 0 ? someText(random) : null,
      value: below(50) === 0 ? null : (chosen[below(chosen.length)] ?? null),
      headers: Array.from({ length: Math.max(0, below(8) - 4) }, () => {
        const name = names[below(names.length)] ?? "";
        return [name, below(3) === 0 ? null : someText(random)] as const;
      }),
    };
  });
}
