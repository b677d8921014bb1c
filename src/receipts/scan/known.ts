import type { Labels } from "../dimensions/value-labels.ts";
import type { Receipt } from "../receipt.ts";
import { type Decision, foundIn } from "./decisions.ts";
import { array, inner, type Members, object } from "./members.ts";
import { clearKnown, copyText, findSet, ints, knownFrom, knownTo, linkKnown, linkSet } from "./memory.ts";
import type { Reading } from "./reading.ts";
import type { Stage } from "./stages.ts";

/** What is done with an object; `assembly/read.ts` has the same. */
const actions = { read: 1, within: 2, open: 3 } as const;

/** A longer word is none of a code, a flag or a number of segments. */
const longestWord = 64;

/** The most different receipts of a topic; codes with their flags and segments make a few hundred. */
const mostKinds = 2048;

/** Words are compared in pieces of so many bytes. */
const pieceBytes = 16;

/** The first free number in the memory, as an index of `ints`. All topics share it. */
let free = knownFrom / 4;

/** Forgets what is known of all topics' receipts; it is learned again. */
export function forgetKnown(): void {
  clearKnown();
  free = knownFrom / 4;
}

/** A value of a receipt whose position the walker notes. */
export interface Noted {
  /** Index of its dimension in the topic's list. */
  readonly place: number;
  readonly labels: Labels;
}

/**
 * What has been decided of a topic's receipts, for the walker, which reads whole runs of records with it. The same
 * members with the same words, which are all values but times, make the same receipt: so a receipt is decided once.
 *
 * All methods are about the object that was walked last.
 */
export class Known {
  /** What receipts say apart from their times, by number. */
  readonly receipts: Receipt[] = [];
  /** The zone of their times, in minutes east of UTC. */
  readonly zones: number[] = [];
  /** The values of their dimensions that the walker notes, in its order. */
  readonly noted: (readonly Noted[])[] = [];
  readonly #numbers = new Map<string, number>();

  /**
   * Learns what the object is.
   *
   * @param within the stages of receipts that are in a member, by shape
   * @returns false if it can't be known
   */
  learn({ members, decisions }: Stage, within: readonly (Stage | undefined)[]): boolean {
    members.takeLast();
    const decision = decisions.of(members);
    if (decision.words?.every((id) => sizeOf(members, id) <= longestWord) !== true) return false;
    // What a receipt says apart from its times does not depend on its record's.
    const found = foundIn(members, decision, Number.NaN);
    switch (found.kind) {
      case "receipt":
        this.#addReceipt(members, decision, found.reading, found.receipt);
        return true;
      case "within": {
        const stage = within[found.shape];
        if (stage === undefined) return false;
        add(members, decision, [actions.within, found.id, stage.members.at, 0, 0, 0], []);
        return true;
      }
      case "open":
        add(members, decision, [actions.open, 0, 0, 0, 0, 0], found.ids);
        return true;
      case "left":
        return false;
    }
  }

  #addReceipt(members: Members, decision: Decision, reading: Reading, receipt: Receipt): void {
    const { utcOffsetMinutes, needsCode, shape, values } = reading;
    const [sent, received] = [idsOf(reading.sentAt), idsOf(reading.receivedAt)];
    const kind = this.#numberOf(receipt, reading);
    const numbers = [kind, utcOffsetMinutes, needsCode ? shape : -1, sent.length, received.length];
    const pointed = values?.pointed.flatMap(({ ids }) => [ids.length, ...ids]) ?? [];
    add(members, decision, [actions.read, ...numbers], [...sent, ...received, ...pointed]);
  }

  #numberOf(receipt: Receipt, { utcOffsetMinutes, shape, values }: Reading): number {
    const { scope, flag, code, provider, segments } = receipt;
    // Each shape has its own labels.
    const noted = values === undefined ? -1 : shape;
    const key = JSON.stringify([scope, flag, code, provider, segments, utcOffsetMinutes, noted]);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (this.receipts.length === mostKinds) {
      forgetKnown();
      this.receipts.length = 0;
      this.zones.length = 0;
      this.noted.length = 0;
      this.#numbers.clear();
    }
    this.#numbers.set(key, this.receipts.length);
    this.zones.push(utcOffsetMinutes);
    this.noted.push(values === undefined ? [] : [...values.pointed, ...values.beside]);
    return this.receipts.push({ ...receipt, values: undefined }) - 1;
  }
}

/** The size of a word; 0 for a value with members, which is no word, whatever it holds. */
function sizeOf(members: Members, id: number): number {
  const kind = members.kindOf(id);
  const hasMembers = kind === object || kind === array || kind === inner;
  return hasMembers ? 0 : members.endOf(id) - members.startOf(id);
}

/** Several descriptions may name the same member. */
function idsOf(times: Reading["sentAt"]): readonly number[] {
  return [...new Set(times.map(({ id }) => id))];
}

/** Adds an object, as `assembly/known.ts` describes. */
function add(members: Members, decision: Decision, action: readonly number[], ids: readonly number[]): void {
  const words = decision.words ?? [];
  const sizes = words.map((id) => sizeOf(members, id));
  const rooms = sizes.map((size) => Math.max(1, Math.ceil(size / pieceBytes)) * pieceBytes);
  const needed = rooms.reduce((sum, room) => sum + 2 + room / 4, 4 + action.length + ids.length);
  if (free + needed + setSize(decision) > knownTo / 4) forgetKnown();
  const set = findSet() || addSet(members, decision);
  const at = take(needed);
  const head = [0, set, 0, ...action, ids.length, ...ids];
  ints.set(head, at);
  let next = at + head.length;
  for (const [i, id] of words.entries()) {
    ints[next] = members.kindOf(id);
    ints[next + 1] = sizes[i] ?? 0;
    copyText(members.startOf(id), sizes[i] ?? 0, 4 * (next + 2), rooms[i] ?? 0);
    next += 2 + (rooms[i] ?? 0) / 4;
  }
  linkKnown(4 * at);
}

function addSet(members: Members, decision: Decision): number {
  const { ids, words = [] } = decision;
  const at = take(setSize(decision));
  ints.set([0, members.at, 0, 0, ids.length, words.length, 0, 0, ...ids, ...words], at);
  linkSet(4 * at);
  return 4 * at;
}

function setSize({ ids, words = [] }: Decision): number {
  return 8 + ids.length + words.length;
}

function take(size: number): number {
  const at = free;
  free += size;
  return at;
}
