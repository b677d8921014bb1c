import { parseArgs } from "node:util";
import { didYouMean } from "../diagnostics.ts";
import { type CommandFlag, UsageError } from "./command.ts";

export interface ParsedFlags {
  /** By name. The last value of a repeated flag is used, unless it is a list. */
  readonly values: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The flags without a value that were given. */
  readonly switches: ReadonlySet<string>;
  readonly positionals: readonly string[];
}

/**
 * Parses a command's arguments: `--name value`, `--name=value` and positional ones. A lone `-` is a value (standard
 * input); after `--` everything is positional.
 *
 * @throws UsageError for an unknown flag (with the most similar one) or a missing value
 */
export function parseFlags(flags: readonly CommandFlag[], args: readonly string[]): ParsedFlags {
  const options = Object.fromEntries(
    flags.map(({ name, value, list }) => [
      name,
      { type: value === undefined ? "boolean" : "string", multiple: list ?? false } as const,
    ]),
  );
  const { tokens, values, positionals } = parseArgs({
    args: [...args],
    options,
    allowPositionals: true,
    // Checked below: node's own messages suggest no similar flag.
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    if (!Object.hasOwn(options, token.name)) throw unknownFlag(token.rawName, flags);
    if (options[token.name]?.type === "boolean") {
      if (token.value !== undefined) throw new UsageError(`${token.rawName} takes no value`);
      continue;
    }
    // A time such as -3h is a value; anything else with a dash is the next flag.
    const isFlag = token.inlineValue === false && /^-[^\d]/.test(token.value);
    if (token.value === undefined || isFlag) throw new UsageError(`${token.rawName} needs a value`);
  }
  const given = Object.entries(values);
  const isSwitch = ([name]: readonly [string, unknown]) => options[name]?.type === "boolean";
  return {
    values: Object.fromEntries(given.filter((entry) => !isSwitch(entry))) as ParsedFlags["values"],
    switches: new Set(given.filter(isSwitch).map(([name]) => name)),
    positionals,
  };
}

/** The flags as lines of a help text. */
export function describeFlags(flags: readonly CommandFlag[]): string {
  const names = flags.map(({ name, value }) => (value === undefined ? `--${name}` : `--${name} ${value}`));
  const width = Math.max(...names.map((name) => name.length));
  return flags
    .map(
      ({ about, list }, index) =>
        `  ${names[index]?.padEnd(width)}  ${about}${list ? " (repeatable)" : ""}\n`,
    )
    .join("");
}

function unknownFlag(given: string, flags: readonly CommandFlag[]): UsageError {
  const meant = didYouMean(
    given,
    flags.map(({ name }) => `--${name}`),
  );
  return new UsageError(`unknown flag ${given}${meant === undefined ? "" : `; did you mean ${meant}?`}`);
}
