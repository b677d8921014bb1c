import { spawn } from "node:child_process";
import { mainModule } from "../lab/exporter.ts";
import { guarded } from "../lab/guarded.ts";

/** A shell that has turned into the program. */
export interface ShellProcess {
  readonly pid: number;
  /** Settles with the exit code, or the signal that ended it, and with what reached its output by then. */
  readonly ended: Promise<{ end: number | NodeJS.Signals; stdout: string; stderr: string }>;
  /** What it wrote to stderr so far. */
  stderr(): string;
}

/**
 * Has a shell arrange what the program is given, such as `>/dev/full`, and become the program.
 *
 * @param argv the program's arguments; its place in `script` is `"$@"`
 * @param file what `script` calls `$FILE`
 */
export function inShell(script: string, argv: readonly string[], file = ""): ShellProcess {
  const child = guarded(
    spawn("bash", ["-c", script, "bash", process.execPath, mainModule, ...argv], {
      env: { ...process.env, FILE: file },
    }),
  );
  child.stdin.end();
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk) => stdout.push(chunk));
  child.stderr.on("data", (chunk) => stderr.push(chunk));
  const textOf = (chunks: Buffer[]) => Buffer.concat(chunks).toString();
  const ended = new Promise<Awaited<ShellProcess["ended"]>>((resolve) => {
    child.on("close", (code, signal) => {
      resolve({ end: code ?? signal ?? 0, stdout: textOf(stdout), stderr: textOf(stderr) });
    });
  });
  return { pid: child.pid ?? 0, ended, stderr: () => textOf(stderr) };
}

/** Standard output is a pipe, at `$FILE`, that had a reader once. */
export const toNobody = 'mkfifo "$FILE" && exec 3<>"$FILE" 1>"$FILE" 3>&- && exec "$@"';
