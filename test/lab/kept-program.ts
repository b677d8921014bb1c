import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { mainModule } from "./exporter.ts";
import { type Ended, guarded } from "./guarded.ts";
import type { Asked } from "./kept-program-process.ts";

/** Node.js 22 needs to be told, and warns of it. */
const typesStripped = ["--experimental-strip-types", "--disable-warning=ExperimentalWarning"];

let kept: Promise<ChildProcess> | undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs a command of the program to its end, in a process that is kept for the next one: half of what a short command
 * costs is the start. For all but how a process begins and ends, which signals reach it, and where its output goes.
 *
 * @param argv the arguments after the program's name
 * @throws Error when the process ended instead
 */
export function ran(argv: readonly string[]): Promise<Ended> {
  // one at a time: what its threads write could be of any
  const ended = last.then(() => answer({ argv, env: process.env }));
  last = ended.catch(() => {});
  return ended;
}

async function answer(asked: Asked): Promise<Ended> {
  kept ??= start();
  const child = await kept;
  const gone = new AbortController();
  const { signal } = gone;
  child.ref();
  child.channel?.ref();
  try {
    const answered = once(child, "message", { signal }).then(([ended]: Ended[]) => ended);
    const left = once(child, "exit", { signal }).then(([code, by]) => {
      kept = undefined;
      throw new Error(`the program ended its process with ${code ?? by}: ${asked.argv.join(" ")}`);
    });
    child.send(asked);
    return (await Promise.race([answered, left])) as Ended;
  } finally {
    gone.abort();
    rest(child);
  }
}

async function start(): Promise<ChildProcess> {
  const file = fileURLToPath(new URL("./kept-program-process.ts", import.meta.url));
  const child = guarded(fork(file, [mainModule], { execArgv: typesStripped, serialization: "advanced" }));
  const left = once(child, "exit").then(([code]) => {
    throw new Error(`the process for the program's commands ended with ${code} before the first`);
  });
  await Promise.race([once(child, "message"), left]);
  rest(child);
  return child;
}

/** It keeps nobody from ending, and ends with its channel. */
function rest(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}
