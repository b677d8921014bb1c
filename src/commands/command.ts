import type { Readable, Writable } from "node:stream";

/** The part of the process that a command may use. */
export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Results;
  /** Problems, progress and logs. */
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type Output = Writable & { readonly isTTY?: boolean };

/**
 * Where results are printed. A write never fails: what can't be printed is dropped, and other sinks still get their
 * data.
 */
export type Results = Output & {
  /** Aborted once nothing more can be printed: the reader is gone, or the disk is full. Only a write can tell. */
  readonly lost: AbortSignal;
  /** Waits until a slow reader has taken everything printed so far. Returns whether all of it was taken. */
  flushed(): Promise<boolean>;
};

/** A flag of a command. */
export interface CommandFlag {
  /** Without the dashes. */
  readonly name: string;
  /** The placeholder of its value in help texts; undefined for a flag without a value. */
  readonly value: string | undefined;
  readonly about: string;
  /** May be given more than once. */
  readonly list?: boolean;
}

export interface Command {
  readonly name: string;
  /** What it does, for the list of commands: lower case, no full stop. */
  readonly summary: string;
  /** The arguments after the name. */
  readonly usage: string;
  readonly flags: readonly CommandFlag[];
  /** The words allowed as its first argument, and whether file names follow. */
  readonly words?: Readonly<Record<string, "files" | "nothing">>;
  /** The end of its help, after the flags: examples and notes. */
  readonly notes: string;
  /**
   * @param args the arguments after the command's name
   * @returns the exit code: 0 success, 1 failure, 2 wrong usage or configuration
   * @throws UsageError for invalid arguments
   */
  run(args: readonly string[], io: Io): Promise<number>;
}

/** Invalid arguments; the message is for the operator, and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
