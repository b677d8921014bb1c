import type { Readable, Writable } from "node:stream";

/** What a command may touch of the process. */
export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Results;
  /** Problems, progress and logs. */
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type Output = Writable & { readonly isTTY?: boolean };

/** Where results are printed. A write never fails: what can't be printed is dropped, and other sinks are served. */
export type Results = Output & {
  /** Aborted once what is printed gets nowhere: its reader is gone, or its disk is full. Only a write can tell. */
  readonly lost: AbortSignal;
  /** Waits until a slow reader has taken what was printed so far. Gives whether all of it was taken. */
  flushed(): Promise<boolean>;
};

/** A flag of a command. */
export interface CommandFlag {
  /** Without the dashes. */
  readonly name: string;
  /** The word that stands for its value in help texts; undefined for a flag that takes none. */
  readonly value: string | undefined;
  readonly about: string;
  /** May be given more than once. */
  readonly list?: boolean;
}

export interface Command {
  readonly name: string;
  /** What it does, for the list of commands: no capital, no full stop. */
  readonly summary: string;
  /** The arguments after the name. */
  readonly usage: string;
  readonly flags: readonly CommandFlag[];
  /** The words that its first argument may be, and whether files are named behind them. */
  readonly words?: Readonly<Record<string, "files" | "nothing">>;
  /** What its help says after the flags: examples, and what is worth knowing. */
  readonly notes: string;
  /**
   * @param args the arguments after the command's name
   * @returns the exit code: 0 fine, 1 the work failed, 2 usage or configuration wrong
   * @throws UsageError for arguments that make no sense
   */
  run(args: readonly string[], io: Io): Promise<number>;
}

/** Arguments that make no sense; its message is for the operator, and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
