import { Readable, Writable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { Io } from "../../src/commands/command.ts";

/** A command for the kept process. */
export interface Asked {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Takes what is printed. */
class Output extends Writable {
  readonly #chunks: Buffer[] = [];

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString();
  }
}

const [, , mainModule = ""] = process.argv;
// the bundle has it beside its entry point
const beside = mainModule.endsWith(".ts") ? "commands/dispatch.ts" : "dispatch.js";
const { dispatch }: typeof import("../../src/commands/dispatch.ts") = await import(
  new URL(beside, pathToFileURL(mainModule)).href
);

// A command that is over has its process end soon, whatever it has left open: this one goes on to the next.
const leave = process.exit.bind(process);
Object.assign(process, { exit: (code?: number) => (code === undefined ? undefined : leave(code)) });

/** Of the command that runs; its threads write to the stderr of the process. */
let stderr = new Output();
Object.defineProperty(process, "stderr", { get: () => stderr });
process.on("warning", ({ stack }) => void stderr.write(`${stack}\n`));

process.on("message", async ({ argv, env }: Asked) => {
  stderr = new Output();
  const stdout = Object.assign(new Output(), {
    lost: new AbortController().signal,
    flushed: async () => true,
  });
  const io: Io = { env, stdin: Readable.from([]), stdout, stderr };
  const code = await dispatch(argv, io);
  // what a thread has written last
  await turn();
  for (const signal of ["SIGINT", "SIGTERM"]) process.removeAllListeners(signal);
  process.send?.({ code, stdout: stdout.text(), stderr: stderr.text() });
});
process.on("disconnect", () => leave());
process.send?.("ready");
