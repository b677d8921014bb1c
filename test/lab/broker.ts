import { type Broker, type BrokerOptions, NoBrokerError, type OwnBroker } from "./broker-contract.ts";
import { findDocker, startDockerBroker } from "./broker-docker.ts";
import { findJvm, startJvmBroker } from "./broker-jvm.ts";
import { waitUntilServing } from "./broker-probe.ts";
import { demandedKafka, newestKafka } from "./kafka-versions.ts";

/**
 * A real Kafka broker, from the first of these that can be had: the addresses in `KAFKA_BROKERS`,
 * a Docker engine that holds the image, Kafka's Maven artifacts on a Java virtual machine. `KAFKA_VERSION` asks for the
 * artifacts of a version, and passes the Docker engine over.
 *
 * @throws NoBrokerError when none can; Error when `KAFKA_BROKERS` is set and nothing there answers as Kafka does
 */
export async function obtainBroker(options: BrokerOptions = {}): Promise<Broker> {
  const given = (process.env.KAFKA_BROKERS ?? "").split(",").filter((address) => address !== "");
  if (given.length === 0) return startBroker(options);
  await waitForGiven(given, options.signal);
  return {
    kind: "given",
    description: `the Kafka at ${given.join(", ")} (from KAFKA_BROKERS)`,
    brokers: given,
    stop: async () => {},
  };
}

/** A broker that was only just started gets five seconds. */
async function waitForGiven(given: readonly string[], signal: AbortSignal | undefined): Promise<void> {
  const checkAlive = () => signal?.throwIfAborted();
  try {
    await Promise.any(given.map((address) => waitUntilServing(address, checkAlive, 5000)));
  } catch {
    signal?.throwIfAborted();
    throw new Error(`KAFKA_BROKERS names ${given.join(", ")}, but no Kafka answers there`);
  }
}

/**
 * A broker of our own, which the caller may pause, kill and must stop; `KAFKA_BROKERS` is not looked at.
 * A kind that is here and yet fails to start (a broken image, say) is told and passed over.
 *
 * @throws NoBrokerError when neither a Docker engine with the image nor a Java virtual machine is here
 */
async function startBroker(options: BrokerOptions = {}): Promise<OwnBroker> {
  const { starters, reasons } = await findStarters();
  for (const [kind, start] of starters) {
    try {
      return await start(options);
    } catch (error) {
      options.signal?.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      options.onProgress?.(`Kafka (${kind}) did not start: ${reason}`);
      reasons.push(`Kafka (${kind}) did not start`);
    }
  }
  throw new NoBrokerError(reasons);
}

type Starter = (options: BrokerOptions) => Promise<OwnBroker>;

/**
 * How to start each kind of broker that this machine can run, the preferred one first; and why not the others.
 *
 * @throws Error when `KAFKA_VERSION` asks for a version that there is not
 */
export async function findStarters(): Promise<{
  starters: Map<OwnBroker["kind"], Starter>;
  reasons: string[];
}> {
  const starters = new Map<OwnBroker["kind"], Starter>();
  const reasons: string[] = [];
  const demanded = demandedKafka();
  const docker =
    demanded === undefined ? await findDocker() : "KAFKA_VERSION asks for Kafka's Maven artifacts";
  if (typeof docker === "string") reasons.push(docker);
  else starters.set("docker", (options) => startDockerBroker(docker, options));
  const jvm = await findJvm(demanded ?? newestKafka);
  if (typeof jvm === "string") reasons.push(jvm);
  else starters.set("jvm", (options) => startJvmBroker(jvm, options));
  return { starters, reasons };
}
