import { deflateSync, inflateSync } from "node:zlib";
import { maxLabelLength } from "../codes/label.ts";
import { type Outcome, outcomes } from "../codes/verdict.ts";
import { malformedReasons } from "../receipts/receipt.ts";
import type { Counter } from "./counter.ts";
import { snapshotDictionary } from "./snapshot-dictionary.ts";

/**
 * A snapshot is the text that travels in the metadata of an offset commit: `dlr1:` and the base64 of a zlib
 * stream with a preset dictionary. Inside: a head line `next first zeros-seen last-event log-mark`, whose last
 * part may be missing and is passed over by versions that do not know it, then groups of counters, a group's head behind a \x01 (no label holds a control character). Numbers are in base 36.
 */
const magic = "dlr1:";
const uncountedMagic = "dlr1!";
const groupMark = "\x01";

export interface SnapshotCounter {
  readonly counter: Counter;
  readonly count: number;
  /** Whether a scrape has seen this counter at 0 before it was first shown with a value. */
  readonly seen: boolean;
}

export interface SnapshotState {
  /** The offset of the next record to count. */
  readonly next: number;
  /** The offset of the first record that this ledger counted; below 0 when it went on in a new, shorter log. */
  readonly first: number;
  /** Which log was counted; undefined where that was not known, and in snapshots of 0.1. */
  readonly logMark: number | undefined;
  /** Whether a scrape has seen the ledger's counters at 0. */
  readonly zerosSeen: boolean;
  /** The newest event time counted, in ms since the epoch, to the second; 0 before the first. */
  readonly lastEventAt: number;
  readonly counters: readonly SnapshotCounter[];
}

export type DecodedSnapshot =
  | { readonly kind: "counts"; readonly state: SnapshotState }
  /** The offset was committed without metadata: by a tool, by another consumer, or never. */
  | { readonly kind: "absent" }
  /** The ledger had outgrown the limit: only the offset was saved. */
  | { readonly kind: "uncounted" }
  | { readonly kind: "unreadable"; readonly why: string };

/** The metadata of a commit that could not carry its counts. */
export const uncountedSnapshot = uncountedMagic;

/** @returns ASCII text; counters at 0 are left out, they are opened from the code map again */
export function encodeSnapshot(state: SnapshotState): string {
  const groups = new Map<string, string[]>();
  for (const { counter, count, seen } of state.counters) {
    if (count <= 0) continue;
    const [group, name] = groupAndName(counter);
    const line = `${name}\t${count.toString(36)}${seen || !state.zerosSeen ? "" : "\t*"}`;
    const lines = groups.get(group);
    if (lines === undefined) groups.set(group, [line]);
    else lines.push(line);
  }
  const mark = state.logMark === undefined ? [] : [state.logMark];
  const head = [
    state.next,
    state.first,
    state.zerosSeen ? 1 : 0,
    Math.floor(state.lastEventAt / 1000),
    ...mark,
  ]
    .map((n) => n.toString(36))
    .join(" ");
  const body = [...groups].map(([group, lines]) => `\n${groupMark}${group}\n${lines.join("\n")}`).join("");
  const packed = deflateSync(`${head}${body}`, { level: 9, dictionary: snapshotDictionary });
  return `${magic}${packed.toString("base64").replace(/=+$/, "")}`;
}

/** @param metadata what the broker holds beside the committed offset */
export function decodeSnapshot(metadata: string | null): DecodedSnapshot {
  if (metadata === null || metadata === "") return { kind: "absent" };
  if (metadata.startsWith(uncountedMagic)) return { kind: "uncounted" };
  if (!metadata.startsWith(magic)) {
    const newer = /^dlr(\d+)[:!]/.exec(metadata);
    return {
      kind: "unreadable",
      why: newer
        ? `it has snapshot format ${newer[1]}, this version reads format 1`
        : "it was written by another program",
    };
  }
  try {
    const packed = Buffer.from(metadata.slice(magic.length), "base64");
    const options = { dictionary: snapshotDictionary, maxOutputLength: 1 << 20 };
    return { kind: "counts", state: parse(inflateSync(packed, options).toString("utf8")) };
  } catch (error) {
    return { kind: "unreadable", why: `it is damaged (${(error as Error).message})` };
  }
}

function groupAndName(counter: Counter): [group: string, name: string] {
  switch (counter.kind) {
    case "receipts":
      return [`${counter.provider}\t${counter.scope}\t${counter.category}\t${counter.outcome}`, counter.code];
    case "malformed":
      return ["malformed", counter.reason];
    case "conflicts":
      return ["conflicts", counter.scope];
    case "skipped":
      return ["skipped", ""];
  }
}

function parse(text: string): SnapshotState {
  const [head = "", ...lines] = text.split("\n");
  const fields = head.split(" ");
  // Version 0.1 believed records that were dated to any year, and wrote numbers here that are none.
  const lastEvent = Number.parseInt(fields[3] ?? "", 36);
  fields.splice(3, 1);
  const [next, first, zerosSeen, logMark] = fields.map(integer);
  if (next === undefined || first === undefined || zerosSeen === undefined || Number.isNaN(lastEvent)) {
    throw new Error("its head is short");
  }
  let group = "";
  const counters: SnapshotCounter[] = [];
  for (const line of lines) {
    if (line.startsWith(groupMark)) {
      group = line.slice(1);
      continue;
    }
    const [name = "", count = "", unseen] = line.split("\t");
    const seen = zerosSeen === 1 && unseen === undefined;
    counters.push({ counter: counterOf(group, name), count: natural(count), seen });
  }
  return { next, first, logMark, zerosSeen: zerosSeen === 1, lastEventAt: lastEvent * 1000, counters };
}

function natural(text: string): number {
  const value = integer(text);
  if (value < 0) throw new Error(`"${text}" is no count`);
  return value;
}

function integer(text: string): number {
  const value = Number.parseInt(text, 36);
  if (!Number.isSafeInteger(value)) throw new Error(`"${text}" is no number`);
  return value;
}

/** The channel is left open here: it follows from the scope, and the ledger knows the map. */
function counterOf(group: string, name: string): Counter {
  if (group === "malformed") return { kind: "malformed", reason: known(malformedReasons, name) };
  if (group === "conflicts") return { kind: "conflicts", scope: name };
  if (group === "skipped") return { kind: "skipped" };
  const [provider, scope, category, outcome] = group.split("\t");
  if (provider === undefined || scope === undefined || category === undefined || outcome === undefined) {
    throw new Error("a group has no head");
  }
  if (name.length > maxLabelLength) throw new Error("it names a code that is too long to be a label");
  return {
    kind: "receipts",
    provider,
    channel: "unknown",
    scope,
    code: name,
    category,
    outcome: known<Outcome>(outcomes, outcome),
  };
}

function known<T extends string>(values: readonly T[], text: string): T {
  const value = values.find((candidate) => candidate === text);
  if (value === undefined) throw new Error(`it names "${text}", which this version does not know`);
  return value;
}
