import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { guard } from "../lab/guard.ts";
import type { KafkaVersion } from "../lab/kafka-versions.ts";
import { fetchNode, type NodeVersion } from "./nodes.ts";
import { type Failure, readResults } from "./report.ts";

const fileOf = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
/** A limit for what hangs: on a busy machine a cell takes many times the few minutes that it takes on a quiet one. */
const mostMinutes = 120;

/** One version of Kafka with one of Node.js, and what became of the tests there. */
export interface Cell {
  readonly kafka: KafkaVersion;
  readonly node: NodeVersion;
  readonly passed: number;
  readonly failed: readonly Failure[];
  readonly skipped: readonly string[];
  readonly seconds: number;
}

/**
 * Runs tests on a broker and a Node.js: the tests themselves, and the exporters that they start.
 *
 * @param tests files, relative to the repository
 * @param results the folder for Vitest's report and its log, named for the two versions
 * @returns a cell in which something failed where the run itself did
 */
export async function runCell(
  kafka: KafkaVersion,
  node: NodeVersion,
  tests: readonly string[],
  results: string,
  say: (line: string) => void,
): Promise<Cell> {
  const name = `kafka-${kafka.name}-node-${node.name}`;
  const report = join(results, `${name}.json`);
  const started = performance.now();
  const end = await fetchNode(node, say)
    .then((program) => runTests(program, kafka, tests, report, join(results, `${name}.log`)))
    .catch((error: Error) => error.message);
  const { passed, skipped, success, ...read } = readResults(report);
  const failed = [...read.failed, ...read.suites];
  // Vitest fails beside its tests when its set-up does, and so when there is no broker
  const beside = failed.length === 0 && (end !== "" || !success || passed === 0);
  const failure = { test: "the run itself", message: end === "" ? "nothing has passed" : end };
  return {
    ...{ kafka, node, passed, skipped },
    failed: beside ? [failure] : failed,
    seconds: (performance.now() - started) / 1000,
  };
}

/** @returns how Vitest ended, in words; empty when all passed */
async function runTests(
  program: string,
  kafka: KafkaVersion,
  tests: readonly string[],
  report: string,
  log: string,
): Promise<string> {
  const { KAFKA_BROKERS: _, ...rest } = process.env;
  const env = {
    ...rest,
    KAFKA_VERSION: kafka.release,
    // built, as it is installed: Node.js 22 would read the sources only after a warning
    EXPORTER_PROGRAM: fileOf("dist/main.js"),
    PATH: `${dirname(program)}${delimiter}${process.env.PATH}`,
  };
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const vitest = [fileOf("node_modules/vitest/vitest.mjs"), "run", "--project", "integration"];
  const output = openSync(log, "w");
  const child = spawn(program, [...vitest, ...reporters, ...tests], {
    cwd: fileOf("."),
    env,
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  const orphan = guard('kill "$1"', `${child.pid}`);
  const late = setTimeout(() => child.kill("SIGTERM"), mostMinutes * 60_000);
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  clearTimeout(late);
  orphan.dismiss();
  return code === 0 ? "" : `Vitest ended with ${code ?? signal}; see ${log}`;
}
