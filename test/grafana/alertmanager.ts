import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freePort, waitFor } from "../integration/harness.ts";
import { endProcess, guarded, type TemporaryFolder, temporaryFolder } from "../lab/guarded.ts";

export const alertmanagerConfig = "grafana/alertmanager.yml";

// Debian's name for it, and everybody else's
const command = ["prometheus-alertmanager", "alertmanager"].find(
  (name) => spawnSync(name, ["--version"]).error === undefined,
);

/** Why a real Alertmanager can't be run here; undefined when it can. */
export const alertmanagerMissing =
  command !== undefined && spawnSync("amtool", ["--version"]).error === undefined
    ? undefined
    : "Alertmanager is not installed (Debian: apt install prometheus-alertmanager)";

/** The pager of docker-compose.yml, in a process of its own. */
export class Pager {
  /** `host:port` */
  readonly address: string;
  /** What it has printed so far. */
  readonly lines: readonly string[];
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, lines: readonly string[], port: string) {
    this.#process = process;
    this.lines = lines;
    this.address = `127.0.0.1:${port}`;
  }

  static async start(): Promise<Pager> {
    const stdio = ["ignore", "pipe", "inherit"] as const;
    const child = guarded(spawn(process.execPath, ["src/demo/pager.ts", "0"], { stdio: [...stdio] }));
    const lines: string[] = [];
    createInterface(child.stdout).on("line", (line) => lines.push(line));
    await waitFor(() => lines.length > 0, { what: "the pager" });
    return new Pager(child, lines, /listening on (\d+)/.exec(lines.shift() ?? "")?.[1] ?? "");
  }

  stop(): Promise<void> {
    return endProcess(this.#process);
  }
}

/** An Alertmanager of our own, with the project's configuration. */
export class Alertmanager {
  /** `host:port` */
  readonly address: string;
  readonly #process: ChildProcess;
  readonly #folder: TemporaryFolder;

  private constructor(process: ChildProcess, folder: TemporaryFolder, address: string) {
    this.#process = process;
    this.#folder = folder;
    this.address = address;
  }

  /**
   * Starts one and waits until it is ready.
   *
   * @param pager `host:port` of the pager
   * @param edit changes the configuration
   */
  static async start(pager: string, edit: (config: string) => string = (config) => config) {
    const folder = await temporaryFolder("dlr-alertmanager-");
    const config = (await readFile(alertmanagerConfig, "utf8")).replaceAll("pager:8080", pager);
    await writeFile(join(folder.path, "alertmanager.yml"), edit(config));
    const address = `127.0.0.1:${await freePort()}`;
    const flags = [
      `--config.file=${join(folder.path, "alertmanager.yml")}`,
      `--storage.path=${join(folder.path, "data")}`,
      `--web.listen-address=${address}`,
      "--cluster.listen-address=",
    ];
    const child = guarded(spawn(command ?? "", flags, { stdio: "ignore" }));
    const alertmanager = new Alertmanager(child, folder, address);
    await waitFor(async () => (await fetch(`http://${address}/-/ready`)).ok, { what: "Alertmanager" });
    return alertmanager;
  }

  async stop(): Promise<void> {
    await endProcess(this.#process);
    await this.#folder.remove();
  }
}
