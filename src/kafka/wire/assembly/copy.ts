/**
 * Copies bytes of a batch: 16 at a time, so up to 16 bytes too much are read and written.
 *
 * @param size may be 0: 16 are copied all the same, since a processor can't guess whether there are any
 */
@inline
export function copyLiterals(from: usize, to: usize, size: usize): void {
  const end = to + size;
  do {
    v128.store(to, v128.load(from));
    from += 16;
    to += 16;
  } while (to < end);
}

/**
 * Copies bytes from `offset` bytes before, at least one; writes up to 31 bytes too much. Those copied may be the first of
 * others.
 */
@inline
export function copyMatch(to: usize, offset: usize, size: usize): void {
  let from = to - offset;
  const end = to + size;
  if (offset >= 16) {
    // Most have no more: 32 are copied all the same, since a processor can't guess it.
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    for (let copied: usize = 32; copied < size; copied += 16) v128.store(to + copied, v128.load(from + copied));
    return;
  }
  if (offset < 8) {
    // Eight bytes one by one: then there are as many bytes as one step copies between what is read and written.
    for (let n: usize = 0; n < 8; n++) store<u8>(to + n, load<u8>(from + n));
    to += 8;
    from = to - ((7 + offset) / offset) * offset;
  }
  for (; to < end; to += 8, from += 8) store<u64>(to, load<u64>(from));
}
