#!/usr/bin/env node
import { existsSync, mkdirSync } from "node:fs";
import module from "node:module";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

// A log that can't be written is no reason to stop counting: nobody reads it, its disk is full, its terminal is gone.
process.stderr.on("error", () => {});

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 15)) {
  process.stderr.write(`dlr-exporter needs Node.js 22.15 or newer; this is ${process.versions.node}\n`);
  process.exitCode = 2;
} else {
  // Before anything is loaded, for half of what a start costs is compiling; and in the user's own folder, for in Node's
  // own place, which is everybody's, somebody else could leave code for us.
  const home = cacheHome();
  const cache = join(home ?? "", "dlr-exporter");
  if (home !== undefined && isMade(home) && isMade(cache)) module.enableCompileCache(cache);
  const { workToTheEnd } = await import("./commands/ending.ts");
  const { dispatch } = await import("./commands/dispatch.ts");
  await workToTheEnd((io) => dispatch(process.argv.slice(2), io));
}

/** Whether a folder is there now. To make parents too, Node tries without end where none can be made, as in /proc. */
function isMade(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return existsSync(folder);
  }
}

/** The user's folder for what can be made anew; undefined for a user without one, as in a container with any user id. */
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
