import type { Ask } from "./asks.ts";

/** A request that waits for its answer. */
export interface Waiting {
  readonly ask: Ask;
  readonly slot: string;
  /** When it was sent, in ms. */
  readonly since: number;
}

/** The requests in flight, at most one in each slot. The answer to a dropped or replaced request is ignored. */
export class Requests {
  /** When the member has something to do even without an answer; in ms. */
  wakeAt = Number.POSITIVE_INFINITY;
  #now = 0;
  #made: Ask[] = [];
  readonly #bySlot = new Map<string, Waiting>();
  readonly #byAsk = new Map<Ask, Waiting>();

  /** Begins a step at this time. */
  begin(now: number): void {
    this.#now = now;
    this.wakeAt = Number.POSITIVE_INFINITY;
  }

  /** @returns the requests made in this step */
  end(): readonly Ask[] {
    const made = this.#made;
    this.#made = [];
    return made;
  }

  /** Whether it is time; if not, the member wakes up then. */
  due(at: number): boolean {
    if (this.#now >= at) return true;
    this.wakeAt = Math.min(this.wakeAt, at);
    return false;
  }

  free(slot: string): boolean {
    return !this.#bySlot.has(slot);
  }

  /** Since when a slot's request has been waiting, in ms; undefined when there is none. */
  since(slot: string): number | undefined {
    return this.#bySlot.get(slot)?.since;
  }

  make(slot: string, ask: Ask): void {
    this.drop(slot);
    const waiting = { ask, slot, since: this.#now };
    this.#bySlot.set(slot, waiting);
    this.#byAsk.set(ask, waiting);
    this.#made.push(ask);
  }

  /** The request that an answer belongs to; undefined when it is no longer wanted. */
  answered(ask: Ask): Waiting | undefined {
    const waiting = this.#byAsk.get(ask);
    if (waiting !== undefined) this.drop(waiting.slot);
    return waiting;
  }

  drop(slot: string): void {
    const waiting = this.#bySlot.get(slot);
    if (waiting === undefined) return;
    this.#bySlot.delete(slot);
    this.#byAsk.delete(waiting.ask);
  }

  /** Drops every slot whose name starts with the prefix. */
  dropAll(prefix: string): void {
    for (const slot of [...this.#bySlot.keys()]) if (slot.startsWith(prefix)) this.drop(slot);
  }
}
