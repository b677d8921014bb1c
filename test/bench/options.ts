import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { codecs } from "../lab/producers.ts";
import type { BatchChoice } from "./batch-costs.ts";
import { type ShapeName, shapeNames, shapes } from "./shapes.ts";
import { producerNames, usual, type Workload } from "./workload.ts";

/** What can be measured. The first four are what is measured where nothing is named. */
export const parts = ["shapes", "batches", "start", "steady", "grow", "scrape", "workers", "java"] as const;
export type Part = (typeof parts)[number];
const usualParts: readonly Part[] = ["shapes", "batches", "start", "steady"];

/** Its receipts have what real ones have: members that nobody expects. */
const realShape: ShapeName = "foreign";
/** The parts that measure it where no shape is named. */
const realParts: readonly Part[] = ["batches", "java"];

/** As the Java client makes batches by default, and the most that a broker takes by default. */
const usualSizes = [16_384, 1_048_576];

export const help = `npm run bench [-- PART… FLAGS]

Sends topics of invented receipts to a Kafka broker (the one in KAFKA_BROKERS, or one of its own), has kafkajs alone,
\`dlr-exporter run\` and \`dlr-exporter replay\` read them in turns, checks every total, and writes what it measured into
test/bench/RESULTS.md. A wrong total ends it with exit code 1.

Parts, of which ${usualParts.join(", ")} are measured when none is named:
  shapes           each shape of records: CPU a receipt all in, as the slope from N to 5 N receipts, and the start
  batches          batches of each size and codec as each producer writes them
  start            what is spent before the first receipt
  steady           what is spent by the second: idle, and at 2,000 receipts a second
  grow             how cost grows with partitions, and with codes in the map
  scrape           what a scrape and a commit of 256 partitions cost
  workers          how much sooner two threads of a replay are done with 5 N receipts than one
  java             what 5 N flat tmc-sms receipts cost a Java program of kafka-clients and Jackson

  --messages N     receipts in a topic (default ${usual.messages})
  --rounds N       how often each program reads it; medians are shown (default 3)
  --shapes S,S     shapes, or all (by default all; ${realShape} for ${realParts.join(" and ")}, ${usual.shape} for others)
  --producers P,P  ${producerNames.join(", ")} (default: all)
  --codecs C,C     ${codecs.join(", ")} (default: all)
  --batches N,N    sizes of batches in bytes, not yet compressed (default ${usualSizes.join(",")})
  --partitions N   partitions of a topic (default ${usual.partitions})
  --codes N        codes in the code map (default ${usual.codes}); the receipts have at most ${usual.distinct} of them
  --results FILE   where to write instead

Shapes:
${shapeNames.map((name) => `  ${name.padEnd(16)} ${shapes[name].about.replaceAll("`", "")}`).join("\n")}

Producers, codecs and batches are for the part of that name; all else is sent by kafkajs, uncompressed.
`;

export interface BenchOptions {
  readonly parts: readonly Part[];
  /** What all parts measure, apart from what they vary. */
  readonly base: Workload;
  /** Undefined where each part has its own. */
  readonly shapes: readonly ShapeName[] | undefined;
  readonly batches: BatchChoice;
  readonly rounds: number;
  /** The file to write the results into. */
  readonly results: string;
}

/** The shapes that a part measures. */
export function shapesOf({ shapes }: BenchOptions, part: Part): readonly ShapeName[] {
  if (shapes !== undefined) return shapes;
  return part === "shapes" ? shapeNames : [realParts.includes(part) ? realShape : usual.shape];
}

/**
 * Reads the arguments.
 *
 * @returns undefined when help is asked for
 * @throws Error that names the argument which is wrong
 */
export function readOptions(args: readonly string[]): BenchOptions | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      messages: { type: "string", default: String(usual.messages) },
      partitions: { type: "string", default: String(usual.partitions) },
      shapes: { type: "string" },
      producers: { type: "string", default: producerNames.join() },
      codecs: { type: "string", default: codecs.join() },
      batches: { type: "string", default: usualSizes.join() },
      codes: { type: "string", default: String(usual.codes) },
      rounds: { type: "string", default: "3" },
      results: { type: "string", default: fileURLToPath(new URL("RESULTS.md", import.meta.url)) },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return undefined;
  const codes = count("--codes", values.codes, 2);
  return {
    parts: positionals.length === 0 ? usualParts : chosen("a part", positionals.join(), parts),
    base: {
      ...usual,
      messages: count("--messages", values.messages),
      partitions: count("--partitions", values.partitions),
      codes,
      distinct: Math.min(codes, usual.distinct),
    },
    shapes: values.shapes === undefined ? undefined : chosen("--shapes", values.shapes, shapeNames),
    batches: {
      producers: chosen("--producers", values.producers, producerNames),
      codecs: chosen("--codecs", values.codecs, codecs),
      sizes: values.batches.split(",").map((size) => count("--batches", size, 1024)),
    },
    rounds: count("--rounds", values.rounds),
    results: values.results,
  };
}

/** Names with commas between them, each once, in the order of what there is; `all` is all of them. */
function chosen<T extends string>(flag: string, text: string, known: readonly T[]): T[] {
  const names = new Set(text.split(","));
  if (names.has("all")) return [...known];
  const wrong = [...names].find((name) => !known.some((one) => one === name));
  if (wrong !== undefined) throw new Error(`${flag} is one of ${known.join(", ")}, not "${wrong}"`);
  return known.filter((name) => names.has(name));
}

function count(flag: string, text: string, least = 1): number {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value < least)
    throw new Error(`${flag} takes a whole number from ${least} on`);
  return value;
}
