import { classify } from "../codes/classify.ts";
import type { CodeMap } from "../codes/code-map.ts";
import type { Channel, Outcome } from "../codes/verdict.ts";
import { type Flag, type MalformedReason, malformedReasons, type Receipt } from "../receipts/receipt.ts";
import { type Counter, counterKey, type ReceiptCounter } from "./counter.ts";
import { type DelaySeries, Delays, observeDelay } from "./delays.ts";

/** The label of unlisted codes beyond the limit. */
export const otherCode = "_other";

/** A code seen so often that a topic's whole map fits; past it the cache starts anew, so that noise can't fill memory. */
const cachedCodes = 4096;

export interface LedgerOptions {
  readonly map: CodeMap;
  /** The topic's provider; undefined takes the receipt's own, else `aliyun`. */
  readonly provider: string | undefined;
  /** At most so many distinct codes that the map does not list; the rest counts as `_other`. */
  readonly unknownCodes: number;
  /** Scopes whose listed codes get a counter at 0 at once; none by default. */
  readonly scopes?: readonly string[];
  /** The channel of scopes that the map does not know; `unknown` by default. */
  readonly channel?: Channel | undefined;
  readonly delays?: Delays;
}

/** Where the receipts of one (provider, scope, flag, code) count. */
interface Target {
  readonly slot: number;
  /** The conflict counter's slot, or -1. */
  readonly conflict: number;
  readonly delay: DelaySeries;
}

/**
 * The counts of one partition (or of one file): a growing list of counters, and a number for each.
 *
 * A pure fold: the numbers depend on the records and the code map alone. Counters are only ever appended, so
 * a slot means the same thing as long as the ledger lives.
 */
export class Ledger {
  readonly counters: Counter[] = [];
  /** The number of each counter, by slot; -1 marks a counter that was merged into `_other`. */
  readonly counts: number[] = [];
  /** The newest event time that was counted, in ms since the epoch; 0 before the first. */
  lastEventAt = 0;

  #map: CodeMap;
  readonly #provider: string | undefined;
  readonly #scopes: readonly string[];
  readonly #channel: Channel;
  readonly #delays: Delays;
  readonly #slots = new Map<string, number>();
  readonly #unlisted = new Set<string>();
  #unlistedLimit: number;
  #cache = new Map<string, Map<string, Target>>();
  // The receipts of a batch are mostly alike, so the last one's map is at hand.
  #lastScope: string | undefined;
  #lastFlag: Flag | undefined;
  #lastProvider: string | undefined;
  #lastCodes: Map<string, Target> = new Map();

  constructor(options: LedgerOptions) {
    this.#map = options.map;
    this.#provider = options.provider;
    this.#unlistedLimit = options.unknownCodes;
    this.#scopes = options.scopes ?? [];
    this.#channel = options.channel ?? "unknown";
    this.#delays = options.delays ?? new Delays();
    for (const reason of malformedReasons) this.slot({ kind: "malformed", reason });
    this.slot({ kind: "skipped" });
    this.#openListed();
  }

  /**
   * Counts what one record held.
   *
   * @param receipts what was decoded
   * @param malformed the reason when the record, or a part of it, could not be read
   * @param recordedAt the newest record time of the batch in ms since the epoch: an event later than ten
   *   minutes after it has a wrong clock and does not move {@link lastEventAt}; NaN leaves that untouched
   */
  fold(
    receipts: readonly Receipt[],
    malformed: MalformedReason | undefined,
    recordedAt: number = Number.NaN,
  ): void {
    for (const receipt of receipts) {
      const codes = this.#codesOf(receipt);
      const target = codes.get(receipt.code) ?? this.#resolve(receipt, codes);
      this.#add(target.slot);
      if (target.conflict !== -1) this.#add(target.conflict);
      observeDelay(target.delay, receipt.receivedAt - receipt.sentAt);
      const eventAt = receipt.receivedAt <= recordedAt + 600_000 ? receipt.receivedAt : recordedAt;
      if (eventAt > this.lastEventAt) this.lastEventAt = eventAt;
    }
    if (malformed !== undefined) this.#add(malformedReasons.indexOf(malformed));
  }

  /** Counts offsets that held no record: compacted away, transaction markers, deleted by retention. */
  skip(offsets: number): void {
    const slot = malformedReasons.length;
    this.counts[slot] = (this.counts[slot] ?? 0) + offsets;
  }

  /** Classifies by another map from here on: opens the counters of newly listed codes, moves nothing. */
  adopt(map: CodeMap): void {
    this.#map = map;
    this.#cache = new Map();
    this.#lastScope = undefined;
    this.#openListed();
  }

  /** The slot of a counter, opened at 0 when it is new. */
  slot(counter: Counter): number {
    const key = counterKey(counter);
    let slot = this.#slots.get(key);
    if (slot === undefined) {
      slot = this.counters.length;
      this.counters.push(counter);
      this.counts.push(0);
      this.#slots.set(key, slot);
      if (counter.kind === "receipts" && this.#isUnlisted(counter)) {
        this.#unlisted.add(`${counter.scope}\t${counter.code}`);
      }
    }
    return slot;
  }

