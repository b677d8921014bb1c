import { settingFlags } from "../config/fields.ts";
import { parseDuration, parseMoment } from "../replay/window.ts";
import { type CommandFlag, UsageError } from "./command.ts";

/** The values of flags, by name. */
export type Values = Readonly<Record<string, string | readonly string[] | undefined>>;

const shared = [
  "config",
  "brokers",
  "topic",
  "format",
  "provider",
  "scope",
  "code-map",
  "code-maps",
  "log-level",
];

/** The settings that say which log is read and how: what the commands that read history have in common with `run`. */
export const historySettings: readonly CommandFlag[] = settingFlags.filter(({ name }) =>
  shared.includes(name),
);

/** Those of the values that some flags were given. */
export function valuesOf(flags: readonly CommandFlag[], values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => flags.some((flag) => flag.name === name)),
  );
}

/** @returns the value of a flag that is no list; undefined where it was not given */
export function textOf(values: Values): (name: string) => string | undefined {
  return (name) => {
    const value = values[name];
    return typeof value === "string" ? value : undefined;
  };
}

/**
 * @param usual the span where the flag is not given
 * @returns ms
 * @throws UsageError when it is no span
 */
export function readSpan(values: Values, name: string, usual: string): number {
  const value = parseDuration(textOf(values)(name) ?? usual);
  // No slack at all is a wish like any other; a step or a timeout of nothing is none.
  if (value === undefined || (value === 0 && name !== "slack"))
    throw new UsageError(`--${name} must be a duration such as ${usual}`);
  return value;
}

/**
 * Reads a moment as a flag has it, see {@link parseMoment}.
 *
 * @param now ms since the epoch
 * @returns ms since the epoch
 * @throws UsageError when it is none
 */
export function readMoment(name: string, given: string, now: number, utcOffsetMinutes: number): number {
  const at = parseMoment(given, now, utcOffsetMinutes);
  if (at !== undefined) return at;
  throw new UsageError(
    `--${name} ${given} is not a time: use one such as -3h, now, 2026-10-01 or 2026-10-01T08:00:00+08:00`,
  );
}

/**
 * Refuses a beginning at which nothing can lie.
 *
 * @param from ms since the epoch, as `now` is
 * @throws UsageError
 */
export function refuseBeginning(from: number, now: number): void {
  if (from < 0) {
    throw new UsageError("--from is before 1970-01-01T00:00:00Z, the earliest timestamp in Kafka");
  }
  if (from > now) throw new UsageError("--from is in the future");
}
