import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, rmSync } from "node:fs";
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
import { type Guard, guard } from "./guard.ts";
import { fetchJars, jarsAreHere } from "./kafka-jars.ts";

const run = promisify(execFile);
const host = "127.0.0.1";

/** A Java virtual machine that can run Kafka. */
export interface Jvm {
  /** The java command. */
  readonly java: string;
  readonly version: number;
}

/** Java 17 or newer, with Kafka's jars or the Maven to fetch them; else, in words, what is missing. */
export async function findJvm(): Promise<Jvm | string> {
  const home = process.env.JAVA_HOME ?? "";
  const java = home === "" ? "java" : join(home, "bin", "java");
  const answer = await run(java, ["--version"]).catch(() => undefined);
  const version = Number(/\d+/.exec(answer?.stdout ?? "")?.[0] ?? 0);
  if (version < 17) return "no Java 17 or newer";
  const maven = jarsAreHere() || (await run("mvn", ["--version"]).catch(() => undefined)) !== undefined;
  return maven ? { java, version } : "no Maven to fetch Kafka with";
}

/** Starts a broker as a Java process on free ports, its data in a temporary folder. Up in about 3 s. */
export async function startJvmBroker(jvm: Jvm, options: BrokerOptions): Promise<OwnBroker> {
  const jars = await fetchJars(options);
  const folder = await mkdtemp(join(tmpdir(), "dlr-exporter-kafka-"));
  try {
    options.onProgress?.(`starting Kafka on Java ${jvm.version}`);
    const security = options.secure === true ? await createSecurity(folder, host) : undefined;
    const ports = await choosePorts(security !== undefined);
    const address = plainAddress(ports, host);
    const server = new JavaServer(jvm.java, jars, folder, address, options.signal);
    await server.format(brokerProperties(ports, host, host, security), scramArguments(security));
    await server.start();
    return {
      kind: "jvm",
      description: `Kafka on Java ${jvm.version} at ${address}`,
      brokers: [address],
      secure: security && secureListeners(ports, host, security),
      pause: async () => server.signal("SIGSTOP"),
      unpause: async () => server.signal("SIGCONT"),
      restart: async () => {
        await server.end("SIGKILL");
        await server.start();
      },
      stop: () => server.remove(),
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** The Java process of one broker and its folder: properties, data and log. */
class JavaServer {
  readonly #java: string;
  readonly #jars: string;
  readonly #folder: string;
  readonly #address: string;
  readonly #abort: AbortSignal | undefined;
  #child: ChildProcess | undefined;
  #guard: Guard | undefined;

  constructor(java: string, jars: string, folder: string, address: string, abort: AbortSignal | undefined) {
    this.#java = java;
    this.#jars = jars;
    this.#folder = folder;
    this.#address = address;
    this.#abort = abort;
  }

  /** Writes the properties and lays out the data folder, with the SCRAM users in it. */
  async format(properties: Record<string, string>, scram: string[]): Promise<void> {
    const lines = Object.entries({ ...properties, "log.dirs": join(this.#folder, "data") });
    await writeFile(this.#propertiesFile, lines.map(([key, value]) => `${key}=${value}\n`).join(""));
    const format = ["format", "--cluster-id", clusterId, "--config", this.#propertiesFile];
    await run(this.#java, [...this.#javaArguments("kafka.tools.StorageTool"), ...format, ...scram]);
  }

  /** Starts the process and waits until it serves; kills it when it does not. */
  async start(): Promise<void> {
    const log = join(this.#folder, "broker.log");
    const output = openSync(log, "a");
    // its own process group: Ctrl-C must reach our process alone, which stops its parts in order
    const child = spawn(this.#java, [...this.#javaArguments("kafka.Kafka"), this.#propertiesFile], {
      detached: true,
      stdio: ["ignore", output, output],
    });
    closeSync(output);
    this.#child = child;
    this.#guard = guard('kill -9 "$1"; rm -rf "$2"', `${child.pid}`, this.#folder);
    try {
      await waitUntilServing(this.#address, () => {
        this.#abort?.throwIfAborted();
        if (hasEnded(child))
          throw new Error(`Kafka ended at once:\n${readFileSync(log, "utf8").slice(-4000)}`);
      });
    } catch (error) {
      await this.end("SIGKILL");
      throw error;
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Ends the process and waits for it: with the signal, then after 10 s with SIGKILL. */
  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child !== undefined && !hasEnded(child)) {
      const ended = once(child, "exit");
      child.kill(signal);
      const force = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(force);
    }
    this.#guard?.dismiss();
    this.#guard = undefined;
  }

  /** Ends the process, paused or not, and removes the folder. */
  async remove(): Promise<void> {
    this.signal("SIGCONT");
    await this.end("SIGTERM");
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #propertiesFile(): string {
    return join(this.#folder, "server.properties");
  }

  #javaArguments(mainClass: string): string[] {
    const memory = ["-Xms256m", "-Xmx512m"];
    // both shorten the start; a demo does not live long enough for more
    const start = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];
    return [...memory, ...start, "-cp", join(this.#jars, "*"), mainClass];
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function scramArguments(security: BrokerSecurity | undefined): string[] {
  if (security === undefined) return [];
  const user = `name=${security.username},password=${security.password}`;
  return scramMechanisms().flatMap((mechanism) => ["--add-scram", `${mechanism}=[${user}]`]);
}
