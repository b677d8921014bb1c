import { didYouMean, type Problem } from "../diagnostics.ts";

/** Message and hint for a mistake, in configuration files and code maps alike. */
export type Said = Pick<Problem, "message" | "hint">;

/** Follows the name of an empty text. */
export const mustNotBeEmpty = "must not be empty";

/**
 * A syntax error. Quotes from the file are dropped, since they may be secrets; so is advice to the parser's caller at
 * the end of some messages.
 *
 * @param message the parser's
 */
export function notYaml(message: string): Said {
  const words = message
    .replace(/(?:: "|(?<=extra characters|YAML token|tag):|(?<=escape sequence) ).*$/s, "")
    .replace(/; please use .*$/s, "");
  return {
    message: `not valid YAML: ${words}`,
    hint: "Look at the indentation, colons and quotes around it.",
  };
}

/** Its name is not shown: it may be a password that starts with an asterisk. */
export const danglingAlias: Said = {
  message: "alias without an anchor before it",
  hint: "Define the anchor before its first use; quote text that begins with `*`.",
};

/** @param what what is not a mapping */
export function notMapping(what: string): Said {
  return { message: `${what} must be a mapping`, hint: "Write lines of `key: value`." };
}

/** @param what what must be a mapping, but contains only comments */
export function emptyMapping(what: string): Said {
  return {
    message: `${what} is empty`,
    hint: "Write lines of `key: value`, or uncomment those you need.",
  };
}

/** @param what what is not a list */
export function notList(what: string): Said {
  return { message: `${what} must be a list`, hint: "Write lines that begin with `- `." };
}

/** @param what what is a mapping or a list */
export function notSingle(what: string): Said {
  return {
    message: `${what} must be a single value`,
    hint: "Write a single value, not a mapping or a list.",
  };
}

/**
 * @param group the mapping that has the key
 * @param known the valid keys
 */
export function unknownKey(key: string, group: string, known: readonly string[]): Said {
  return { message: `unknown key "${key}" in ${group}`, hint: suggestion(key, known) };
}

/**
 * @param key undefined when it must not be shown
 * @param group the mapping that has it twice
 * @param first where it is first, and how it is spelt there
 */
export function duplicateKey(
  key: string | undefined,
  group: string,
  first: { readonly line: number; readonly key: string | undefined },
): Said {
  const shown = key === undefined ? "duplicate key" : `duplicate key "${key}"`;
  const spelt = first.key === key ? "" : ` as "${first.key}"`;
  return {
    message: `${shown} in ${group}`,
    hint: `Remove one: it is already in line ${first.line}${spelt}.`,
  };
}

/** Larger sets are neither searched for similar words nor listed: there may be a problem on each line. */
const maxSuggested = 100;

/** Suggests a valid word for an unknown one. */
export function suggestion(word: string, known: readonly string[]): string {
  if (known.length > maxSuggested) return `Use one of the ${known.length} that are defined.`;
  const near = didYouMean(word, known);
  return near === undefined ? `Use one of: ${known.join(", ")}.` : `Did you mean \`${near}\`?`;
}
