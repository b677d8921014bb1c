import { rememberedCodes } from "../bounds.ts";
import { beginningOf } from "../masking.ts";
import type { Flag, Receipt } from "../receipts/receipt.ts";
import type { DelaySeries } from "./delays.ts";
import type { Column } from "./marginals.ts";
import type { DelayColumn } from "./receipt-delays.ts";
import type { SegmentColumn } from "./receipt-segments.ts";

/** Where the receipts of one (provider, scope, flag, code) count. */
export interface Target {
  readonly provider: string | undefined;
  readonly scope: string;
  readonly flag: Flag;
  readonly slot: number;
  /** The conflict counter's slot, or -1. */
  readonly conflict: number;
  readonly delay: DelaySeries;
  /** Where its receipts count by dimension; undefined without dimensions. */
  readonly column: Column | undefined;
  /** Where their delays count durably; undefined where none is measured. */
  readonly measured: DelayColumn | undefined;
  /** Where their segments count; undefined where they have none. */
  readonly segments: SegmentColumn | undefined;
}

/** Where receipts count that say the same apart from their times. */
interface KindTarget {
  readonly receipt: Receipt;
  readonly target: Target;
}

/** Where receipts count, resolved once for each provider, scope, flag and code, and found again by these. */
export class Targets {
  readonly #resolve: (receipt: Receipt, code: string) => Target;
  /** By code; a code has mostly one target, and few have more than two. */
  readonly #byCode = new Map<string, Target[]>();
  /** By the number of the receipt's kind; a number may be given to another receipt. */
  #byKind: (KindTarget | undefined)[] = [];

  /** @param resolve opens the counters of a receipt; its code is shortened */
  constructor(resolve: (receipt: Receipt, code: string) => Target) {
    this.#resolve = resolve;
  }

  /** The target of a receipt. */
  of(receipt: Receipt): Target {
    const code = beginningOf(receipt.code);
    const known = this.#byCode.get(code) ?? [];
    for (const target of known) {
      const same =
        target.flag === receipt.flag &&
        target.scope === receipt.scope &&
        target.provider === receipt.provider;
      if (same) return target;
    }
    const target = this.#resolve(receipt, code);
    if (this.#byCode.size >= rememberedCodes) this.forget();
    this.#byCode.set(code, [...known, target]);
    return target;
  }

  /** The target of a receipt, found by its place in a list of receipts. */
  ofKind(number: number, kinds: readonly Receipt[]): Target {
    const receipt = kinds[number];
    const known = this.#byKind[number];
    if (known !== undefined && known.receipt === receipt) return known.target;
    if (receipt === undefined) throw new RangeError(`there is no receipt of kind ${number}`);
    const target = this.of(receipt);
    this.#byKind[number] = { receipt, target };
    return target;
  }

  /** Resolves all of them again from here on. */
  forget(): void {
    this.#byCode.clear();
    this.#byKind = [];
  }
}
