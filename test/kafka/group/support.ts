import { type Logger, pino } from "pino";
import { parseCodeMap } from "../../../src/codes/parse.ts";
import type { Failure, FailureCode } from "../../../src/kafka/failure.ts";
import type { MemberSettings } from "../../../src/kafka/group/member-settings.ts";
import type { PatternPlan, TopicPlan } from "../../../src/kafka/group/topic-plan.ts";
import { Counts } from "../../../src/ledger/counts.ts";
import type { LogRecords } from "../../../src/ledger/fold-records.ts";
import type { PartitionLedger } from "../../../src/ledger/partition-ledger.ts";
import { smallMap } from "../../codes/small-map.ts";
import { partsOfReceipts } from "../../ledger/partitions.ts";
import { receipt } from "../../ledger/support.ts";

/** As the program has them unless told otherwise. */
export const settings: MemberSettings = {
  group: "g",
  sessionTimeoutMs: 30_000,
  commitIntervalMs: 5_000,
  metadataIntervalMs: 30_000,
  metadataLimit: 4096,
};

/** Kafka's ids of two topics. */
export const ids = { a: "0a".repeat(16), b: "0b".repeat(16) } as const;

/** @returns a log, and its lines as they are written: "level message" */
export function logbook(): { readonly log: Logger; readonly lines: string[] } {
  const lines: string[] = [];
  const write = (line: string) => {
    const { level, msg } = JSON.parse(line) as { readonly level: number; readonly msg: string };
    lines.push(`${pino.levels.labels[level]} ${msg}`);
  };
  return { log: pino({ level: "debug" }, { write }), lines };
}

/** The broker's error, in words that tell it from others. */
export function failureOf(code: FailureCode): Failure {
  return { code, message: `why ${code}` };
}

const parsed = parseCodeMap(smallMap, "small-map.ts");
if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
const { map } = parsed;

/** A topic whose records are receipts of the code that they hold as text. */
export function planOf(topic: string): TopicPlan {
  return {
    topic,
    decode: ({ bytes, start, end }, receipts) => {
      receipts.push(receipt(bytes?.toString("utf8", start, end) ?? ""));
      return undefined;
    },
    openCounts: () => new Counts({ map, provider: "acme", unknownCodes: 50, scopes: ["sms_receipt"] }),
  };
}

/** The same for every topic whose whole name matches. */
export function patternOf(pattern: RegExp): PatternPlan {
  const whole = new RegExp(`^(?:${pattern.source})$`);
  return { pattern: pattern.source, matches: (topic) => whole.test(topic), planOf };
}

/**
 * Records at these offsets.
 *
 * @param turn after how many of them they pause
 * @param damage what is thrown behind the last of them; undefined when nothing is
 */
export function recordsAt(
  offsets: readonly number[],
  damage?: string,
  code = "012",
  turn = Number.POSITIVE_INFINITY,
): LogRecords {
  const bytes = Buffer.from(code);
  let at = -1;
  return {
    advance: () => {
      at++;
      if (at >= offsets.length && damage !== undefined) throw new Error(damage);
      return at < offsets.length;
    },
    get offset() {
      return offsets[at] ?? -1;
    },
    timestamp: 0,
    bytes,
    start: 0,
    end: bytes.length,
    method: undefined,
    oversized: false,
    get isPaused() {
      return at + 1 >= turn;
    },
  };
}

/** All offsets from one to before another. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}

/** What a ledger has counted and skipped: has to be as much as the log that it passed. */
export function sumOf({ counts }: PartitionLedger): number {
  return counts.counters.reduce(
    (sum, { kind }, slot) => sum + (partsOfReceipts.includes(kind) ? 0 : (counts.bySlot[slot] ?? 0)),
    0,
  );
}

/** How many offsets a ledger has skipped. */
export function skippedIn({ counts }: PartitionLedger): number {
  return counts.bySlot[counts.counters.findIndex(({ kind }) => kind === "skipped")] ?? 0;
}
