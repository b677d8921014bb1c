import { copyLiterals, copyMatch } from "./copy";
import { badOffset, truncated } from "./status";

/** The kind of an element, in the low bits of its tag. */
const literals: usize = 0;
const nearMatch: usize = 1;
const match: usize = 2;

/**
 * Unpacks the elements of one block (https://github.com/google/snappy/blob/main/format_description.txt).
 *
 * @param at, end the elements
 * @param to where their content goes; what a match may refer to begins here
 * @param stop where the content has to end
 * @returns `stop`, or a status
 */
export function snappy(at: usize, end: usize, to: usize, stop: usize): i32 {
  const first = to;
  while (at < end) {
    const tag = <usize>load<u8>(at++);
    const kind = tag & 3;
    let size = (tag >> 2) + 1;
    if (kind == literals) {
      if (size > 60) {
        const extra = size - 60;
        if (extra > end - at) return truncated;
        size = <usize>load<u32>(at) & (0xffffffff >> ((4 - extra) << 3));
        at += extra;
        // One less than the size: the largest has one more than 32 bits.
        if (size >= end - at) return truncated;
        size++;
      }
      if (size > end - at || size > stop - to) return truncated;
      copyLiterals(at, to, size);
      at += size;
    } else {
      let offset: usize;
      if (kind == nearMatch) {
        size = ((tag >> 2) & 7) + 4;
        offset = ((tag >> 5) << 8) | <usize>load<u8>(at++);
      } else if (kind == match) {
        offset = <usize>load<u16>(at);
        at += 2;
      } else {
        offset = <usize>load<u32>(at);
        at += 4;
      }
      if (at > end || size > stop - to) return truncated;
      if (offset == 0 || offset > to - first) return badOffset;
      copyMatch(to, offset, size);
    }
    to += size;
  }
  return to == stop ? <i32>to : truncated;
}
