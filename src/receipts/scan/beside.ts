import type { Resident } from "./residents.ts";

/** Bytes of a number. */
const numberSize = 4;

/** The sizes of blocks are multiples of this. */
const blockUnit = 16;

/** Tells the walker which values are beside receipts, as `assembly/dimensions.ts` describes. */
export class BesideBlock implements Resident {
  readonly block: Uint8Array;
  /** Where it is in the memory. */
  at = 0;

  /** @param headers the names of the headers, undefined for the record's key; at most eight */
  constructor(headers: readonly (Buffer | undefined)[]) {
    const numbers = [headers.length];
    let end = numberSize * (1 + 2 * headers.length);
    for (const name of headers) {
      numbers.push(name?.length ?? -1, end);
      end += name?.length ?? 0;
    }
    const written = Buffer.concat([
      Buffer.from(Int32Array.from(numbers).buffer),
      ...headers.map((name) => name ?? Buffer.alloc(0)),
    ]);
    this.block = new Uint8Array(Math.ceil(end / blockUnit) * blockUnit);
    this.block.set(written);
  }

  movedTo(at: number): void {
    this.at = at;
  }
}
