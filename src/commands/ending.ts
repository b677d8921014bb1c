import process from "node:process";
import type { Io } from "./command.ts";
import { StandardOutput } from "./standard-output.ts";

/** Under npm one Ctrl-C arrives twice, from the terminal and from npm. Within this many ms it is the same one. */
const echoMs = 200;

/** How long the process may outlive its work while the Kafka client waits for responses, in ms. */
const lingerMs = 200;

/**
 * Does this process' work and sets its exit code: that of the work, or 1 when the work succeeded but not all results
 * could be printed.
 *
 * @param work is given the process' streams; returns its exit code
 */
export async function workToTheEnd(work: (io: Io) => Promise<number>): Promise<void> {
  const { env, stderr } = process;
  const stdout = new StandardOutput();
  const io: Io = {
    env,
    stdout,
    stderr,
    // Node.js opens it on first access; a command that does not read should not touch it.
    get stdin() {
      return process.stdin;
    },
  };
  // Set before waiting: if the process is ended meanwhile, it ends with this code.
  process.exitCode = await work(io);
  await stdout.flushed();
  if (stdout.failure === undefined) return;
  stderr.write(`dlr-exporter: cannot write to standard output: ${stdout.failure}\n`);
  process.exitCode ||= 1;
}

/** How a command reacts to SIGINT or SIGTERM. */
export interface OnStop {
  /** At the first signal. */
  first(signal: NodeJS.Signals): void;
  /** At a second one: reports what there is to report, and returns the exit code. */
  again(signal: NodeJS.Signals): number;
}

/**
 * Handles SIGINT and SIGTERM: the first one ends the work in order, a second one ends the process at once.
 *
 * @returns to be called when the work is over: from then on signals are ignored, so that an echo can't change the
 *   exit code, and the process ends soon with that code, even if the Kafka client has left something open
 */
export function listenForStop({ first, again }: OnStop): () => void {
  let stoppedAt: number | undefined;
  let over = false;
  const end = (signal: NodeJS.Signals) => {
    if (over) return;
    if (stoppedAt === undefined) {
      stoppedAt = Date.now();
      first(signal);
    } else if (Date.now() - stoppedAt > echoMs) {
      exitNow(again(signal));
    }
  };
  process.on("SIGINT", end).on("SIGTERM", end);
  return () => {
    over = true;
    setTimeout(() => process.exit(), lingerMs).unref();
  };
}

/** Ends the process immediately. */
export function exitNow(code: number): never {
  process.exit(code);
}
