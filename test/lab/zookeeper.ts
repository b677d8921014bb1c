import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { JavaProcess, javaArguments } from "./java-process.ts";

/** In ms. ZooKeeper ends a session at a tick. */
const tick = 500;

/**
 * How long a ZooKeeper remembers a broker that was killed, in ms, and keeps its place from the one that comes back. A
 * broker that stalls for longer loses its place, and takes it again.
 */
export const zooKeeperSessionMs = 6000;

/** The ZooKeeper of one broker of an old version: a Java process of the same jars. */
export class ZooKeeper {
  readonly #process: JavaProcess;
  readonly #file: string;
  readonly #settings: Readonly<Record<string, string | number>>;

  /** @param folder the broker's; properties, data and log go there */
  constructor(java: string, jars: string, folder: string, port: number) {
    this.#file = join(folder, "zookeeper.properties");
    this.#settings = {
      dataDir: join(folder, "zookeeper"),
      clientPort: port,
      clientPortAddress: "127.0.0.1",
      tickTime: tick,
      // a web server that Kafka's jars do not have
      "admin.enableServer": "false",
    };
    const args = [...javaArguments(jars, "org.apache.zookeeper.server.ZooKeeperServerMain"), this.#file];
    this.#process = new JavaProcess(java, args, folder, "zookeeper.log");
  }

  /** Starts it. The broker waits until it serves. */
  async start(): Promise<void> {
    const lines = Object.entries(this.#settings).map(([key, value]) => `${key}=${value}\n`);
    await writeFile(this.#file, lines.join(""));
    this.#process.start();
  }

  /** @throws Error with the end of its log once it has ended */
  checkAlive(): void {
    this.#process.checkAlive("ZooKeeper");
  }

  /** Waits until a broker that was killed is forgotten, for until then no other may have its number. */
  async untilForgotten(): Promise<void> {
    await sleep(zooKeeperSessionMs + 2 * tick);
  }

  async end(): Promise<void> {
    await this.#process.end("SIGTERM");
  }
}
