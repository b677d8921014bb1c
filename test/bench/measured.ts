import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { guard } from "../lab/guard.ts";
import { shapes } from "./shapes.ts";
import { type Usage, usageProbe } from "./usage.ts";
import { codeMapFor, type Workload } from "./workload.ts";

/** What the work of a program gets. */
export interface Bench {
  /** Variables for its process; they make it write down its usage at its end. */
  readonly env: Readonly<Record<string, string>>;
  /** The file for the {@link Usage} of a process that is not Node.js, which has to write it by itself. */
  readonly usage: string;
  /** The seconds since the work began. */
  readonly elapsed: () => number;
  /** Flags of the exporter: how the topic is to be read, and by which code map. */
  readonly flags: readonly string[];
  /** The same without the code map: by the packaged one. */
  readonly packaged: readonly string[];
}

/**
 * Has a program work, and adds what its process has used.
 *
 * @param topic what is read; its shape and the code map's codes are the workload's
 * @param work starts one process and waits for its end
 */
export async function measured<T>(
  { name, workload }: { readonly name: string; readonly workload: Workload },
  work: (bench: Bench) => Promise<T>,
): Promise<{ readonly result: T; readonly usage: Usage }> {
  const folder = mkdtempSync(join(tmpdir(), "dlr-exporter-bench-"));
  try {
    const usage = join(folder, "usage.json");
    const codeMap = join(folder, "code-map.yaml");
    const config = join(folder, "config.yaml");
    const probe = join(folder, "usage.mjs");
    writeFileSync(codeMap, codeMapFor(workload));
    writeFileSync(config, JSON.stringify({ topics: [{ topic: name, ...shapes[workload.shape].topic }] }));
    writeFileSync(probe, usageProbe(usage));
    const packaged = ["--config", config];
    const start = performance.now();
    const result = await work({
      env: { NODE_OPTIONS: `--import=${pathToFileURL(probe)}` },
      usage,
      elapsed: () => (performance.now() - start) / 1000,
      flags: [...packaged, "--code-map", codeMap],
      packaged,
    });
    return { result, usage: JSON.parse(readFileSync(usage, "utf8")) as Usage };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Runs a module to its end.
 *
 * @param args the module's file, and its arguments
 * @returns its standard output
 * @throws Error with its standard error when it fails
 */
export async function outputOf(args: readonly string[], env: Bench["env"]): Promise<string> {
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env } });
  const orphan = guard('kill -9 "$1"', `${child.pid}`);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  orphan.dismiss();
  if (code !== 0) throw new Error(`${args.slice(0, 2).join(" ")} ended with ${code}:\n${stderr}`);
  return stdout;
}
