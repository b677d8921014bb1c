#!/usr/bin/env node
import { existsSync, mkdirSync } from "node:fs";
import module from "node:module";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { setFlagsFromString } from "node:v8";

// Keep counting when the log can't be written: its reader is gone, its disk is full, its terminal is closed.
process.stderr.on("error", () => {});

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 15)) {
  process.stderr.write(`dlr-exporter needs Node.js 22.15 or newer; this is ${process.versions.node}\n`);
  process.exitCode = 2;
} else {
  // V8's middle compiler takes 10 MiB and 0.1 s of CPU, and its last one optimizes what runs long anyway.
  setFlagsFromString("--no-maglev");
  // While it marks step by step, V8 collects nothing young: all that a long code map leaves behind was kept, 16 MiB.
  setFlagsFromString("--no-incremental-marking");
  // Before anything is loaded, since half of the start is compiling. In the user's own folder, since in Node's
  // default one, which is shared, another user could plant code.
  const home = cacheHome();
  const cache = join(home ?? "", "dlr-exporter");
  if (home !== undefined && isMade(home) && isMade(cache)) module.enableCompileCache(cache);
  const { workToTheEnd } = await import("./commands/ending.ts");
  const { dispatch } = await import("./commands/dispatch.ts");
  await workToTheEnd((io) => dispatch(process.argv.slice(2), io));
}

/** Whether a folder exists now. Not recursive: Node retries endlessly where it can't create parents, as in /proc. */
function isMade(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return existsSync(folder);
  }
}

/** The user's cache folder; undefined for a user without a home, as in a container with an arbitrary user id. */
function cacheHome(): string | undefined {
  const own = process.env.XDG_CACHE_HOME ?? "";
  if (isAbsolute(own)) return own;
  try {
    const home = homedir();
    return isAbsolute(home) ? join(home, ".cache") : undefined;
  } catch {
    return undefined;
  }
}
