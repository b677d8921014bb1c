import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
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
import { JavaProcess, javaArguments } from "./java-process.ts";
import { fetchJars, jarsAreHere } from "./kafka-jars.ts";
import type { KafkaVersion } from "./kafka-versions.ts";
import { ZooKeeper } from "./zookeeper.ts";

const run = promisify(execFile);
const host = "127.0.0.1";

/** A Java virtual machine that can run a version of Kafka. */
export interface Jvm {
  /** The java command. */
  readonly java: string;
  readonly version: number;
  readonly kafka: KafkaVersion;
}

/** Java 17 or newer, with Kafka's jars or the Maven to fetch them; else, in words, what is missing. */
export async function findJvm(kafka: KafkaVersion): Promise<Jvm | string> {
  const home = process.env.JAVA_HOME ?? "";
  const java = home === "" ? "java" : join(home, "bin", "java");
  const answer = await run(java, ["--version"]).catch(() => undefined);
  const version = Number(/\d+/.exec(answer?.stdout ?? "")?.[0] ?? 0);
  if (version < 17) return "no Java 17 or newer";
  const maven = jarsAreHere(kafka) || (await run("mvn", ["--version"]).catch(() => undefined)) !== undefined;
  return maven ? { java, version, kafka } : "no Maven to fetch Kafka with";
}

/** How often other ports are chosen. */
const portChoices = 3;

/**
 * Starts a broker as a Java process on free ports, its data in a temporary folder, and a ZooKeeper beside it where its
 * version needs one. Up in about 3 s. Until it listens, another program may take its ports: then it gets others.
 */
export async function startJvmBroker(jvm: Jvm, options: BrokerOptions): Promise<OwnBroker> {
  for (let choice = 1; ; choice++) {
    try {
      return await startOnFreePorts(jvm, options);
    } catch (error) {
      const taken = error instanceof Error && error.message.includes("Address already in use");
      if (!taken || choice === portChoices) throw error;
    }
  }
}

async function startOnFreePorts(jvm: Jvm, options: BrokerOptions): Promise<OwnBroker> {
  const { kafka } = jvm;
  const jars = await fetchJars(kafka, options);
  const folder = await mkdtemp(join(tmpdir(), "dlr-exporter-kafka-"));
  const name = `Kafka ${kafka.release} on Java ${jvm.version}`;
  try {
    options.onProgress?.(`starting ${name}`);
    const security = options.secure === true && kafka.secure ? await createSecurity(folder, host) : undefined;
    const ports = await choosePorts(security !== undefined);
    const address = plainAddress(ports, host);
    const server = new KafkaServer(jvm, jars, folder, address, ports.controller, options.signal);
    await server.format(brokerProperties(ports, host, host, security, kafka.metadata), security);
    await server.start();
    return {
      kind: "jvm",
      description: `${name} at ${address}`,
      brokers: [address],
      secure: security && secureListeners(ports, host, security),
      pause: () => server.pause(),
      unpause: async () => server.unpause(),
      restart: () => server.restart(),
      stop: () => server.remove(),
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** The Java processes of one broker and its folder: properties, data and log. */
class KafkaServer {
  readonly #jvm: Jvm;
  readonly #jars: string;
  readonly #folder: string;
  readonly #address: string;
  readonly #abort: AbortSignal | undefined;
  readonly #broker: JavaProcess;
  /** Undefined where the broker keeps the metadata itself. */
  readonly #zooKeeper: ZooKeeper | undefined;

  /** @param controllerPort where a ZooKeeper listens, when there is one */
  constructor(
    jvm: Jvm,
    jars: string,
    folder: string,
    address: string,
    controllerPort: number,
    abort: AbortSignal | undefined,
  ) {
    this.#jvm = jvm;
    this.#jars = jars;
    this.#folder = folder;
    this.#address = address;
    this.#abort = abort;
    const args = [...javaArguments(jars, "kafka.Kafka"), this.#propertiesFile];
    this.#broker = new JavaProcess(jvm.java, args, folder, "broker.log");
    if (jvm.kafka.metadata === "zookeeper")
      this.#zooKeeper = new ZooKeeper(jvm.java, jars, folder, controllerPort);
  }

  /** Writes the properties and lays out the data folder, with the SCRAM users in it. */
  async format(properties: Record<string, string>, security: BrokerSecurity | undefined): Promise<void> {
    const lines = Object.entries({ ...properties, "log.dirs": join(this.#folder, "data") });
    await writeFile(this.#propertiesFile, lines.map(([key, value]) => `${key}=${value}\n`).join(""));
    // with a ZooKeeper the broker lays it out itself
    if (this.#zooKeeper !== undefined) return;
    const format = ["format", "--cluster-id", clusterId, "--config", this.#propertiesFile];
    const tool = javaArguments(this.#jars, "kafka.tools.StorageTool");
    await run(this.#jvm.java, [...tool, ...format, ...scramArguments(security)]);
  }

  /** Starts the processes and waits until the broker serves; kills them when it does not. */
  async start(): Promise<void> {
    await this.#zooKeeper?.start();
    await this.#startBroker();
  }

  /** Kills the broker and starts it again. */
  async restart(): Promise<void> {
    await this.#broker.end("SIGKILL");
    await this.#zooKeeper?.untilForgotten();
    await this.#startBroker();
  }

  /** Freezes the broker alone. */
  pause(): Promise<void> {
    return this.#broker.pause();
  }

  unpause(): void {
    this.#broker.unpause();
  }

  /** Ends the processes, paused or not, and removes the folder. */
  async remove(): Promise<void> {
    await this.#broker.end("SIGTERM");
    await this.#zooKeeper?.end();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #startBroker(): Promise<void> {
    this.#broker.start();
    try {
      await waitUntilServing(this.#address, () => {
        this.#abort?.throwIfAborted();
        this.#zooKeeper?.checkAlive();
        this.#broker.checkAlive("Kafka");
      });
    } catch (error) {
      await this.#broker.end("SIGKILL");
      await this.#zooKeeper?.end();
      throw error;
    }
  }

  get #propertiesFile(): string {
    return join(this.#folder, "server.properties");
  }
}

function scramArguments(security: BrokerSecurity | undefined): string[] {
  if (security === undefined) return [];
  const user = `name=${security.username},password=${security.password}`;
  return scramMechanisms().flatMap((mechanism) => ["--add-scram", `${mechanism}=[${user}]`]);
}
