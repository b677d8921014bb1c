import fc from "fast-check";

/** Bytes in which much is repeated, near and far, in short and long runs. */
export const texts: fc.Arbitrary<Buffer> = fc
  .array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 90 })), {
    maxLength: 30,
  })
  .chain((parts) =>
    fc.array(fc.nat({ max: Math.max(0, parts.length - 1) }), { maxLength: 60 }).map((order) =>
      Buffer.concat(
        order.flatMap((at) => {
          const [bytes, times] = parts[at] ?? [new Uint8Array(), 0];
          return Array.from({ length: times }, () => bytes);
        }),
      ),
    ),
  );

/** What is packed, cut short everywhere, and with each of its bytes changed. */
export function* damages(packed: Buffer): Iterable<Buffer> {
  for (let length = 0; length < packed.length; length++) yield packed.subarray(0, length);
  for (const [at, byte] of packed.entries()) {
    for (const other of [0, 0xff, byte ^ 0x01, byte ^ 0x10, byte ^ 0x80]) {
      const changed = Buffer.from(packed);
      changed[at] = other;
      yield changed;
    }
  }
}
