import { copyLiterals, copyMatch } from "./copy";
import { badOffset, noRoom, truncated } from "./status";

/** A length of this value continues in the next bytes. */
const longer: usize = 15;
const shortestMatch: usize = 4;

/** No run is longer: more would not fit into any batch. */
const longestRun: usize = 1 << 29;

/**
 * Unpacks one block (https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md).
 *
 * @param at, end the block
 * @param to where its content goes
 * @param first what a match may refer to begins here
 * @param room the content ends before it
 * @returns where the content ends, or a status
 */
export function lz4(at: usize, end: usize, to: usize, first: usize, room: usize): i32 {
  while (at < end) {
    const token = <usize>load<u8>(at++);
    let literals = token >> 4;
    if (literals == longer) {
      let more: usize = 255;
      while (more == 255) {
        if (at >= end || literals > longestRun) return truncated;
        more = <usize>load<u8>(at++);
        literals += more;
      }
    }
    if (literals > end - at) return truncated;
    if (literals > room - to) return noRoom;
    copyLiterals(at, to, literals);
    at += literals;
    to += literals;
    // The last sequence has no match.
    if (at == end) return <i32>to;
    if (at + 2 > end) return truncated;
    const offset = <usize>load<u16>(at);
    at += 2;
    let match = token & longer;
    if (match == longer) {
      let more: usize = 255;
      while (more == 255) {
        if (at >= end) return truncated;
        if (match > longestRun) return noRoom;
        more = <usize>load<u8>(at++);
        match += more;
      }
    }
    match += shortestMatch;
    if (offset == 0 || offset > to - first) return badOffset;
    if (match > room - to) return noRoom;
    copyMatch(to, offset, match);
    to += match;
  }
  return truncated;
}
