import { Cells } from "../../ledger/cells.ts";
import { Delays } from "../../ledger/delays.ts";
import { createDecoder } from "../../receipts/decode.ts";
import type { Receipt } from "../../receipts/receipt.ts";
import { readInput, recordOf } from "../classify/input.ts";
import { type Judging, onlyTopic } from "../classify/judging.ts";
import type { Io } from "../command.ts";
import { type CodeCount, type Counted, totalKey } from "./occurrences.ts";
import { mostUnknown } from "./request.ts";

/**
 * Counts the receipts of a file, or of standard input for `-`, like `classify --input`.
 *
 * @returns the exit code 1 when it can't be read, after reporting that
 * @throws UsageError when several topics are configured
 */
export async function countFile(
  input: string,
  { settings, map }: Judging,
  io: Io,
): Promise<Counted | number> {
  const { provider, fallback, channel, shape } = onlyTopic(settings);
  const counted = new Tallies(
    new Cells({ map, provider, fallback, channel, unknownCodes: mostUnknown }, new Delays()),
  );
  const decode = createDecoder(shape);
  const receipts: Receipt[] = [];
  const code = await readInput(input, io, {
    onLine(line) {
      receipts.length = 0;
      if (line !== undefined) decode(recordOf(line), receipts);
      for (const receipt of receipts) counted.add(receipt);
      return true;
    },
    onEnd: () => "",
  });
  return code === 0 ? counted.sum() : code;
}

/** Counts receipts by cell, with the times of the first and the last. */
class Tallies {
  readonly #cells: Cells;
  readonly #counts: number[] = [];
  readonly #first: number[] = [];
  readonly #last: number[] = [];

  constructor(cells: Cells) {
    this.#cells = cells;
  }

  add(receipt: Receipt): void {
    const { slot } = this.#cells.targets.of(receipt);
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
    const at = receipt.receivedAt;
    if (Number.isNaN(at)) return;
    this.#first[slot] = Math.min(this.#first[slot] ?? at, at);
    this.#last[slot] = Math.max(this.#last[slot] ?? at, at);
  }

  sum(): Counted {
    const totals = new Map<string, number>();
    const unknown: CodeCount[] = [];
    for (const [slot, cell] of this.#cells.counters.entries()) {
      const count = this.#counts[slot] ?? 0;
      if (cell.kind !== "receipts" || count === 0) continue;
      totals.set(totalKey(cell), (totals.get(totalKey(cell)) ?? 0) + count);
      if (cell.category !== "unknown") continue;
      const { provider, channel, scope, code, outcome } = cell;
      const times = { firstAt: this.#first[slot], lastAt: this.#last[slot] };
      unknown.push({ provider, channel, scope, code, outcome, count, ...times });
    }
    return { unknown, totals, stepMs: undefined };
  }
}
