import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { guard } from "./guard.ts";

const builtProgram = process.env.EXPORTER_PROGRAM ?? "";

/** The program's entry point: that of the sources, or the built one that `EXPORTER_PROGRAM` names. */
export const mainModule =
  builtProgram === "" ? fileURLToPath(new URL("../../src/main.ts", import.meta.url)) : builtProgram;

/** A `run` of the exporter in a process of its own. */
export interface ExporterProcess {
  readonly port: number;
  readonly pid: number;
  /** Settles with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** What it wrote to stderr so far: JSON lines. */
  log(): string;
  /** A path of its HTTP server. @throws Error with the end of its log when it has ended */
  get(path: string): Promise<Response>;
  /** The text of /metrics. @throws Error when it does not answer 200 */
  metrics(): Promise<string>;
  /** Sends SIGTERM and waits for the end, after a minute with SIGKILL; gives what {@link ended} gives. */
  stop(): Promise<number | NodeJS.Signals>;
  /** Sends SIGKILL and waits for the end. */
  kill9(): Promise<void>;
}

/**
 * Starts `dlr-exporter run` and waits until it listens.
 *
 * @param args flags of `run`; without `--port` the system chooses one
 * @param env set on top of this process's environment
 * @param program the program's entry point; by default that of the sources
 * @throws Error with its log when it ends before it listens
 */
export async function startExporter(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  program = mainModule,
): Promise<ExporterProcess> {
  const port = args.includes("--port") ? [] : ["--port", "0"];
  const child = spawn(process.execPath, [program, "run", ...args, ...port], {
    // its own process group: Ctrl-C must reach our process alone, which then ends this one in order
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...env },
  });
  const orphan = guard('kill -9 "$1"', `${child.pid}`);
  const ended = once(child, "exit").then(([code, signal]: (number | NodeJS.Signals)[]) => {
    orphan.dismiss();
    return code ?? signal ?? 0;
  });
  const lines: string[] = [];
  const listening = await whenListening(child, lines);
  const stop = async () => {
    child.kill("SIGTERM");
    const force = setTimeout(() => child.kill("SIGKILL"), 60_000);
    return ended.finally(() => clearTimeout(force));
  };
  const get = async (path: string) => {
    try {
      // on a connection of its own: a process that wakes after a stop closes those kept open, as the question comes in
      const headers = { connection: "close" };
      return await fetch(`http://127.0.0.1:${listening}${path}`, {
        headers,
        signal: AbortSignal.timeout(60_000),
      });
    } catch (error) {
      if (!hasEnded(child)) throw error;
      // a refused connection would not say why, and nobody else will
      const end = `the exporter has ended with ${child.exitCode ?? child.signalCode}`;
      throw new Error(`${end}:\n${lines.slice(-20).join("\n")}`, { cause: error });
    }
  };
  return {
    port: listening,
    pid: child.pid ?? 0,
    ended,
    log: () => lines.join("\n"),
    get,
    metrics: async () => {
      const response = await get("/metrics");
      if (!response.ok) throw new Error(`/metrics answered ${response.status}`);
      return response.text();
    },
    stop,
    kill9: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Collects the child's log lines and settles with the port of the one that says "listening". */
async function whenListening(child: ChildProcess, lines: string[]): Promise<number> {
  const { stderr } = child;
  if (stderr === null) throw new Error("the child's stderr is a pipe");
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    const reader = createInterface(stderr);
    reader.on("line", (line) => {
      lines.push(line);
      const port = listeningPort(line);
      if (port !== undefined) resolve(port);
    });
    reader.once("close", () =>
      reject(new Error(`the exporter ended before it listened:\n${lines.join("\n")}`)),
    );
  });
}

function listeningPort(line: string): number | undefined {
  if (!line.includes('"listening"')) return undefined;
  const entry: unknown = JSON.parse(line);
  if (typeof entry !== "object" || entry === null || !("port" in entry)) return undefined;
  return typeof entry.port === "number" ? entry.port : undefined;
}
