import { Sampling, type SamplingOptions } from "../../../src/commands/sample/sampling.ts";
import type { LogRecords } from "../../../src/ledger/fold-records.ts";
import { packagedMap } from "../../ledger/support.ts";
import { shapeOf } from "../../receipts/support.ts";

/** When the first record of a log was written; each comes a second later. */
export const began = Date.parse("2026-11-26T12:00:00Z");

/** A record's value, or all that matters of it here. */
type Told = string | Buffer | null | { readonly oversized: true } | { readonly at: number };

/** Records in a row, from an offset on. */
export function recordsFrom(offset: number, told: readonly Told[]): LogRecords {
  let index = -1;
  const one = () => told[index] ?? null;
  const bytes = () => {
    const value = one();
    if (typeof value === "string") return Buffer.from(value);
    if (Buffer.isBuffer(value) || value === null) return value;
    return "at" in value ? Buffer.from("no receipt") : null;
  };
  const part = (name: "at" | "oversized") => {
    const value = one();
    return typeof value === "object" && value !== null && name in value ? value : undefined;
  };
  return {
    advance: () => ++index < told.length,
    get offset() {
      return offset + index;
    },
    get timestamp() {
      const dated = part("at");
      return dated !== undefined && "at" in dated ? Number(dated.at) : began + 1_000 * index;
    },
    get bytes() {
      return bytes();
    },
    start: 0,
    get end() {
      return bytes()?.length ?? 0;
    },
    method: undefined,
    isPaused: false,
    get oversized() {
      return part("oversized") !== undefined;
    },
  };
}

/** Looks through partitions of the topic `sms` from offset 10 to 100 each. */
export function sampling(
  wanted: Partial<SamplingOptions["wanted"]> = {},
  { isExplained = false, partitions = 1, undecided = 0 } = {},
): Sampling {
  const topic = { topic: "sms", provider: undefined, channel: undefined, shape: shapeOf() };
  const stretches = Array.from({ length: partitions }, (_, partition) => ({
    ...{ topic: "sms", partition, start: 10, end: 100, removedBefore: 0, undecided },
  }));
  const all = { count: 5, reason: undefined, from: began, to: undefined, ...wanted };
  return new Sampling({ wanted: all, topics: [topic], map: packagedMap(), isExplained }, stretches);
}
