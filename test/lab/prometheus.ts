import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { guard } from "./guard.ts";
import { freePorts } from "./ports.ts";

/** Why a real Prometheus can't be run here; undefined when it can. */
export function prometheusMissing(): string | undefined {
  return spawnSync("prometheus", ["--version"]).error === undefined
    ? undefined
    : "prometheus is not installed (Debian: apt install prometheus)";
}

/** A Prometheus of our own in a process of its own, its data in a temporary folder. */
export interface PrometheusProcess {
  /** `http://127.0.0.1:PORT` */
  readonly address: string;
  /**
   * A path of its HTTP API, such as `/api/v1/query`.
   *
   * @returns the JSON of the answer
   * @throws Error with the answer when it is not 200
   */
  get(path: string, parameters?: Readonly<Record<string, string>>): Promise<unknown>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/**
 * Starts the `prometheus` of the PATH on a free port and waits until it is ready.
 *
 * @param config its configuration; file names in it are absolute
 * @param assets folder to serve at /user
 * @throws Error with its log when it ends before it is ready
 */
export async function startPrometheus(config: object, assets: string): Promise<PrometheusProcess> {
  const folder = await mkdtemp(join(tmpdir(), "dlr-prometheus-"));
  await writeFile(join(folder, "prometheus.yml"), stringify(config));
  const [port = 0] = await freePorts(1);
  const flags = [
    `--config.file=${join(folder, "prometheus.yml")}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
    `--web.user-assets=${assets}`,
  ];
  // its own process group: Ctrl-C must reach our process alone, which then ends this one in order
  const child = spawn("prometheus", flags, { detached: true, stdio: ["ignore", "ignore", "pipe"] });
  const orphan = guard('kill -9 "$1"; rm -rf "$2"', `${child.pid}`, folder);
  const ended = once(child, "exit");
  const address = `http://127.0.0.1:${port}`;
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    await rm(folder, { recursive: true });
    orphan.dismiss();
  };
  try {
    await whenReady(child, address);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    address,
    get: async (path, parameters = {}) => {
      const response = await fetch(`${address}${path}?${new URLSearchParams(parameters)}`);
      if (!response.ok) throw new Error(await response.text());
      return response.json();
    },
    stop,
  };
}

/** It opens its port before it has read its old data, so it is asked. */
async function whenReady(child: ChildProcess, address: string): Promise<void> {
  const log = child.stderr === null ? Promise.resolve("") : text(child.stderr);
  for (;;) {
    if (child.exitCode !== null) throw new Error(`Prometheus ended before it was ready:\n${await log}`);
    const answer = await fetch(`${address}/-/ready`).catch(() => undefined);
    if (answer?.ok === true) return;
    await sleep(100);
  }
}