  /** The counter of a cell that was counted before, with the channel that today's map gives its scope. */
  cell(provider: string, scope: string, code: string, category: string, outcome: Outcome): ReceiptCounter {
    const channel = this.#map.table(provider, scope)?.channel ?? this.#channel;
    return { kind: "receipts", provider, channel, scope, code, category, outcome };
  }

  /**
   * Moves the counts of the rarest codes that the map does not list into `_other`, and takes no new ones.
   *
   * @param share which part of them, 0 to 1; at least one
   * @returns how many were merged; 0 when there is none left
   */
  mergeRarestUnlisted(share: number): number {
    const candidates = this.counters
      .map((counter, slot) => ({ counter, slot, count: this.counts[slot] ?? 0 }))
      .filter(({ counter, count }) => counter.kind === "receipts" && count >= 0 && this.#isUnlisted(counter))
      .sort((a, b) => a.count - b.count);
    const merged = candidates.slice(0, Math.ceil(candidates.length * share));
    for (const { counter, slot, count } of merged) {
      const other = this.slot({ ...(counter as ReceiptCounter), code: otherCode });
      this.counts[other] = (this.counts[other] ?? 0) + count;
      this.counts[slot] = -1;
      this.#slots.delete(counterKey(counter));
    }
    if (merged.length > 0) {
      this.#unlisted.clear();
      this.#unlistedLimit = 0;
      for (const { counter } of candidates.slice(merged.length)) {
        if (counter.kind === "receipts") this.#unlisted.add(`${counter.scope}\t${counter.code}`);
      }
      this.#cache = new Map();
      this.#lastScope = undefined;
    }
    return merged.length;
  }

  /** The cells that hold a receipt. */
  *cells(): Iterable<ReceiptCounter & { readonly count: number }> {
    for (const [slot, counter] of this.counters.entries()) {
      const count = this.counts[slot] ?? 0;
      if (counter.kind === "receipts" && count > 0) yield { ...counter, count };
    }
  }

  /** How many records were malformed, by reason; reasons that never came are left out. */
  malformed(): Map<MalformedReason, number> {
    return new Map(
      malformedReasons
        .map((reason, slot) => [reason, this.counts[slot] ?? 0] as const)
        .filter(([, n]) => n > 0),
    );
  }

  /** How many receipts had a success flag that their code contradicts. */
  conflicts(): number {
    return this.counters.reduce(
      (sum, counter, slot) => sum + (counter.kind === "conflicts" ? (this.counts[slot] ?? 0) : 0),
      0,
    );
  }

  #add(slot: number): void {
    this.counts[slot] = (this.counts[slot] ?? 0) + 1;
  }

  #codesOf(receipt: Receipt): Map<string, Target> {
    if (
      receipt.scope === this.#lastScope &&
      receipt.flag === this.#lastFlag &&
      receipt.provider === this.#lastProvider
    ) {
      return this.#lastCodes;
    }
    const key = `${receipt.provider ?? ""}\t${receipt.scope}\t${receipt.flag}`;
    let codes = this.#cache.get(key);
    if (codes === undefined) {
      codes = new Map();
      this.#cache.set(key, codes);
    }
    this.#lastScope = receipt.scope;
    this.#lastFlag = receipt.flag;
    this.#lastProvider = receipt.provider;
    this.#lastCodes = codes;
    return codes;
  }

  #resolve(receipt: Receipt, codes: Map<string, Target>): Target {
    const { scope } = receipt;
    const provider = this.#provider ?? receipt.provider ?? "aliyun";
    const verdict = classify(this.#map, provider, scope, receipt.flag, receipt.code);
    const code = verdict.entry === undefined ? this.#admit(scope, verdict.code) : verdict.code;
    const counter = this.cell(provider, scope, code, verdict.category, verdict.outcome);
    const target = {
      slot: this.slot(counter),
      conflict: verdict.conflict ? this.slot({ kind: "conflicts", scope }) : -1,
      delay: this.#delays.series(counter.channel, counter.outcome),
    };
    if (codes.size >= cachedCodes) codes.clear();
    codes.set(receipt.code, target);
    return target;
  }

  /** The label of a code that the map does not list: itself while there is room, else `_other`. */
  #admit(scope: string, code: string): string {
    if (code === "_none" || code === "_redacted") return code;
    if (this.#unlisted.has(`${scope}\t${code}`) || this.#unlisted.size < this.#unlistedLimit) return code;
    return otherCode;
  }

  #isUnlisted(counter: Counter): boolean {
    return (
      counter.kind === "receipts" &&
      !["_none", "_redacted", otherCode].includes(counter.code) &&
      this.#map.lookup(counter.provider, counter.scope, counter.code) === undefined
    );
  }

  #openListed(): void {
    const provider = this.#provider ?? "aliyun";
    for (const scope of this.#scopes) {
      this.slot({ kind: "conflicts", scope });
      for (const entry of this.#map.table(provider, scope)?.entries ?? []) {
        this.slot(this.cell(provider, scope, entry.code, entry.category, entry.outcome));
      }
    }
  }
}
