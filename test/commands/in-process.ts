import { PassThrough, Readable } from "node:stream";
import type { Io } from "../../src/commands/command.ts";
import { dispatch } from "../../src/commands/dispatch.ts";

export interface Surroundings {
  readonly env?: Io["env"];
  readonly stdin?: Iterable<string | Buffer>;
  /** Whether stderr is a terminal. */
  readonly tty?: boolean;
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program in this process, as its main does, and gives what it printed. */
export async function inProcess(argv: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await dispatch(argv, {
    stdin: Readable.from(surroundings.stdin ?? []),
    stdout: Object.assign(stdout, {
      lost: new AbortController().signal,
      flushed: async () => true,
    }),
    stderr: Object.assign(stderr, { isTTY: surroundings.tty ?? false }),
    env: surroundings.env ?? {},
  });
  return { code, stdout: textOf(stdout), stderr: textOf(stderr) };
}

function textOf(stream: PassThrough): string {
  return String(stream.read() ?? "");
}
