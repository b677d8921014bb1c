import process from "node:process";
import type { Io } from "./command.ts";
import { StandardOutput } from "./standard-output.ts";

/** Under npm one Ctrl-C arrives twice, from the terminal and from npm. Within so many ms it is the same one. */
const echoMs = 200;

/** How long the process may outlive its work while the Kafka client still waits for answers, in ms. */
const lingerMs = 200;

/**
 * Does the work of this process and sets its exit code: that of the work, or 1 when the work went well but not all of
 * its results could be printed.
 *
 * @param work what to do with what the process may touch; gives its exit code
 */
export async function workToTheEnd(work: (io: Io) => Promise<number>): Promise<void> {
  const { env, stderr } = process;
  const stdout = new StandardOutput();
  const io: Io = {
    env,
    stdout,
    stderr,
    // Node.js opens it when it is first asked for; a command that reads nothing should not touch it.
    get stdin() {
      return process.stdin;
    },
  };
  // Before the wait: whoever ends the process meanwhile ends it with this code.
  process.exitCode = await work(io);
  await stdout.flushed();
  if (stdout.failure === undefined) return;
  stderr.write(`dlr-exporter: cannot write to standard output: ${stdout.failure}\n`);
  process.exitCode ||= 1;
}

/** What a command does when SIGINT or SIGTERM comes. */
export interface OnStop {
  /** At the first signal. */
  first(signal: NodeJS.Signals): void;
  /** At a later one: says what there is to say before the process ends, and gives its exit code. */
  again(signal: NodeJS.Signals): number;
}

/**
 * Listens for SIGINT and SIGTERM: the first is for the work to end in order, a second one ends the process at once.
 *
 * @returns to be called when the work is over: signals change nothing any more, so that an echo can't spoil the exit
 *   code, and the process ends soon with that code, whatever the Kafka client has left open
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

/** Ends the process, whatever is under way. */
export function exitNow(code: number): never {
  process.exit(code);
}
