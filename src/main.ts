#!/usr/bin/env node
import module from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

// A reader that has seen enough (`| head`) closes the pipe: an end, not a failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});
// A log that nobody reads any more is no reason to stop counting.
process.stderr.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 15)) {
  process.stderr.write(`dlr-exporter needs Node.js 22.15 or newer; this is ${process.versions.node}\n`);
  process.exitCode = 2;
} else {
  // Before anything is loaded, for half of what a start costs is compiling; and in the user's own folder, for in Node's
  // own place, which is everybody's, somebody else could leave code for us.
  module.enableCompileCache(join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "dlr-exporter"));
  const { dispatch } = await import("./commands/dispatch.ts");
  process.exitCode = await dispatch(process.argv.slice(2), process);
}
