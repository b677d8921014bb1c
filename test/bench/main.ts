import { obtainBroker } from "../lab/broker.ts";
import type { Broker } from "../lab/broker-contract.ts";
import { compare } from "./compare.ts";
import { growth } from "./grow.ts";
import { type BenchOptions, help, readOptions } from "./options.ts";
import { Circumstances, comparisonTable, describeWorkload, writeSection } from "./results.ts";
import { scrapeCost } from "./scrape.ts";
import { type BenchTopic, createBenchTopic, removeBenchTopic } from "./topic.ts";
import { workersTable } from "./workers.ts";
import type { Workload } from "./workload.ts";

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Measures what is asked for. @returns a heading and a body in Markdown */
async function measure(
  { mode, workload, rounds }: BenchOptions,
  { brokers }: Broker,
): Promise<{ heading: string; table: string }> {
  const described = describeWorkload(workload);
  switch (mode) {
    case "grow":
      return {
        heading: `How cost grows: ${described}`,
        table: withRounds(rounds, await growth(brokers, workload, rounds, say)),
      };
    case "scrape":
      return scrapeCost(brokers, say);
    case "workers":
      return onTopic(brokers, workload, async (topic) => ({
        heading: `Workers of a replay: ${described}`,
        table: withRounds(rounds, await workersTable(topic, rounds, say)),
      }));
    case "compare":
      return onTopic(brokers, workload, async (topic) => ({
        heading: described,
        table: withRounds(rounds, comparisonTable(await compare(topic, rounds, say))),
      }));
  }
}

async function onTopic<T>(
  brokers: readonly string[],
  workload: Workload,
  work: (topic: BenchTopic) => Promise<T>,
): Promise<T> {
  say(`sending ${describeWorkload(workload)}`);
  const topic = await createBenchTopic(brokers, workload);
  try {
    return await work(topic);
  } finally {
    await removeBenchTopic(topic);
  }
}

function withRounds(rounds: number, table: string): string {
  return `Rounds: ${rounds}.\n\n${table}`;
}

/** @returns the exit code: 0, or 2 for wrong arguments. @throws when a total is wrong or a program fails */
async function main(args: readonly string[]): Promise<number> {
  let options: BenchOptions | undefined;
  try {
    options = readOptions(args);
  } catch (error) {
    say(`${(error as Error).message}\n\n${help}`);
    return 2;
  }
  if (options === undefined) {
    process.stdout.write(help);
    return 0;
  }
  const broker = await obtainBroker({ onProgress: say });
  try {
    say(broker.description);
    const circumstances = new Circumstances(broker);
    const { heading, table } = await measure(options, broker);
    process.stdout.write(`${heading}\n\n${table}\n`);
    writeSection(options.results, heading, `${circumstances.describe()}\n\n${table}`);
    return 0;
  } finally {
    await broker.stop();
  }
}

// An error that nobody catches ends a Node process with exit code 1 and its words on stderr.
process.exitCode = await main(process.argv.slice(2));
