import { channels, outcomes } from "../../codes/verdict.ts";
import type { DelayCounter, UnmeasuredCounter } from "../counter.ts";
import { delayParts, unmeasuredReasons } from "../delay-parts.ts";
import type { DelayLabels } from "../receipt-delays.ts";
import type { ByteReader, ByteWriter } from "./bytes.ts";
import { readWord, writeWord } from "./cells.ts";
import { known } from "./state.ts";

/** A part of the delays, or an unmeasured reason, with its count. */
export interface CountedDelay {
  readonly counter: DelayCounter | UnmeasuredCounter;
  readonly count: number;
}

/**
 * Writes delays: the number of columns, then each with its provider, channel and outcome, then the counts of each:
 * one for each part, the number of reasons, and one for each reason by index; missing ones are 0.
 */
export function writeDelays(out: ByteWriter, entries: readonly CountedDelay[]): void {
  const columns = new Map<string, { of: DelayLabels; parts: number[]; reasons: number[] }>();
  for (const { counter, count } of entries) {
    const key = `${counter.provider}\t${counter.channel}\t${counter.outcome}`;
    const column = columns.get(key) ?? { of: counter, parts: [], reasons: [] };
    columns.set(key, column);
    if (counter.kind === "delays") column.parts[delayParts.indexOf(counter.part)] = count;
    else column.reasons[unmeasuredReasons.indexOf(counter.reason)] = count;
  }
  out.natural(columns.size);
  for (const { of } of columns.values()) {
    for (const word of [of.provider, of.channel, of.outcome]) writeWord(out, word);
  }
  for (const { parts, reasons } of columns.values()) {
    for (const place of delayParts.keys()) out.natural(parts[place] ?? 0);
    out.natural(reasons.length);
    for (const place of reasons.keys()) out.natural(reasons[place] ?? 0);
  }
}

/**
 * Reads what {@link writeDelays} wrote.
 *
 * @throws Error with a reason for anything else
 */
export function readDelays(from: ByteReader): CountedDelay[] {
  const columns: DelayLabels[] = [];
  for (let left = from.natural(); left > 0; left--) {
    const provider = readWord(from);
    const channel = known(channels, readWord(from));
    columns.push({ provider, channel, outcome: known(outcomes, readWord(from)) });
  }
  const entries: CountedDelay[] = [];
  for (const of of columns) {
    for (const part of delayParts)
      entries.push({ counter: { kind: "delays", ...of, part }, count: from.natural() });
    const reasons = from.natural();
    for (let place = 0; place < reasons; place++) {
      const reason = unmeasuredReasons[place];
      if (reason === undefined) throw new Error("unknown reason");
      entries.push({ counter: { kind: "unmeasured", ...of, reason }, count: from.natural() });
    }
  }
  return entries.filter(({ count }) => count > 0);
}
