import { manyCodes } from "../bounds.ts";
import { classify } from "../codes/classify.ts";
import type { CodeEntry, CodeMap } from "../codes/code-map.ts";
import { safeLabel } from "../codes/label.ts";
import type { Channel, Outcome } from "../codes/verdict.ts";
import type { Receipt } from "../receipts/receipt.ts";
import { type Counter, counterKey, type KeyCounter, type ReceiptCounter } from "./counter.ts";
import type { Delays } from "./delays.ts";
import { Marginals } from "./marginals.ts";
import { ReceiptDelays } from "./receipt-delays.ts";
import { ReceiptSegments } from "./receipt-segments.ts";
import { type Target, Targets } from "./targets.ts";

/** The label of codes without a counter of their own, for lack of room. */
export const otherCode = "_other";

/** Placeholders for missing, hidden and several codes: never listed, never limited. */
export const placeholders: readonly string[] = ["_none", "_redacted", otherCode];

export interface CellOptions {
  readonly map: CodeMap;
  /** The topic's provider; undefined takes the receipt's own, else `aliyun`. */
  readonly provider: string | undefined;
  /** Providers whose tables are used for codes that the receipt's own provider does not list; none by default. */
  readonly fallback?: readonly string[] | undefined;
  /** The most distinct unlisted codes; further ones count as `_other`. */
  readonly unknownCodes: number;
  /** The channel of scopes that the map does not know; `unknown` by default. */
  readonly channel?: Channel | undefined;
  /** The topic's dimensions, as the values of its receipts are ordered; none by default. */
  readonly dimensions?: readonly string[];
  /** The most values of a dimension with counters of their own. */
  readonly dimensionValues?: number;
  /** Whether a shape of the topic names segments; not so by default. */
  readonly segments?: boolean;
}

/** A code classified by a fallback, and the provider whose receipts had it. */
export interface Borrowed {
  readonly provider: string;
  readonly entry: CodeEntry;
}

/**
 * The counters that receipts fall into: finds the one of a receipt, and opens it when it is new.
 *
 * Counters are only ever appended, so a slot means the same thing as long as the list lives.
 */
