import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Guard, guard } from "./guard.ts";

/**
 * The arguments with which java runs a class of Kafka's jars.
 *
 * @param jars the folder they are in
 */
export function javaArguments(jars: string, mainClass: string): string[] {
  const memory = ["-Xms256m", "-Xmx512m"];
  // both shorten the start; a demo does not live long enough for more
  const start = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];
  return [...memory, ...start, "-cp", join(jars, "*"), mainClass];
}

/** A Java program that can be started, ended and started again. It does not outlive our process. */
export class JavaProcess {
  readonly #java: string;
  readonly #args: readonly string[];
  readonly #folder: string;
  readonly #log: string;
  #child: ChildProcess | undefined;
  #guard: Guard | undefined;

  /**
   * @param folder what it works in, removed with it when our process dies
   * @param log the name of the file in that folder which takes what it prints
   */
  constructor(java: string, args: readonly string[], folder: string, log: string) {
    this.#java = java;
    this.#args = args;
    this.#folder = folder;
    this.#log = join(folder, log);
  }

  /** Starts it. Whether it serves is for the caller to find out. */
  start(): void {
    const output = openSync(this.#log, "a");
    // its own process group: Ctrl-C must reach our process alone, which stops its parts in order
    const child = spawn(this.#java, this.#args, { detached: true, stdio: ["ignore", output, output] });
    closeSync(output);
    this.#child = child;
    this.#guard = guard('kill -9 "$1"; rm -rf "$2"', `${child.pid}`, this.#folder);
  }

  /** Freezes it, and waits until it stands: on a busy machine it may go on for a while after the signal. */
  async pause(): Promise<void> {
    this.#child?.kill("SIGSTOP");
    // Linux alone says there how a process is: the letter behind its name in brackets.
    const state = `/proc/${this.#child?.pid}/stat`;
    while (existsSync(state) && !/\) [Tt] /.test(readFileSync(state, "utf8"))) await sleep(10);
  }

  unpause(): void {
    this.#child?.kill("SIGCONT");
  }

  /** @throws Error with the end of its log once it has ended, which it never does by itself when all is well */
  checkAlive(name: string): void {
    if (this.#child !== undefined && hasEnded(this.#child))
      throw new Error(`${name} ended at once:\n${readFileSync(this.#log, "utf8").slice(-4000)}`);
  }

  /** Ends it, paused or not, and waits for that: with the signal, then after 10 s with SIGKILL. */
  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child !== undefined && !hasEnded(child)) {
      const ended = once(child, "exit");
      child.kill(signal);
      child.kill("SIGCONT");
      const force = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(force);
    }
    this.#guard?.dismiss();
    this.#guard = undefined;
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
