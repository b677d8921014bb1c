import { hold, mostHeld, placeOf } from "../../receipts/scan/memory.ts";
import { markReused } from "./reused-memory.ts";

/** Bytes of a batch's records that are in the scanner's memory, where they are read at once. */
interface Piece {
  readonly bytes: Buffer;
  /** Where it begins in the batch's records. */
  readonly from: number;
}

const noPiece: Piece = { bytes: Buffer.alloc(0), from: 0 };

/** The records of a batch, held as a whole, or piece by piece if they are too many. */
export class HeldRecords {
  #records: Buffer = Buffer.alloc(0);
  #piece = noPiece;

  /**
   * Begins a batch.
   *
   * @returns where its records are to be read: in the scanner's memory, if all of them are held
   */
  begin(records: Buffer): Buffer {
    this.#records = records;
    this.#piece = noPiece;
    if (records.length > mostHeld) return records;
    this.#hold(0);
    return this.#piece.bytes;
  }

  /**
   * The piece that has the records from a position on, held now if it is not. A batch that is held as a whole has no
   * other.
   *
   * @param size how many bytes it has to have at least, unless the records end before
   */
  piece(at: number, size: number): Piece {
    const { length } = this.#records;
    if (length > mostHeld) {
      const { bytes, from } = this.#piece;
      const end = from + bytes.length;
      const isThere = at >= from && (at + size <= end || end === length);
      if (!isThere || placeOf(bytes) === -1) this.#hold(at);
    }
    return this.#piece;
  }

  #hold(from: number): void {
    const bytes = hold(this.#records.subarray(from, from + mostHeld));
    markReused(bytes.buffer);
    this.#piece = { bytes, from };
  }
}
