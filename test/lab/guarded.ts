import type { ChildProcess, ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { guard } from "./guard.ts";

/**
 * A process that does not outlive this one, however this one ends: a test that fails or takes too long leaves it
 * running, and nobody else ends it. One that was started `detached` leads a group, which goes with it.
 */
export function guarded<Child extends ChildProcess>(child: Child): Child {
  // without one it could not be started
  if (child.pid === undefined) return child;
  const orphan = guard('kill -9 -- "-$1" || kill -9 "$1"', `${child.pid}`);
  child.once("exit", () => orphan.dismiss());
  return child;
}

/** How a process ended, and what it printed. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Waits for the end of a process that was just started, and guards it until then. */
export async function ending(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(guarded(child), "exit"),
  ]);
  return { code, stdout, stderr };
}

/** A folder of its own, which is gone at the latest when this process is. */
export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** @param prefix of the folder's name */
export async function temporaryFolder(prefix: string): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), prefix));
  // what is killed at the same moment may still have written into it
  const leftover = guard('rm -rf "$1" || { sleep 1; rm -rf "$1"; }', path);
  return {
    path,
    remove: async () => {
      await rm(path, { recursive: true, force: true });
      leftover.dismiss();
    },
  };
}

/** Ends a process with SIGTERM, or SIGKILL after a minute, and waits for its end. */
export async function endProcess(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill(signal);
  const force = setTimeout(() => child.kill("SIGKILL"), 60_000);
  await exited;
  clearTimeout(force);
}
