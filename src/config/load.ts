import type { Problem } from "../diagnostics.ts";
import { SettingsDocument } from "./document.ts";
import { type EffectiveSetting, effectiveSettings } from "./effective.ts";
import { unknownVariables } from "./environment.ts";
import { configFile, type Field, fields } from "./fields.ts";
import { readText, reasonOf } from "./files.ts";
import { outsideOfFile, problemsOf } from "./issues.ts";
import { openFiles } from "./open-files.ts";
import { type SaidSettings, settingsSchema } from "./schema.ts";
import { isLogin } from "./target-schema.ts";

export interface SettingSources {
  /** Flag values by name without dashes; repeated flags are lists. */
  readonly flags: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The environment. An empty variable counts as not set. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type LoadedSettings =
  | {
      readonly settings: SaidSettings;
      readonly effective: readonly EffectiveSetting[];
      /** Things that work, but should be fixed. */
      readonly warnings: readonly Problem[];
      readonly document: SettingsDocument;
    }
  | {
      readonly problems: readonly Problem[];
      /** The settings as written, as far as readable; undefined when the file can't be read. */
      readonly document: SettingsDocument | undefined;
    };

/**
 * Merges the settings (precedence: flags, environment, configuration file, defaults), and checks them.
 *
 * A topic given by flag or variable gets its format and so on from the file's entry of that name; the file's other
 * topics are dropped. `--format`, `--provider` and `--scope` apply to every topic.
 *
 * Reads the configuration file and the files that it names, except the code map.
 *
 * @returns the settings with their sources, or all problems at once
 */
export function loadSettings(sources: SettingSources): LoadedSettings {
  const unknown = unknownVariables(sources.env);
  const read = readFile(sources);
  if ("problems" in read) return { problems: [...unknown, ...read.problems], document: undefined };
  const { document } = read;

  const secrets = fields.filter(({ secret, path }) => secret && document.get(path) !== undefined);
  const secretsInFile = secrets.map((field) => secretInFile(field, document));
  for (const field of fields) {
    const said = saidOutside(field, sources);
    if (field.key === "topics" && (said !== undefined || document.get(["topics"]) === undefined)) {
      selectTopics(field, said, document);
    } else if (said !== undefined) {
      document.set(field.path, said.value, said.origin);
    }
  }
  for (const field of fields) {
    if (field.file) for (const place of document.placesOf(field.path)) document.resolveFile(place);
  }

  const parsed = settingsSchema.safeParse(document.toJS());
  const problems = [
    ...unknown,
    ...secretsInFile,
    ...document.repeatedKeys,
    ...repeatedTopics(document),
    ...loginsInSight(document),
    ...(parsed.success ? [] : problemsOf(parsed.error.issues, document)),
  ];
  if (!parsed.success || problems.length > 0) return { problems, document };
  const [effective, warnings] = [effectiveSettings(document), openFiles(document)];
  return { settings: parsed.data, effective, warnings, document };
}

interface Said {
  readonly value: string | readonly string[];
  /** The flag or variable. */
  readonly origin: string;
}

/** The value of a field from flag or variable; the flag takes precedence. */
export function saidOutside(
  field: Pick<Field, "flag" | "env" | "list" | "whole">,
  { flags, env }: SettingSources,
): Said | undefined {
  const flag = field.flag && flags[field.flag.name];
  if (field.flag !== undefined && flag !== undefined) return said(field, flag, `--${field.flag.name}`);
  const variable = field.env && env[field.env];
  return field.env !== undefined && variable ? said(field, variable, field.env) : undefined;
}

function said(field: Pick<Field, "list" | "whole">, given: string | readonly string[], origin: string): Said {
  const texts = [given].flat();
  if (!field.list) return { value: texts.at(-1) ?? "", origin };
  const items = texts.flatMap((text) => text.split(field.whole ? /\r?\n/ : ",")).map((item) => item.trim());
  return { value: items.filter((item) => item !== ""), origin };
}

function readFile(
  sources: SettingSources,
): { document: SettingsDocument } | { problems: readonly Problem[] } {
  const file = saidOutside({ ...configFile, list: false }, sources);
  if (file === undefined) return { document: new SettingsDocument("defaults", "") };
  const path = String(file.value);
  try {
    const document = new SettingsDocument(path, readText(path));
    return document.problems.length > 0 ? document : { document };
  } catch (error) {
    const message = `cannot read the configuration file ${path} (${reasonOf(error)})`;
    const hint = "Give the path of a YAML file, or no path to use the defaults.";
    return { problems: [{ file: file.origin, line: 0, column: 0, message, hint }] };
  }
}

function selectTopics(field: Field, chosen: Said | undefined, document: SettingsDocument): void {
  if (chosen === undefined) document.set(field.path, field.default, "default");
  else document.selectTopics([chosen.value].flat(), chosen.origin);
}

function secretInFile(field: Field, document: SettingsDocument): Problem {
  return {
    ...document.placeOfKey(field.path),
    message: `${field.key} is not allowed in the configuration file`,
    hint: outsideOfFile(field),
  };
}

/** Headers with a login where others can see them: on a command line, or in a shared file. */
function loginsInSight(document: SettingsDocument): Problem[] {
  const field = fields.find(({ key }) => key === "target.headers");
  const headers = field && document.get(field.path);
  if (field === undefined || !Array.isArray(headers)) return [];
  return headers.flatMap((header, index) => {
    const [, name = ""] = /^\s*([\w-]+)\s*:/.exec(String(header)) ?? [];
    const place = document.placeOf([...field.path, index]);
    if (!isLogin(name) || place.file === field.env) return [];
    return {
      ...place,
      message: `the header ${name} looks like a credential and is not allowed here, where others can see it`,
      hint: `Set the environment variable ${field.env}, or put it in a separate file and name that in target.headers_file.`,
    };
  });
}

/** A partition has one ledger, so a topic can be read in one way only. */
function repeatedTopics(document: SettingsDocument): Problem[] {
  const listed = document.get(["topics"]);
  if (!Array.isArray(listed)) return [];
  return ["topic", "pattern"].flatMap((key) => {
    const names = listed.map((_, index) => document.get(["topics", index, key]));
    return names.flatMap((name, index) => {
      const first = names.indexOf(name);
      if (name === undefined || first === index) return [];
      const { file, line } = document.placeOf(["topics", first, key]);
      return {
        ...document.placeOf(["topics", index, key]),
        message: `the ${key} ${String(name)} is listed twice`,
        hint: line === 0 ? `${file} names it before.` : `It is already in line ${line} of ${file}.`,
      };
    });
  });
}
