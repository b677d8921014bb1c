import { inflateSync } from "node:zlib";
import { maxLabelLength } from "../../codes/label.ts";
import { type Outcome, outcomes } from "../../codes/verdict.ts";
import { malformedReasons } from "../../receipts/receipt.ts";
import type { Counter } from "../counter.ts";
import { snapshotDictionary } from "./dictionary1.ts";
import { known, type SnapshotCounter, type SnapshotState } from "./state.ts";

/**
 * Format 1, written by version 0.1.0 and shortly after; it must stay readable forever. A zlib stream with a preset
 * dictionary, which contains a header line `next first zeros-seen last-event log-mark`, whose last field may be
 * missing, then groups of counters, each group's header after a \x01 (labels contain no control characters). Numbers
 * are in base 36.
 */
const groupMark = "\x01";

/**
 * Reads a snapshot of format 1.
 *
 * @param packed without the magic, base64-decoded
 * @param largest maximum unpacked size, in bytes
 * @throws Error with a reason when it is invalid
 */
export function decodeFormat1(packed: Buffer, largest: number): SnapshotState {
  const options = { dictionary: snapshotDictionary, maxOutputLength: largest };
  return parse(inflateSync(packed, options).toString("utf8"));
}

function parse(text: string): SnapshotState {
  const [head = "", ...lines] = text.split("\n");
  const fields = head.split(" ");
  // Version 0.1 accepted records dated to any year, and wrote invalid numbers here.
  const lastEvent = Number.parseInt(fields[3] ?? "", 36);
  fields.splice(3, 1);
  const [next, first, zerosSeen, logMark] = fields.map(integer);
  if (next === undefined || first === undefined || zerosSeen === undefined || Number.isNaN(lastEvent)) {
    throw new Error("the header is incomplete");
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
  return {
    ...{ next, first, logMark, zerosSeen: zerosSeen === 1, lastEventAt: lastEvent * 1000 },
    ...{ folded: undefined, counters, carried: [] },
  };
}

function natural(text: string): number {
  const value = integer(text);
  if (value < 0) throw new Error(`"${text}" is not a count`);
  return value;
}

function integer(text: string): number {
  const value = Number.parseInt(text, 36);
  if (!Number.isSafeInteger(value)) throw new Error(`"${text}" is not a number`);
  return value;
}

/** The channel is undefined here: the ledger derives it from the scope with the map. */
function counterOf(group: string, name: string): Counter {
  if (group === "malformed") return { kind: "malformed", reason: known(malformedReasons, name) };
  if (group === "conflicts") return { kind: "conflicts", scope: name };
  if (group === "skipped") return { kind: "skipped" };
  const [provider, scope, category, outcome] = group.split("\t");
  if (provider === undefined || scope === undefined || category === undefined || outcome === undefined) {
    throw new Error("a group has no header");
  }
  if (name.length > maxLabelLength) throw new Error("a code is too long for a label");
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
