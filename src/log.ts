import { createRequire } from "node:module";
import type { Readable } from "node:stream";
import { type DestinationStream, type Logger, pino } from "pino";

const require = createRequire(import.meta.url);

/** Bytes buffered for a log reader that has stopped reading; beyond that lines are dropped. */
const backlogBytes = 1_048_576;

/** Where log lines go: a stream that tells how much it buffers, and whose errors are handled elsewhere. */
export type LogOutput = DestinationStream & { readonly writableLength: number };

/**
 * The program's logger: JSON lines, or readable lines on a terminal.
 *
 * Of a receipt only topic, partition and offset are logged: no field, no value. Phone numbers and message ids stay
 * out because they are never logged, rather than by a filter.
 *
 * @param output stderr, since stdout is for results
 */
export function createLogger(level: string, output: LogOutput, terminal: boolean): Logger {
  // As a stream, pino-pretty would stop for good at the first failed write.
  const render = terminal ? forPeople() : String;
  const write = (line: string) => writeUnlessFull(output, render(line));
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write });
}

/** Loads what only a terminal needs. */
function forPeople(): (line: string) => string {
  const { prettyFactory } = require("pino-pretty") as typeof import("pino-pretty");
  return prettyFactory({ ignore: "pid,hostname", translateTime: "HH:MM:ss" });
}

/** Forwards a worker thread's log. A pipe would stop for good at the first failed write. */
export function passOnLog(from: Readable, output: LogOutput): void {
  from.setEncoding("utf8").on("data", (text: string) => writeUnlessFull(output, text));
}

function writeUnlessFull(output: LogOutput, text: string): void {
  if (output.writableLength < backlogBytes) output.write(text);
}
