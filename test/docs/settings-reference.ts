import { textOf } from "../../src/config/effective.ts";
import { configFile, type Field, fields } from "../../src/config/fields.ts";

/**
 * The reference of all settings as a Markdown table: file key, flag, environment variable, default, meaning.
 * docs/configuration.md holds it between the markers `settings:begin` and `settings:end`.
 */
export function settingsReference(): string {
  const rows = [
    row("", `--${configFile.flag.name} ${configFile.flag.value}`, configFile.env, "none", configFile.about),
    ...fields.map((field) =>
      row(
        field.secret ? "" : field.key,
        field.flag && `--${field.flag.name} ${field.flag.value}`,
        field.env,
        defaultOf(field),
        field.about,
      ),
    ),
  ];
  return ["| key | flag | variable | default | |", "|---|---|---|---|---|", ...rows].join("\n");
}

function row(
  key: string,
  flag: string | undefined,
  env: string | undefined,
  initial: string,
  about: string,
): string {
  const code = (text: string | undefined) => (text ? `\`${text}\`` : "");
  return `| ${code(key)} | ${code(flag)} | ${code(env)} | ${initial} | ${about} |`;
}

function defaultOf({ absent, default: initial }: Field): string {
  if (absent !== undefined) return absent;
  const text = textOf(initial);
  return text ? `\`${text}\`` : "";
}
