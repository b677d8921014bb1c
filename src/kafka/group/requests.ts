import type { Ask } from "./asks.ts";

/**
 * The requests that wait for an answer, at most one in each slot. The answer to one that was dropped, or that another
 * has taken the place of, is nobody's any more.
 */
export class Requests {
  /** When the member has something to do without an answer; in ms. */
  wakeAt = Number.POSITIVE_INFINITY;
  #now = 0;
  #made: Ask[] = [];
  readonly #bySlot = new Map<string, { readonly ask: Ask; readonly since: number }>();
  readonly #slots = new Map<Ask, string>();

  /** A step begins: its moment. */
  begin(now: number): void {
    this.#now = now;
    this.wakeAt = Number.POSITIVE_INFINITY;
  }

  /** @returns what was made in this step */
  end(): readonly Ask[] {
    const made = this.#made;
    this.#made = [];
    return made;
  }

  /** Whether a moment has come; if not, the member wakes then. */
  due(at: number): boolean {
    if (this.#now >= at) return true;
    this.wakeAt = Math.min(this.wakeAt, at);
    return false;
  }

  free(slot: string): boolean {
    return !this.#bySlot.has(slot);
  }

  /** Since when the request of a slot waits, in ms; undefined when there is none. */
  since(slot: string): number | undefined {
    return this.#bySlot.get(slot)?.since;
  }

  make(slot: string, ask: Ask): void {
    this.drop(slot);
    this.#bySlot.set(slot, { ask, since: this.#now });
    this.#slots.set(ask, slot);
    this.#made.push(ask);
  }

  /** The slot that an answer frees; undefined when nobody waits for it. */
  answered(ask: Ask): string | undefined {
    const slot = this.#slots.get(ask);
    if (slot !== undefined) this.drop(slot);
    return slot;
  }

  drop(slot: string): void {
    const waiting = this.#bySlot.get(slot);
    if (waiting === undefined) return;
    this.#bySlot.delete(slot);
    this.#slots.delete(waiting.ask);
  }

  /** Drops every slot whose name begins so. */
  dropAll(prefix: string): void {
    for (const slot of [...this.#bySlot.keys()]) if (slot.startsWith(prefix)) this.drop(slot);
  }
}
