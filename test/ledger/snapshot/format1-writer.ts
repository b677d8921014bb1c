import { deflateSync } from "node:zlib";
import type { Counter } from "../../../src/ledger/counter.ts";
import { snapshotDictionary } from "../../../src/ledger/snapshot/dictionary1.ts";
import type { SnapshotState } from "../../../src/ledger/snapshot/state.ts";

/** A snapshot of format 1 with this text inside. */
export function packed1(text: string): string {
  const bytes = deflateSync(text, { level: 9, dictionary: snapshotDictionary });
  return `dlr1:${bytes.toString("base64").replace(/=+$/, "")}`;
}

/** Writes a snapshot as version 0.1.0 and its successors did, before format 2. */
export function encodeFormat1(state: Omit<SnapshotState, "folded" | "carried">): string {
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
  const body = [...groups].map(([group, lines]) => `\n\x01${group}\n${lines.join("\n")}`).join("");
  return packed1(`${head}${body}`);
}

function groupAndName(counter: Counter): [group: string, name: string] {
  switch (counter.kind) {
    case "receipts":
      return [`${counter.provider}\t${counter.scope}\t${counter.category}\t${counter.outcome}`, counter.code];
    case "malformed":
      return ["malformed", counter.reason];
    case "conflicts":
      return ["conflicts", counter.scope];
    case "receiptsBy":
      throw new Error("format 1 knows no dimensions");
    case "delays":
    case "unmeasured":
      throw new Error("format 1 knows no delays");
    case "segments":
    case "segmentReceipts":
      throw new Error("format 1 knows no segments");
    case "duplicates":
    case "unkeyed":
      throw new Error("format 1 knows no duplicates");
    case "ignored":
      throw new Error("format 1 knows no ignored records");
    case "skipped":
      return ["skipped", ""];
  }
}
