import type { Receipt } from "../receipts/receipt.ts";

/** The most receipts kept per offset of the window, for topics with many receipts in a record. */
const receiptsPerOffset = 4;

/** Memory of a receipt: its key, its offset, the previous one in its chain, and its share of the heads. */
const bytesPerReceipt = 4 + 4 + 8 + 8 + 8;

/** The initial capacity, in receipts. */
const firstCapacity = 64;

const none: readonly Receipt[] = [];

/** The most receipts in a window. */
function mostReceipts(window: number): number {
  return window * receiptsPerOffset;
}

/** The most memory of a window, in bytes: with one receipt per record, and with many. */
export function windowMemory(window: number): { readonly usual: number; readonly most: number } {
  return {
    usual: capacityFor(window) * bytesPerReceipt,
    most: capacityFor(mostReceipts(window)) * bytesPerReceipt,
  };
}

function capacityFor(receipts: number): number {
  return Math.max(firstCapacity, 2 ** Math.ceil(Math.log2(receipts)));
}

/**
 * The receipts at the last offsets of a partition, to find duplicates: a receipt is one if a record at one of the
 * `window` offsets before its own has a receipt with the same key. That depends on these offsets alone, duplicates included, so
 * reading them again without counting restores the window exactly.
 *
 * The keys are in a ring, in order. Each is chained to the previous one in its bucket, so nothing has to be removed: a
 * chain ends where it leaves the window. The ring grows as needed.
 */
export class DuplicateWindow {
  /** The window, in offsets. */
  readonly window: number;
  /** The offset of the next record to read. */
  next = 0;

  readonly #most: number;
  #capacity = 0;
  #high = new Int32Array(0);
  #low = new Int32Array(0);
  #offsets = new Float64Array(0);
  /** The place of the previous one in the same bucket, from 1; 0 for none. */
  #before = new Float64Array(0);
  /** The place of the newest of each bucket. */
  #heads = new Float64Array(0);
  /** Places are never reused: those from `#oldest` to before `#end` are in the window. */
  #oldest = 1;
  #end = 1;
  readonly #again: Receipt[] = [];

  /** @param window in offsets */
  constructor(window: number) {
    this.window = window;
    this.#most = mostReceipts(window);
  }

  /** The number of receipts in it. */
  get size(): number {
    return this.#end - this.#oldest;
  }

  /** Its memory, in bytes. */
  get bytes(): number {
    return this.#capacity * bytesPerReceipt;
  }

  /**
   * Clears the window: the records before an offset have to be read again.
   *
   * @param next the next offset to count
   * @param low the first offset of the log, if known
   */
  beginBefore(next: number, low = 0): void {
    this.#oldest = this.#end;
    this.next = Math.min(next, Math.max(low, next - this.window));
  }

  /** Skips offsets without a record for us. */
  skipTo(offset: number): void {
    this.next = Math.max(this.next, offset);
  }

  /** Adds the receipts of one record without looking for duplicates. */
  remember(receipts: readonly Receipt[], offset: number): void {
    this.#advance(offset);
    for (const { key } of receipts) if (key !== undefined) this.#add(key.high, key.low, offset);
  }

  /**
   * Adds the receipts of one record, and separates the duplicates.
   *
   * @param receipts the duplicates are removed from it
   * @returns the duplicates; valid until the next call
   */
  sift(receipts: Receipt[], offset: number): readonly Receipt[] {
    this.#advance(offset);
    this.#again.length = 0;
    const { length } = receipts;
    // Looked up as of before this record: repeats within one record are not duplicates.
    const end = this.#end;
    let kept = 0;
    for (let at = 0; at < length; at++) {
      const receipt = receipts[at];
      if (receipt === undefined) continue;
      const { key } = receipt;
      if (key !== undefined && this.#has(key.high, key.low, end)) this.#again.push(receipt);
      else receipts[kept++] = receipt;
      if (key !== undefined) this.#add(key.high, key.low, offset);
    }
    while (receipts.length > kept) receipts.pop();
    return this.#again.length === 0 ? none : this.#again;
  }

  /** Drops what is before the window of a record. */
  #advance(offset: number): void {
    const first = offset - this.window;
    const mask = this.#capacity - 1;
    this.#oldest = Math.max(this.#oldest, this.#end - this.#most);
    while (this.#oldest < this.#end && (this.#offsets[this.#oldest & mask] ?? 0) < first) this.#oldest++;
    this.next = offset + 1;
  }

  /** @param end one past the last place to consider */
  #has(high: number, low: number, end: number): boolean {
    const mask = this.#capacity - 1;
    let place = this.#heads[low & mask] ?? 0;
    while (place >= this.#oldest) {
      const at = place & mask;
      if (place < end && this.#low[at] === low && this.#high[at] === high) return true;
      place = this.#before[at] ?? 0;
    }
    return false;
  }

  #add(high: number, low: number, offset: number): void {
    if (this.size === this.#capacity) {
      if (this.#capacity < capacityFor(this.#most)) this.#grow();
      else this.#oldest++;
    }
    const at = this.#end & (this.#capacity - 1);
    const bucket = low & (this.#capacity - 1);
    this.#high[at] = high;
    this.#low[at] = low;
    this.#offsets[at] = offset;
    this.#before[at] = this.#heads[bucket] ?? 0;
    this.#heads[bucket] = this.#end++;
  }

  #grow(): void {
    const [high, low, offsets] = [this.#high, this.#low, this.#offsets];
    const mask = this.#capacity - 1;
    const [from, to] = [this.#oldest, this.#end];
    this.#capacity = Math.max(firstCapacity, 2 * this.#capacity);
    this.#high = new Int32Array(this.#capacity);
    this.#low = new Int32Array(this.#capacity);
    this.#offsets = new Float64Array(this.#capacity);
    this.#before = new Float64Array(this.#capacity);
    this.#heads = new Float64Array(this.#capacity);
    this.#end = from;
    for (let place = from; place < to; place++) {
      const at = place & mask;
      this.#add(high[at] ?? 0, low[at] ?? 0, offsets[at] ?? 0);
    }
  }
}