export class Cells {
  readonly counters: Counter[] = [];
  /** Undefined without dimensions. */
  readonly marginals: Marginals | undefined;
  /** Undefined where delays are not counted durably. */
  readonly receiptDelays: ReceiptDelays | undefined;
  /** Undefined where no receipt says its segments. */
  readonly receiptSegments: ReceiptSegments | undefined;
  /** Whose receipts have a counter. */
  readonly providers = new Set<string>();
  /** The counters of a receipt. */
  readonly targets = new Targets((receipt, code) => this.#resolve(receipt, code));
  /** The codes that a fallback has judged, each once. */
  readonly borrowed = new Map<string, Borrowed>();

  #map: CodeMap;
  readonly #provider: string | undefined;
  readonly #fallback: readonly string[];
  readonly #channel: Channel;
  readonly #delays: Delays;
  readonly #slots = new Map<string, number>();
  readonly #unlisted = new Set<string>();
  #unlistedLimit: number;
  /** Codes without a counter of their own get none, and count as `_other` of their cell. */
  #closed = false;

  /** @param measuresDelays whether delays have durable counters of their own */
  constructor(options: CellOptions, delays: Delays, measuresDelays = false) {
    this.#map = options.map;
    this.#provider = options.provider;
    this.#fallback = options.fallback ?? [];
    this.#unlistedLimit = options.unknownCodes;
    this.#channel = options.channel ?? "unknown";
    this.#delays = delays;
    const { dimensions = [], dimensionValues = Number.POSITIVE_INFINITY } = options;
    if (dimensions.length > 0) this.marginals = new Marginals(dimensions, dimensionValues, this);
    if (options.segments) this.receiptSegments = new ReceiptSegments((counter) => this.slot(counter));
    if (measuresDelays) this.receiptDelays = new ReceiptDelays((counter) => this.slot(counter));
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
      this.#notice(counter);
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
    const listed = this.#entryOf(provider, scope, code) !== undefined;
    return this.cell(provider, scope, listed ? code : safeLabel(code), category, outcome);
  }

  /**
   * Opens the counters of the codes listed in these scopes; if there are many, or no new codes are accepted, only
   * `_other` of every category and outcome.
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
        const cell = this.cell(provider, scope, summed ? otherCode : code, category, outcome);
        this.slot(cell);
        const shown = this.#shownAs(cell);
        this.receiptDelays?.column(shown);
        this.receiptSegments?.column(shown);
      }
    }
  }

  /** The slot for a duplicate, or for a receipt without a key. */
  keySlot(kind: KeyCounter["kind"], receipt: Receipt): number {
    const counter = this.counters[this.targets.of(receipt).slot];
    if (counter?.kind !== "receipts") return -1;
    const { provider, channel } = counter;
    return this.slot({ kind, provider, channel });
  }

  /** Opens the counters of {@link keySlot} for all whose receipts have one. */
  openKeys(): void {
    for (const counter of [...this.counters]) {
      if (counter.kind !== "receipts") continue;
      const { provider, channel } = counter;
      for (const kind of ["duplicates", "unkeyed"] as const) this.slot({ kind, provider, channel });
    }
  }

  /** Uses another map from now on; opens and moves nothing. */
  adopt(map: CodeMap): void {
    this.#map = map;
    this.targets.forget();
    this.borrowed.clear();
    for (const counter of this.counters) this.#notice(counter);
  }

  /** Whether a counter is of receipts with a code that neither their provider's table nor a fallback's lists. */
  isUnlisted(counter: Counter): counter is ReceiptCounter {
    return (
      counter.kind === "receipts" &&
      !placeholders.includes(counter.code) &&
      this.#entryOf(counter.provider, counter.scope, counter.code) === undefined
    );
  }

  /** Closes a counter, whose key may be opened again. */
  closeOne(slot: number): void {
    const counter = this.counters[slot];
    if (counter !== undefined) this.#slots.delete(counterKey(counter));
  }

  /** Counts the segments of all categories together from here on, see {@link ReceiptSegments.fold}. */
  foldSegments(bySlot: number[]): void {
    for (const slot of this.receiptSegments?.fold(bySlot) ?? []) this.closeOne(slot);
    this.targets.forget();
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

  /** Accepts new codes again; opens nothing. */
  reopen(): void {
    this.#closed = false;
    this.targets.forget();
  }

  #forget(closed: readonly ReceiptCounter[]): void {
    for (const counter of closed) {
      this.#slots.delete(counterKey(counter));
      this.#unlisted.delete(`${counter.scope}\t${counter.code}`);
    }
    this.targets.forget();
  }

  #entryOf(provider: string, scope: string, code: string): CodeEntry | undefined {
    return this.#map.lookup(provider, scope, code) ?? this.#map.lookupAmong(this.#fallback, scope, code);
  }

  /** Notes the provider of a counter's receipts, and the provider whose table classified them. */
  #notice(counter: Counter): void {
    if (counter.kind !== "receipts") return;
    const { provider, scope, code } = counter;
    this.providers.add(provider);
    if (this.#fallback.length === 0 || placeholders.includes(code)) return;
    const entry = this.#entryOf(provider, scope, code);
    if (entry === undefined || entry.provider === provider) return;
    this.borrowed.set(`${provider}\t${scope}\t${entry.code}`, { provider, entry });
  }

  #resolve({ provider, scope, flag }: Receipt, code: string): Target {
    const judged = this.#provider ?? provider ?? "aliyun";
    const verdict = classify(this.#map, judged, scope, flag, code, this.#fallback);
    const label = verdict.entry === undefined ? this.#admit(scope, verdict.code) : verdict.code;
    const own = this.cell(judged, scope, label, verdict.category, verdict.outcome);
    const counter = this.#closed && !this.#slots.has(counterKey(own)) ? { ...own, code: otherCode } : own;
    const slot = this.slot(counter);
    const shown = this.#shownAs(counter);
    return {
      provider,
      scope,
      flag,
      slot,
      conflict: verdict.conflict ? this.slot({ kind: "conflicts", scope }) : -1,
      delay: this.#delays.series(counter.channel, counter.outcome),
      column: this.marginals?.column(shown),
      measured: this.receiptDelays?.column(shown),
      segments: this.receiptSegments?.column(shown),
    };
  }

  /** The counter as it was opened: its channel is what the map said then. */
  #shownAs(counter: ReceiptCounter): ReceiptCounter {
    const shown = this.counters[this.slot(counter)];
    return shown?.kind === "receipts" ? shown : counter;
  }

  /** The label of a code that the map does not list: itself while there is room, else `_other`. */
  #admit(scope: string, code: string): string {
    if (placeholders.includes(code)) return code;
    if (this.#unlisted.has(`${scope}\t${code}`) || this.#unlisted.size < this.#unlistedLimit) return code;
    return otherCode;
  }
}
