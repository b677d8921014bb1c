import { didYouMean, type Problem } from "../diagnostics.ts";

/** What is said of a mistake, in a configuration file and in a code map alike. */
export type Said = Pick<Problem, "message" | "hint">;

/** To stand behind the name of a text that is empty. */
export const mustNotBeEmpty = "must not be empty";

/**
 * What the syntax forbids. What the parser quotes of the file is left out, since it may be a secret; so is the advice
 * to the parser's caller that some of its messages end in.
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

/** Its name is left out: it may be a password that begins with an asterisk. */
export const danglingAlias: Said = {
  message: "alias without an anchor before it",
  hint: "Define the anchor before its first use; quote text that begins with `*`.",
};

/** @param what what is no mapping */
export function notMapping(what: string): Said {
  return { message: `${what} must be a mapping`, hint: "Write lines of `key: value`." };
}

/** @param what where a mapping has to stand, and nothing does but comments */
export function emptyMapping(what: string): Said {
  return {
    message: `${what} is empty`,
    hint: "Write lines of `key: value`, or uncomment those you need.",
  };
}

/** @param what what is no list */
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
 * @param known the keys that it may have
 */
export function unknownKey(key: string, group: string, known: readonly string[]): Said {
  return { message: `unknown key "${key}" in ${group}`, hint: suggestion(key, known) };
}

/**
 * @param key undefined when it must not be shown
 * @param group the mapping that has it twice
 * @param first where it stands first, and how it is spelt there
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

/** More words than these are neither compared with a misspelt one nor listed: there may be a problem for each line. */
const maxSuggested = 100;

/** What to write in place of a word that is none of those known. */
export function suggestion(word: string, known: readonly string[]): string {
  if (known.length > maxSuggested) return `Use one of the ${known.length} that are defined.`;
  const near = didYouMean(word, known);
  return near === undefined ? `Use one of: ${known.join(", ")}.` : `Did you mean \`${near}\`?`;
}
