import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ContainerRuntimeClient, StartedTestContainer } from "testcontainers";
import { GenericContainer, getContainerRuntimeClient, ImageName, Wait } from "testcontainers";
import type { BrokerOptions, OwnBroker } from "./broker-contract.ts";
import { waitUntilServing } from "./broker-probe.ts";
import {
  brokerProperties,
  choosePorts,
  clusterId,
  plainAddress,
  scramMechanisms,
  secureListeners,
} from "./broker-properties.ts";
import { type BrokerSecurity, createSecurity } from "./broker-security.ts";
import { guard } from "./guard.ts";
import { newestKafka } from "./kafka-versions.ts";

const image = `apache/kafka:${newestKafka.release}`;

/** A Docker engine that answers and holds Kafka's image; else, in words, why there is none. Nothing is pulled. */
export async function findDocker(): Promise<ContainerRuntimeClient | string> {
  try {
    const client = await getContainerRuntimeClient();
    const here = await client.image.exists(ImageName.fromString(image));
    return here ? client : `the Docker engine does not hold the image ${image}`;
  } catch {
    return "no Docker engine answers";
  }
}

/** Starts a broker in a container on fixed free ports of the engine's host. Up in about 2 s. */
export async function startDockerBroker(
  client: ContainerRuntimeClient,
  options: BrokerOptions,
): Promise<OwnBroker> {
  // the reaper is one more image, which may be out of reach; what is started here is stopped here
  process.env.TESTCONTAINERS_RYUK_DISABLED = "true";
  const folder = await mkdtemp(join(tmpdir(), "dlr-exporter-kafka-"));
  const undo = [async () => rmSync(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
  };
  try {
    options.onProgress?.(`starting Kafka in Docker (${image})`);
    const engineHost = client.info.containerRuntime.host;
    // as a name it may mean ::1 first, where a container's port is not always open
    const host = engineHost === "localhost" ? "127.0.0.1" : engineHost;
    const security = options.secure === true ? await createSecurity(folder, host) : undefined;
    const ports = await choosePorts(security !== undefined);
    const address = plainAddress(ports, host);
    const started = await new GenericContainer(image)
      .withExposedPorts(...[...ports.listeners.values()].map((port) => ({ container: port, host: port })))
      .withEnvironment({
        CLUSTER_ID: clusterId,
        KAFKA_HEAP_OPTS: "-Xms256m -Xmx512m",
        ...environment(brokerProperties(ports, "0.0.0.0", host, security)),
      })
      .withWaitStrategy(Wait.forLogMessage("Kafka Server started").withStartupTimeout(180_000))
      .start();
    const removal = guard('docker rm --force --volumes "$1"; rm -rf "$2"', started.getId(), folder);
    undo.push(async () => {
      await started.stop({ removeVolumes: true });
      removal.dismiss();
    });
    await waitUntilServing(address, () => options.signal?.throwIfAborted());
    if (security !== undefined) await addScramUser(started, address, security);
    const container = client.container.getById(started.getId());
    return {
      kind: "docker",
      description: `Kafka in Docker (${image}) at ${address}`,
      brokers: [address],
      secure: security && secureListeners(ports, host, security),
      pause: () => container.pause(),
      unpause: () => container.unpause(),
      restart: async () => {
        await container.kill();
        await container.start();
        await waitUntilServing(address, () => {});
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Gives the running broker its SCRAM user: one call per mechanism, for Kafka refuses two changes of a user in one. */
async function addScramUser(
  container: StartedTestContainer,
  address: string,
  security: BrokerSecurity,
): Promise<void> {
  const add = async (mechanism: string) => {
    const { exitCode, output } = await container.exec([
      ...["/opt/kafka/bin/kafka-configs.sh", "--bootstrap-server", address],
      ...["--alter", "--entity-type", "users", "--entity-name", security.username],
      ...["--add-config", `${mechanism}=[password=${security.password}]`],
    ]);
    if (exitCode !== 0) throw new Error(`Kafka refused the ${mechanism} user: ${output}`);
  };
  await Promise.all(scramMechanisms().map(add));
}

/** Properties as the image reads them from its environment: `a.b-c` is `KAFKA_A_B___C`. */
function environment(properties: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [
      `KAFKA_${key.replaceAll("_", "__").replaceAll("-", "___").replaceAll(".", "_").toUpperCase()}`,
      value,
    ]),
  );
}
