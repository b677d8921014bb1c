import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { codecs, type Workload } from "./workload.ts";

export const help = `npm run bench [-- FLAGS]

Sends a topic of invented receipts to a Kafka broker (the one in KAFKA_BROKERS, or one of its own), has kafkajs alone,
\`dlr-exporter run\` and \`dlr-exporter replay\` read it in turns, checks every total, and writes what it measured into
test/bench/RESULTS.md. A wrong total ends it with exit code 1.

  --messages N     receipts in the topic (default 5000000; 1000000 with --grow)
  --partitions N   its partitions (default 4)
  --codec C        ${codecs.join(", ")} (default none)
  --per-record N   receipts in one record (default 1)
  --codes N        codes in the code map (default 200); the receipts have at most 200 of them
  --rounds N       how often each program reads it; medians are shown (default 3)
  --grow           how cost grows: varies one of the above after the other
  --workers        how much sooner two threads of a replay are done than one
  --scrape         what a scrape and a commit of 256 partitions cost
  --results FILE   where to write instead
`;

export interface BenchOptions {
  readonly mode: "compare" | "grow" | "workers" | "scrape";
  readonly workload: Workload;
  readonly rounds: number;
  /** The file to write the results into. */
  readonly results: string;
}

const mostDistinct = 200;

/**
 * Reads the arguments.
 *
 * @returns undefined when help is asked for
 * @throws Error that names the argument which is wrong
 */
export function readOptions(args: readonly string[]): BenchOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      messages: { type: "string" },
      partitions: { type: "string", default: "4" },
      codec: { type: "string", default: "none" },
      "per-record": { type: "string", default: "1" },
      codes: { type: "string", default: "200" },
      rounds: { type: "string", default: "3" },
      grow: { type: "boolean", default: false },
      workers: { type: "boolean", default: false },
      scrape: { type: "boolean", default: false },
      results: { type: "string", default: fileURLToPath(new URL("RESULTS.md", import.meta.url)) },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return undefined;
  const codec = codecs.find((known) => known === values.codec);
  if (codec === undefined) throw new Error(`--codec is one of ${codecs.join(", ")}`);
  const codes = count("--codes", values.codes, 2);
  return {
    mode: values.grow ? "grow" : values.workers ? "workers" : values.scrape ? "scrape" : "compare",
    workload: {
      messages: count("--messages", values.messages ?? (values.grow ? "1000000" : "5000000")),
      partitions: count("--partitions", values.partitions),
      codec,
      perRecord: count("--per-record", values["per-record"]),
      codes,
      distinct: Math.min(codes, mostDistinct),
    },
    rounds: count("--rounds", values.rounds),
    results: values.results,
  };
}

function count(flag: string, text: string, least = 1): number {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value < least)
    throw new Error(`${flag} takes a whole number from ${least} on`);
  return value;
}
