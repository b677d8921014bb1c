import { longestCode, manyCodes, rememberedCodes } from "../bounds.ts";
import { classify } from "../codes/classify.ts";
import type { CodeMap } from "../codes/code-map.ts";
import { safeLabel } from "../codes/label.ts";
import type { Channel, Outcome } from "../codes/verdict.ts";
import type { Flag, Receipt } from "../receipts/receipt.ts";
import { type Counter, counterKey, type ReceiptCounter } from "./counter.ts";
import type { DelaySeries, Delays } from "./delays.ts";

/** The label of codes that have no counter of their own, for want of room. */
export const otherCode = "_other";

/** Codes that stand for none or for many: never listed, never limited. */
const placeholders: readonly string[] = ["_none", "_redacted", otherCode];

export interface CellOptions {
  readonly map: CodeMap;
  /** The topic's provider; undefined takes the receipt's own, else `aliyun`. */
  readonly provider: string | undefined;
  /** At most so many distinct codes that the map does not list; the rest counts as `_other`. */
  readonly unknownCodes: number;
  /** The channel of scopes that the map does not know; `unknown` by default. */
  readonly channel?: Channel | undefined;
}

/** Where the receipts of one (provider, scope, flag, code) count. */
export interface Target {
  readonly provider: string | undefined;
  readonly scope: string;
  readonly flag: Flag;
  readonly slot: number;
  /** The conflict counter's slot, or -1. */
  readonly conflict: number;
  readonly delay: DelaySeries;
}

/**
 * The counters that receipts fall into: finds the one of a receipt, and opens it when it is new.
 *
 * Counters are only ever appended, so a slot means the same thing as long as the list lives.
 */
export class Cells {
  readonly counters: Counter[] = [];

  #map: CodeMap;
  readonly #provider: string | undefined;
  readonly #channel: Channel;
  readonly #delays: Delays;
  readonly #slots = new Map<string, number>();
  readonly #unlisted = new Set<string>();
  #unlistedLimit: number;
  /** Codes without a counter of their own get none, and count as `_other` of their cell. */
  #closed = false;
  /** By code; a code has mostly one target, and few have more than two. */
  readonly #targets = new Map<string, Target[]>();

  constructor(options: CellOptions, delays: Delays) {
    this.#map = options.map;
    this.#provider = options.provider;
    this.#unlistedLimit = options.unknownCodes;
    this.#channel = options.channel ?? "unknown";
    this.#delays = delays;
  }

  /** Where a receipt counts. */
  target(receipt: Receipt): Target {
    const code = receipt.code.length <= longestCode ? receipt.code : cut(receipt.code);
    const known = this.#targets.get(code) ?? [];
    for (const target of known) {
      const same =
        target.flag === receipt.flag &&
        target.scope === receipt.scope &&
        target.provider === receipt.provider;
      if (same) return target;
    }
    return this.#resolve(receipt, code, known);
  }

  /** The slot of a counter, opened when it is new. */
  slot(counter: Counter): number {
    const key = counterKey(counter);
    let slot = this.#slots.get(key);
    if (slot === undefined) {
      slot = this.counters.length;
      this.counters.push(counter);
      this.#slots.set(key, slot);
      if (this.isUnlisted(counter)) this.#unlisted.add(`${counter.scope}\t${counter.code}`);
    }
    return slot;
  }

  /** The counter of a cell, with the channel that today's map gives its scope. */
  cell(provider: string, scope: string, code: string, category: string, outcome: Outcome): ReceiptCounter {
    const channel = this.#map.table(provider, scope)?.channel ?? this.#channel;
    return { kind: "receipts", provider, channel, scope, code, category, outcome };
  }

  /** The counter of a cell that an earlier version may have counted, under a label that is fit to be shown. */
  cellAgain(
    provider: string,
    scope: string,
    code: string,
    category: string,
    outcome: Outcome,
  ): ReceiptCounter {
    const listed = this.#map.lookup(provider, scope, code) !== undefined;
    return this.cell(provider, scope, listed ? code : safeLabel(code), category, outcome);
  }

  /**
   * Opens what the map foresees in these scopes: a counter for every code, or, where the codes are many or no more are
   * taken, the `_other` of every category and outcome.
   */
  openListed(scopes: readonly string[]): void {
    const provider = this.#provider ?? "aliyun";
    const tables = scopes.map((scope) => ({
      scope,
      entries: this.#map.table(provider, scope)?.entries ?? [],
    }));
    const codes = tables.reduce((sum, { entries }) => sum + entries.length, 0);
    const summed = this.#closed || codes > manyCodes;
    for (const { scope, entries } of tables) {
      this.slot({ kind: "conflicts", scope });
      for (const { code, category, outcome } of entries) {
        this.slot(this.cell(provider, scope, summed ? otherCode : code, category, outcome));
      }
    }
  }

  /** Classifies by another map from here on; opens and moves nothing. */
  adopt(map: CodeMap): void {
    this.#map = map;
    this.#targets.clear();
  }

  /** Whether a counter is of receipts with a code that the map does not list. */
  isUnlisted(counter: Counter): counter is ReceiptCounter {
    return (
      counter.kind === "receipts" &&
      !placeholders.includes(counter.code) &&
      this.#map.lookup(counter.provider, counter.scope, counter.code) === undefined
    );
  }

  /** Closes unlisted counters: their codes, and all that are new, fall into `_other` from here on. */
  closeUnlisted(closed: readonly ReceiptCounter[]): void {
    this.#forget(closed);
    this.#unlistedLimit = 0;
  }

  /** Closes counters: their codes, and all that have none yet, listed or not, fall into `_other` of their cell. */
  close(closed: readonly ReceiptCounter[]): void {
    this.#forget(closed);
    this.#closed = true;
  }

  /** Takes codes again that have no counter; opens nothing. */
  reopen(): void {
    this.#closed = false;
    this.#targets.clear();
  }

  #forget(closed: readonly ReceiptCounter[]): void {
    for (const counter of closed) {
      this.#slots.delete(counterKey(counter));
      this.#unlisted.delete(`${counter.scope}\t${counter.code}`);
    }
    this.#targets.clear();
  }

  #resolve({ provider, scope, flag }: Receipt, code: string, known: readonly Target[]): Target {
    const judged = this.#provider ?? provider ?? "aliyun";
    const verdict = classify(this.#map, judged, scope, flag, code);
    const label = verdict.entry === undefined ? this.#admit(scope, verdict.code) : verdict.code;
    const own = this.cell(judged, scope, label, verdict.category, verdict.outcome);
    const counter = this.#closed && !this.#slots.has(counterKey(own)) ? { ...own, code: otherCode } : own;
    const target = {
      provider,
      scope,
      flag,
      slot: this.slot(counter),
      conflict: verdict.conflict ? this.slot({ kind: "conflicts", scope }) : -1,
      delay: this.#delays.series(counter.channel, counter.outcome),
    };
    if (this.#targets.size >= rememberedCodes) this.#targets.clear();
    this.#targets.set(code, [...known, target]);
    return target;
  }

  /** The label of a code that the map does not list: itself while there is room, else `_other`. */
  #admit(scope: string, code: string): string {
    if (placeholders.includes(code)) return code;
    if (this.#unlisted.has(`${scope}\t${code}`) || this.#unlisted.size < this.#unlistedLimit) return code;
    return otherCode;
  }
}

/** The beginning of a code. Copied, since a part of a text keeps all of it in memory. */
function cut(code: string): string {
  return Buffer.from(code.trimStart().slice(0, longestCode)).toString();
}
