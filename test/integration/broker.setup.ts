import type { TestProject } from "vitest/node";
import { obtainBroker } from "../../src/demo/broker.ts";
import { type Broker, NoBrokerError, type SecureListeners } from "../../src/demo/broker-contract.ts";
import { demandedKafka } from "../../src/demo/kafka-versions.ts";
import { randomName, waitFor, withAdmin } from "./harness.ts";

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

/**
 * One broker for the whole run. Without one, CI fails, and so does a run that asks for a version of Kafka; elsewhere the
 * reason is printed and the suites are skipped.
 */
export async function setup(project: TestProject): Promise<void> {
  try {
    broker = await obtainBroker({ secure: true, onProgress: say });
    await untilGroupsWork(broker.brokers);
    say(broker.description);
  } catch (error) {
    const wanted = process.env.CI === "true" || demandedKafka() !== undefined;
    if (!(error instanceof NoBrokerError) || wanted) throw error;
    say(`integration suites are skipped: ${error.message}`);
  }
  project.provide("brokers", broker && [...broker.brokers]);
  project.provide("secure", broker?.kind === "given" ? undefined : broker?.secure);
}

/** The first groups of a broker make it load its coordinators, and would hear of that until they are there. */
async function untilGroupsWork(brokers: readonly string[]): Promise<void> {
  // each is in the hands of one of a few coordinators, by chance
  const groups = Array.from({ length: 20 }, () => randomName("first"));
  await withAdmin(brokers, (admin) =>
    waitFor(
      async () => {
        await Promise.all(groups.map((groupId) => admin.fetchOffsets({ groupId, topics: [] })));
        return true;
      },
      { what: "the coordinators of groups" },
    ),
  );
}

export async function teardown(): Promise<void> {
  await broker?.stop();
}
