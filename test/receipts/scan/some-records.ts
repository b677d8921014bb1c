import type { WrittenRecord } from "../../kafka/wire/batches.ts";
import type { Random } from "../../lab/random.ts";
import { Mutated, tokensOf } from "./mutate.ts";

const mutated = new Mutated();

/** Bytes of which one may take the place of another: digits, letters, and those of Chinese characters. */
const kinds = [
  Buffer.from("0123456789"),
  Buffer.from("abcdefghijklmnopqrstuvwxyz"),
  Buffer.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
  Buffer.from([0xe1, 0xe3, 0xe4, 0xe9, 0xec]),
  Buffer.from([0xee, 0xef]),
  Buffer.from([0x80, 0x8f, 0x9f, 0xa0, 0xbb, 0xbf]),
];

/** Names of headers, of the same length and of others. */
const names = ["method", "trace", "tracd", "trace2", ""];

/** The same record, or one of the same size: some of its bytes are others, mostly of the same kind. */
function alike(value: Buffer, { below }: Random): Buffer {
  const changed = Buffer.from(value);
  for (let i = below(3) === 0 ? 0 : below(8); i > 0; i--) {
    const at = below(changed.length);
    const byte = changed[at] ?? 0;
    const kind = kinds.find((one) => one.includes(byte));
    if (below(8) === 0) changed[at] = below(256);
    else if (kind !== undefined) changed[at] = kind[below(kind.length)] ?? byte;
  }
  return changed;
}

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
  let value: Buffer | undefined;
  return Array.from({ length: 60 }, () => {
    offsetDelta += below(8) === 0 ? 1 + below(1000) : 1;
    // Producers write the same a few times in a row.
    if (below(3) === 0) value = chosen[below(chosen.length)];
    return {
      ...{ offsetDelta, timestampDelta: (below(3) - 1) * below(2 ** 26) },
      key: below(3) === 0 ? someText(random) : null,
      value: below(50) === 0 || value === undefined ? null : alike(value, random),
      headers: Array.from({ length: Math.max(0, below(8) - 4) }, () => {
        const name = names[below(names.length)] ?? "";
        return [name, below(3) === 0 ? null : someText(random)] as const;
      }),
    };
  });
}
