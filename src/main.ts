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

process.exitCode = await dispatch(process.argv.slice(2), process);
