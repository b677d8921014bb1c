import { obtainBroker } from "../lab/broker.ts";
import { batchCosts, descriptionsOf } from "./batch-costs.ts";
import { growth } from "./grow.ts";
import { besideJava } from "./java.ts";
import { type BenchOptions, help, type Part, readOptions, shapesOf } from "./options.ts";
import { Circumstances, type Section, writeSection } from "./results.ts";
import { scrapeCost } from "./scrape.ts";
import { shapeCosts } from "./shape-costs.ts";
import { startCosts } from "./start-costs.ts";
import { steadyCosts } from "./steady-costs.ts";
import { workersTable } from "./workers.ts";

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Measures one part, with each shape that it is asked for. */
async function* measure(
  part: Part,
  options: BenchOptions,
  brokers: readonly string[],
): AsyncGenerator<Section> {
  const { base, rounds, batches } = options;
  const shapes = shapesOf(options, part);
  if (part === "scrape") yield await scrapeCost(brokers, say);
  else if (part === "shapes") yield await shapeCosts(brokers, shapes, base, rounds, say);
  else
    for (const shape of shapes) {
      const workload = { ...base, shape };
      switch (part) {
        case "batches":
          yield await batchCosts(brokers, batches, workload, rounds, say);
          break;
        case "start":
          yield await startCosts(brokers, workload, rounds, say);
          break;
        case "steady":
          yield await steadyCosts(brokers, workload, rounds, say);
          break;
        case "grow":
          yield await growth(brokers, workload, rounds, say);
          break;
        case "workers":
          yield await workersTable(brokers, workload, rounds, say);
          break;
        case "java":
          yield await besideJava(brokers, workload, rounds, say);
      }
    }
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
  const { parts, batches, rounds, results } = options;
  // what is missing is said now, not when the shapes have been measured
  if (parts.includes("batches")) await descriptionsOf(batches.producers);
  const broker = await obtainBroker({ onProgress: say });
  try {
    say(broker.description);
    for (const part of parts) {
      const circumstances = new Circumstances(broker);
      for await (const { heading, body } of measure(part, options, broker.brokers)) {
        const whole = `${circumstances.describe()} Rounds: ${rounds}.\n\n${body}`;
        process.stdout.write(`${heading}\n\n${body}\n\n`);
        writeSection(results, heading, whole);
      }
    }
    return 0;
  } finally {
    await broker.stop();
  }
}

// An error that nobody catches ends a Node process with exit code 1 and its words on stderr.
process.exitCode = await main(process.argv.slice(2));
