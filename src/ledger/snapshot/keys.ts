import { channels } from "../../codes/verdict.ts";
import type { KeyCounter } from "../counter.ts";
import type { ByteReader, ByteWriter } from "./bytes.ts";
import { readWord, writeWord } from "./cells.ts";
import { known } from "./state.ts";

/** A counter of duplicates, or of receipts without a key, with its count. */
export interface CountedKey {
  readonly counter: KeyCounter;
  readonly count: number;
}

/** Stored by index: append only. */
const kinds: readonly KeyCounter["kind"][] = ["duplicates", "unkeyed"];

/** Writes each counter as kind index, provider, channel and count. */
export function writeKeys(out: ByteWriter, entries: readonly CountedKey[]): void {
  for (const { counter, count } of entries) {
    out.natural(kinds.indexOf(counter.kind));
    writeWord(out, counter.provider);
    writeWord(out, counter.channel);
    out.natural(count);
  }
}

/**
 * Reads one counter written by {@link writeKeys}.
 *
 * @throws Error for a kind that only a later version knows
 */
export function readKey(from: ByteReader): CountedKey {
  const kind = kinds[from.natural()];
  if (kind === undefined) throw new Error("it counts a kind of keys that this version does not know");
  const provider = readWord(from);
  const channel = known(channels, readWord(from));
  return { counter: { kind, provider, channel }, count: from.natural() };
}
