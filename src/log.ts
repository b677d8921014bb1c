import { type DestinationStream, type Logger, pino } from "pino";
import pretty from "pino-pretty";

/**
 * The program's logger: JSON lines, or lines for people on a terminal.
 *
 * What is logged of a receipt is its topic, partition and offset alone: no field, no value. That keeps phone
 * numbers and message ids out, not a filter afterwards.
 *
 * @param destination where lines go: stderr, since stdout is for results
 */
export function createLogger(level: string, destination: DestinationStream, terminal: boolean): Logger {
  const stream = terminal
    ? pretty({ destination, ignore: "pid,hostname", translateTime: "HH:MM:ss" })
    : destination;
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream);
}
