/** How often memory was reused, by its buffer; buffers that never were are missing. */
const epochs = new WeakMap<ArrayBufferLike, number>();

/**
 * How often memory was reused. Whoever keeps bytes of a frame, or of what was unpacked from it, can tell by it that
 * they were overwritten.
 *
 * @param memory any buffer; one that is never reused stays at 0
 */
export function epochOf(memory: ArrayBufferLike): number {
  return epochs.get(memory) ?? 0;
}

/** Marks memory as reused from now on. */
export function markReused(memory: ArrayBufferLike): void {
  epochs.set(memory, epochOf(memory) + 1);
}

/**
 * Gives memory back to the system. The garbage collector would let a hundred megabytes gather first, since it hardly
 * sees buffers.
 *
 * @param memory is not read any more; nothing happens if Node.js may share it between small buffers
 */
export function free(memory: ArrayBufferLike): void {
  if (!(memory instanceof ArrayBuffer) || memory.byteLength <= Buffer.poolSize) return;
  markReused(memory);
  memory.transfer(0);
}
