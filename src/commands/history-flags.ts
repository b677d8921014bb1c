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

/** The settings for reading a log, shared by `run` and the commands that read history. */
export const historySettings: readonly CommandFlag[] = settingFlags.filter(({ name }) =>
  shared.includes(name),
);

/** The values of some of the flags. */
export function valuesOf(flags: readonly CommandFlag[], values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => flags.some((flag) => flag.name === name)),
  );
}

/** @returns the value of a flag that is not a list; undefined when it was not given */
export function textOf(values: Values): (name: string) => string | undefined {
  return (name) => {
    const value = values[name];
    return typeof value === "string" ? value : undefined;
  };
}

/**
 * @param usual the default
 * @returns ms
 * @throws UsageError when it is not a duration
 */
export function readSpan(values: Values, name: string, usual: string): number {
  const value = parseDuration(textOf(values)(name) ?? usual);
  // `--slack 0` is valid; a step or timeout of 0 is not.
  if (value === undefined || (value === 0 && name !== "slack"))
    throw new UsageError(`--${name} must be a duration such as ${usual}`);
  return value;
}

/**
 * Parses a flag's time, see {@link parseMoment}.
 *
 * @param now ms since the epoch
 * @returns ms since the epoch
 * @throws UsageError when it is not a time
 */
export function readMoment(name: string, given: string, now: number, utcOffsetMinutes: number): number {
  const at = parseMoment(given, now, utcOffsetMinutes);
  if (at !== undefined) return at;
  throw new UsageError(
    `--${name} ${given} is not a time: use one such as -3h, now, 2026-10-01 or 2026-10-01T08:00:00+08:00`,
  );
}

/**
 * Rejects a start at which there can be no records.
 *
 * @param from ms since the epoch, like `now`
 * @throws UsageError
 */
export function refuseBeginning(from: number, now: number): void {
  if (from < 0) {
    throw new UsageError("--from is before 1970-01-01T00:00:00Z, the earliest timestamp in Kafka");
  }
  if (from > now) throw new UsageError("--from is in the future");
}
