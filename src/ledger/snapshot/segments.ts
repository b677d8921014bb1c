import { channels, outcomes } from "../../codes/verdict.ts";
import { segmentStates } from "../../receipts/segments.ts";
import type { SegmentCounter, SegmentReceiptsCounter } from "../counter.ts";
import type { SegmentLabels } from "../receipt-segments.ts";
import type { ByteReader, ByteWriter } from "./bytes.ts";
import { readWord, writeWord } from "./cells.ts";
import { known } from "./state.ts";

/** A counter of segments, or of receipts by state, with its count. */
export interface CountedSegments {
  readonly counter: SegmentCounter | SegmentReceiptsCounter;
  readonly count: number;
}

/**
 * Writes segments: the number of columns, each with provider, channel, outcome and category; then for each its
 * segments, the number of states that follow, and the receipts of each state by index. Missing counts are 0.
 */
export function writeSegments(out: ByteWriter, entries: readonly CountedSegments[]): void {
  const columns = new Map<string, { of: SegmentLabels; segments: number; receipts: number[] }>();
  for (const { counter, count } of entries) {
    const { provider, channel, category, outcome } = counter;
    const key = `${provider}\t${channel}\t${outcome}\t${category}`;
    const column = columns.get(key) ?? { of: counter, segments: 0, receipts: [] };
    columns.set(key, column);
    if (counter.kind === "segments") column.segments = count;
    else column.receipts[segmentStates.indexOf(counter.segments)] = count;
  }
  out.natural(columns.size);
  for (const { of } of columns.values()) {
    for (const word of [of.provider, of.channel, of.outcome, of.category]) writeWord(out, word);
  }
  for (const { segments, receipts } of columns.values()) {
    out.natural(segments);
    out.natural(receipts.length);
    for (const place of receipts.keys()) out.natural(receipts[place] ?? 0);
  }
}

/**
 * Reads what {@link writeSegments} wrote.
 *
 * @throws Error with a reason for anything else
 */
export function readSegments(from: ByteReader): CountedSegments[] {
  const columns: SegmentLabels[] = [];
  for (let left = from.natural(); left > 0; left--) {
    const provider = readWord(from);
    const channel = known(channels, readWord(from));
    const outcome = known(outcomes, readWord(from));
    columns.push({ provider, channel, category: readWord(from), outcome });
  }
  const entries: CountedSegments[] = [];
  for (const of of columns) {
    entries.push({ counter: { kind: "segments", ...of }, count: from.natural() });
    const states = from.natural();
    for (let place = 0; place < states; place++) {
      const segments = segmentStates[place];
      if (segments === undefined)
        throw new Error("it names a state of segments that this version does not know");
      entries.push({ counter: { kind: "segmentReceipts", ...of, segments }, count: from.natural() });
    }
  }
  return entries.filter(({ count }) => count > 0);
}
