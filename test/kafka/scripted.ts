import { pino } from "pino";
import { vi } from "vitest";
import type { FailureCode } from "../../src/kafka/failure.ts";
import type { Answer, Ask, AskOf, FetchedPartition, Results } from "../../src/kafka/group/asks.ts";
import { HistoryReading, type StretchReader } from "../../src/kafka/history-reading.ts";
import type { LogRecords } from "../../src/ledger/fold-records.ts";

/** The offsets that a reader was given, and what it lost. */
export class Noted implements StretchReader {
  readonly stretch;
  position: number;
  end: number;
  readonly taken: string[] = [];

  constructor(topic: string, partition: number, start: number, end: number) {
    this.stretch = { topic, partition, start, end, removedBefore: 0, undecided: 0 };
    this.position = start;
    this.end = end;
  }

  take(records: LogRecords, end: number): void {
    if (records.isPaused) throw new Error("damaged here");
    this.taken.push(`${this.position}-${end}`);
    this.position = end;
  }

  lose(end: number): void {
    this.taken.push(`lost ${this.position}-${end}`);
    this.position = end;
  }
}

const records = { isPaused: false } as LogRecords;
export const damaged = { isPaused: true } as LogRecords;

/** A partition's part of an answer: records up to `end`. */
export function upTo(end: number | undefined, topic = "t", partition = 0): FetchedPartition {
  return { topic, partition, failure: undefined, records, end, logEnd: 100 };
}

export function failed(code: FailureCode, topic = "t", partition = 0): FetchedPartition {
  return {
    topic,
    partition,
    failure: { code, message: `it is ${code}` },
    records,
    end: undefined,
    logEnd: 0,
  };
}

export const failure = (code: FailureCode) => ({ failure: { code, message: `it is ${code}` } });
export const found = <R>(result: R) => ({ result });

/** The metadata of topics, with the leaders of their partitions. */
export function view(leaders: Readonly<Record<string, readonly number[]>>, id = "1") {
  const topics = new Map(Object.entries(leaders).map(([topic, led]) => [topic, { id, leaders: led }]));
  return found<Results["metadata"]>({ id: "c", topics, troubled: new Map(), brokers: new Map() });
}

export const range = (low: number, high: number) =>
  found<Results["range"]>([{ topic: "t", partition: 0, failure: undefined, range: { low, high } }]);

/** Answers each kind of request with the next of its answers; after the last one it stays silent. */
export function scripted(answers: { readonly [Kind in "metadata" | "fetch" | "range"]?: readonly object[] }) {
  const asks: Ask[] = [];
  const left = {
    metadata: [...(answers.metadata ?? [])],
    fetch: [...(answers.fetch ?? [])],
    range: [...(answers.range ?? [])],
  };
  const perform = async (ask: Ask): Promise<Answer> => {
    asks.push(ask);
    const next = left[ask.kind as keyof typeof left].shift();
    return next === undefined ? new Promise(() => {}) : ({ ask, ...(await next) } as Answer);
  };
  const fetches = () => asks.filter((ask): ask is AskOf<"fetch"> => ask.kind === "fetch");
  return { perform, asks, fetches };
}

export const lines: string[] = [];
const log = pino(
  { level: "debug" },
  {
    write(line: string) {
      const { level, reason } = JSON.parse(line);
      lines.push(level === 40 ? reason : `(${reason})`);
    },
  },
);

export function reading(
  readers: readonly StretchReader[],
  cluster: ReturnType<typeof scripted>,
): HistoryReading {
  return new HistoryReading(readers, cluster, "the user u", log);
}

/** How it ends, once all timers that matter have run. */
export async function ending(read: Promise<void>): Promise<unknown> {
  const end = read.then(
    () => "read",
    (error: unknown) => error,
  );
  await vi.advanceTimersByTimeAsync(10_000);
  return Promise.race([end, "waits"]);
}
