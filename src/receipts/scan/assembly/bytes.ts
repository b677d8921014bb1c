import { spreadAt } from "./layout";

/** The two that end a name or a text, or begin an escape in it. */
export const quote: i32 = 0x22;
export const backslash: i32 = 0x5c;

const different: i32 = 256;

/** Sixteen of a byte. Loaded: V8 makes a constant of them again wherever it is used, with three instructions. */
@inline
export function sixteenOf(byte: i32): v128 {
  return v128.load(spreadAt + (<usize>byte << 4));
}

/** Writes the table of {@link sixteenOf}. */
export function writeSixteens(): void {
  for (let byte = 0; byte < different; byte++) v128.store(spreadAt + (<usize>byte << 4), i8x16.splat(<i8>byte));
}

/** Whether two times sixteen bytes are the same. Cheaper than `all_true` on x86. */
@inline
export function areSame(bytes: v128, others: v128): bool {
  return i8x16.bitmask(i8x16.eq(bytes, others)) == 0xffff;
}
