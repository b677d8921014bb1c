import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { type KafkaVersion, kafkaVersion, kafkaVersions } from "../lab/kafka-versions.ts";
import { type NodeVersion, nodeVersion, nodeVersions } from "./nodes.ts";

/** What a broker's version can change: how it is joined, read, committed to and asked, and what it answers when it fails. */
const defaultTests = [
  "durability",
  "broker-failures",
  "availability",
  "committed-offsets",
  "log-positions",
  "large-commits",
  "neighbours",
  "quiet",
  "links",
  "codecs",
  "replay-golden",
  "replay-gaps",
  "replay-order",
  "replay-resume",
];

export const help = `npm run test:brokers [-- FLAGS]

Runs the tests of durability and replay against each version of Kafka, started from its Maven artifacts, and on each
version of Node.js: the tests, and the exporters that they start from dist/. Ends with a table, and with exit code 1
when anything failed.

  --brokers LIST   versions of Kafka (default ${kafkaVersions.map(({ name }) => name).join(",")}), or oldest, newest
  --node LIST      versions of Node.js (default ${nodeVersions.map(({ name }) => name).join(",")}), or releases of it
  --tests LIST     files of test/integration (default ${defaultTests.slice(0, 5).join(",")},
                   ${defaultTests.slice(5, 10).join(",")},
                   ${defaultTests.slice(10).join(",")})
  --results DIR    where to leave the results and logs (default: a temporary folder, kept when anything failed)
`;

export interface MatrixOptions {
  readonly brokers: readonly KafkaVersion[];
  readonly nodes: readonly NodeVersion[];
  /** Files, relative to the repository. */
  readonly tests: readonly string[];
  /** Undefined for a temporary folder. */
  readonly results: string | undefined;
}

/**
 * Reads the arguments.
 *
 * @returns undefined when help is asked for
 * @throws Error that names what is wrong
 */
export function readOptions(args: readonly string[]): MatrixOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      brokers: { type: "string", default: kafkaVersions.map(({ name }) => name).join() },
      node: { type: "string", default: nodeVersions.map(({ name }) => name).join() },
      tests: { type: "string", default: defaultTests.join() },
      results: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return undefined;
  return {
    brokers: chosen("--brokers", values.brokers, kafkaVersion),
    nodes: chosen("--node", values.node, nodeVersion),
    tests: chosen("--tests", values.tests, testFile),
    results: values.results,
  };
}

/** What the words of a list stand for, once each. */
function chosen<T>(flag: string, list: string, find: (word: string) => T): T[] {
  const words = list.split(",").map((word) => word.trim());
  const found = new Set(words.filter((word) => word !== "").map(find));
  if (found.size === 0) throw new Error(`${flag} takes at least one`);
  return [...found];
}

function testFile(name: string): string {
  const file = `test/integration/${name}.test.ts`;
  if (!existsSync(file)) throw new Error(`there are no tests ${file}`);
  return file;
}
