import { createRequire } from "node:module";
import type { Readable } from "node:stream";
import { type DestinationStream, type Logger, pino } from "pino";

const require = createRequire(import.meta.url);

/** So many bytes may wait for a reader of the log that has stopped reading; what comes then is dropped. */
const backlogBytes = 1_048_576;

/** Where log lines go: a stream that says how much it holds back, and whose errors are somebody else's business. */
export type LogOutput = DestinationStream & { readonly writableLength: number };

/**
 * The program's logger: JSON lines, or lines for people on a terminal.
 *
 * What is logged of a receipt is its topic, partition and offset alone: no field, no value. That keeps phone
 * numbers and message ids out, not a filter afterwards.
 *
 * @param output stderr, since stdout is for results
 */
export function createLogger(level: string, output: LogOutput, terminal: boolean): Logger {
  // As a stream, pino-pretty would end for good with the first line that the terminal does not take.
  const render = terminal ? forPeople() : String;
  const write = (line: string) => writeUnlessFull(output, render(line));
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write });
}

/** Loads what only a terminal needs. */
function forPeople(): (line: string) => string {
  const { prettyFactory } = require("pino-pretty") as typeof import("pino-pretty");
  return prettyFactory({ ignore: "pid,hostname", translateTime: "HH:MM:ss" });
}

/** Passes on what a worker thread logs. A pipe would end for good with the first piece that can't be written. */
export function passOnLog(from: Readable, output: LogOutput): void {
  from.setEncoding("utf8").on("data", (text: string) => writeUnlessFull(output, text));
}

function writeUnlessFull(output: LogOutput, text: string): void {
  if (output.writableLength < backlogBytes) output.write(text);
}
