import { parseArgs } from "node:util";
import { didYouMean } from "../diagnostics.ts";
import { type CommandFlag, UsageError } from "./command.ts";

export interface ParsedFlags {
  /** By name. A flag that is no list and is repeated keeps the last value. */
  readonly values: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly positionals: readonly string[];
}

/**
 * Parses a command's arguments: `--name value` or `--name=value`, and what is no flag. A lone `-` is a value
 * (standard input); after `--` everything is positional.
 *
 * @throws UsageError for an unknown flag (with the one that was probably meant) or a missing value
 */
export function parseFlags(flags: readonly CommandFlag[], args: readonly string[]): ParsedFlags {
  const options = Object.fromEntries(
    flags.map(({ name, list }) => [name, { type: "string", multiple: list ?? false } as const]),
  );
  const { tokens, values, positionals } = parseArgs({
    args: [...args],
    options,
    allowPositionals: true,
    // Strictness is here, below: node's own messages name no likely flag.
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    if (!Object.hasOwn(options, token.name)) throw unknownFlag(token.rawName, flags);
    const isFlag = token.inlineValue === false && /^-./.test(token.value);
    if (token.value === undefined || isFlag) throw new UsageError(`${token.rawName} needs a value`);
  }
  return { values: values as ParsedFlags["values"], positionals };
}

/** The flags as lines of a help text. */
export function describeFlags(flags: readonly CommandFlag[]): string {
  const names = flags.map(({ name, value }) => `--${name} ${value}`);
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
  return new UsageError(`there is no flag ${given}${meant === undefined ? "" : `; did you mean ${meant}?`}`);
}
