import type { Receipt } from "../receipts/receipt.ts";

/** Of a topic whose records hold many receipts each, so many receipts for each offset of the window are remembered. */
const receiptsPerOffset = 4;

/** What a remembered receipt takes: its key, its offset, the one before it in its chain, and its share of the heads. */
const bytesPerReceipt = 4 + 4 + 8 + 8 + 8;

/** For how many receipts room is made at first. */
const firstCapacity = 1_024;

const none: readonly Receipt[] = [];

/** How many receipts a window can hold. */
function mostReceipts(window: number): number {
  return window * receiptsPerOffset;
}

/** The most memory that a window takes, in bytes: where each record holds one receipt, and where they hold many. */
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
 * The receipts of the last offsets of a partition, to find those that came before. One did that had the same key in a
 * record at one of the `window` offsets before its own record's: that follows from these offsets alone, duplicates among
 * them, so that whoever reads them again, and counts nothing, goes on as if nothing had happened.
 *
 * The keys lie in a ring in their order. Each is chained to the one before it in its bucket, so that nothing has to be
 * taken out: a chain ends where it leads out of the window. The ring grows with what is in the window.
 */
export class DuplicateWindow {
  /** How many offsets are looked back at. */
  readonly window: number;
  /** The offset of the next record to take in. */
  next = 0;

  readonly #most: number;
  #capacity = 0;
  #high = new Int32Array(0);
  #low = new Int32Array(0);
  #offsets = new Float64Array(0);
  /** The place of the one before in the same bucket, counted from 1 on; 0 for none. */
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

  /** How many receipts are remembered. */
  get size(): number {
    return this.#end - this.#oldest;
  }

  /** How much memory they take, in bytes. */
  get bytes(): number {
    return this.#capacity * bytesPerReceipt;
  }

  /**
   * Forgets everything: the records before an offset are to be read again.
   *
   * @param next the offset that is counted next
   * @param low the first offset of the log, where that is known
   */
  beginBefore(next: number, low = 0): void {
    this.#oldest = this.#end;
    this.next = Math.min(next, Math.max(low, next - this.window));
  }

  /** Moves past offsets that hold no record for us. */
  skipTo(offset: number): void {
    this.next = Math.max(this.next, offset);
  }

  /** Takes in the receipts of one record, and asks nothing. */
  remember(receipts: readonly Receipt[], offset: number): void {
    this.#advance(offset);
    for (const { key } of receipts) if (key !== undefined) this.#add(key.high, key.low, offset);
  }

  /**
   * Takes in the receipts of one record, and takes those out that came before.
   *
   * @param receipts those that did not are left in it
   * @returns those that did, until the next call
   */
  sift(receipts: Receipt[], offset: number): readonly Receipt[] {
    this.#advance(offset);
    this.#again.length = 0;
    const { length } = receipts;
    // All are asked before one is remembered: what a record holds twice did not come twice.
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

  /** Leaves behind what is out of the window of a record. */
  #advance(offset: number): void {
    const first = offset - this.window;
    const mask = this.#capacity - 1;
    this.#oldest = Math.max(this.#oldest, this.#end - this.#most);
    while (this.#oldest < this.#end && (this.#offsets[this.#oldest & mask] ?? 0) < first) this.#oldest++;
    this.next = offset + 1;
  }

  /** @param end the place behind the last that is asked about */
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
