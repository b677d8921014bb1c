import { skippedAt } from "./layout";
import { isSame } from "./names";
import { openBrace, openBracket, skipInside, skipValue } from "./values";

// Objects and arrays that were skipped: forwarders repeat a schema, a host or an agent in each record. Each has a place
// by the hash of its first bytes: its size, how many others were met there since, and at byte 16 its bytes.
const placeBits: usize = 11;
const hashBits: u64 = 4;
const missedIn: usize = 4;
const bytesIn: usize = 16;

/** Smaller ones are skipped at once. */
const smallest: i32 = 24;
const largest: i32 = 2016;

/** After so many others the next ones are not compared, up to the one that takes the place. */
const mostCompared: i32 = 4;
const mostMissed: i32 = 128;

/** The end of the value of a member that is not needed, as `skipValue` finds it; those that are known are compared. */
export function skipMember(at: i32, to: i32, depth: i32): i32 {
  const first = <i32>load<u8>(at);
  if (first != openBrace && first != openBracket) return skipValue(at, to, depth);
  const hash = ((load<u64>(at) ^ rotl(load<u64>(at + 8), 29)) * 0x9e3779b97f4a7c15) >> (64 - hashBits);
  const place = skippedAt + (<usize>hash << placeBits);
  const missed = load<i32>(place + missedIn);
  if (missed < mostCompared) {
    const size = load<i32>(place);
    if (size != 0 && at + size <= to && isSame(at, place + bytesIn, size)) {
      store<i32>(place + missedIn, 0);
      return at + size;
    }
  }
  store<i32>(place + missedIn, missed + 1);
  const end = skipInside(at, to, depth + 1);
  if (missed > mostMissed || load<i32>(place) == 0) keep(place, at, end - at);
  return end;
}

/** @param size negative when it is broken */
function keep(place: usize, at: i32, size: i32): void {
  if (size < smallest || size > largest) return;
  store<i32>(place, size);
  store<i32>(place + missedIn, 0);
  memory.copy(place + bytesIn, at, size);
}
