import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { type Broker, NoBrokerError, type SecureListeners } from "../lab/broker-contract.ts";
import { obtainBroker } from "../lab/broker.ts";
import { demandedKafka } from "../lab/kafka-versions.ts";
import { connect, randomName, waitFor, withAdmin } from "./harness.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** `host:port` of the run's broker; undefined when there is none, and then its suites are skipped. */
    brokers: string[] | undefined;
    /** Its TLS and SASL listeners; undefined when the broker is given from outside. */
    secure: SecureListeners | undefined;
  }
}

let broker: Broker | undefined;

function say(line: string): void {
  process.stdout.write(`[broker] ${line}\n`);
}

/** What is started is what is installed: the bundle of the sources as they are now. */
function buildProgram(): void {
  if (process.env.EXPORTER_PROGRAM !== undefined) return;
  execFileSync("npm", ["run", "--silent", "build"], { stdio: ["ignore", "ignore", "inherit"] });
  process.env.EXPORTER_PROGRAM = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
}

/**
 * One broker for the whole run. Without one, CI fails, and so does a run that asks for a version of Kafka; elsewhere the
 * reason is printed and the suites are skipped.
 */
export async function setup(project: TestProject): Promise<void> {
  buildProgram();
  try {
    broker = await obtainBroker({ secure: true, onProgress: say });
    await untilCoordinatorsWork(broker.brokers);
    say(broker.description);
  } catch (error) {
    const wanted = process.env.CI === "true" || demandedKafka() !== undefined;
    if (!(error instanceof NoBrokerError) || wanted) throw error;
    say(`integration suites are skipped: ${error.message}`);
  }
  project.provide("brokers", broker && [...broker.brokers]);
  project.provide("secure", broker?.kind === "given" ? undefined : broker?.secure);
}

/** The first groups and transactions of a broker have it load their coordinators, and fail until these are there. */
async function untilCoordinatorsWork(brokers: readonly string[]): Promise<void> {
  // each is in the hands of one of some coordinators, by chance
  const names = Array.from({ length: 20 }, () => randomName("first"));
  await withAdmin(brokers, (admin) =>
    waitFor(
      async () => {
        await Promise.all(names.map((groupId) => admin.fetchOffsets({ groupId, topics: [] })));
        await Promise.all(names.map((name) => transact(brokers, name)));
        return true;
      },
      { what: "the coordinators of groups and transactions" },
    ),
  );
}

/** Begins a transaction, and ends it before anything was sent. */
async function transact(brokers: readonly string[], transactionalId: string): Promise<void> {
  const producer = connect(brokers).producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  try {
    await (await producer.transaction()).abort();
  } finally {
    await producer.disconnect();
  }
}

export async function teardown(): Promise<void> {
  await broker?.stop();
}
