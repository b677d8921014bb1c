#!/usr/bin/env node
import { dispatch } from "./commands/dispatch.ts";

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
  process.exitCode = await dispatch(process.argv.slice(2), process);
}
