import type { CodeMap } from "../codes/code-map.ts";
import { loadCodeMap } from "../codes/load.ts";
import { settingFlags } from "../config/fields.ts";
import { type LoadedSettings, loadSettings } from "../config/load.ts";
import type { Settings, TopicSettings } from "../config/schema.ts";
import { didYouMean } from "../diagnostics.ts";
import { maskNumbers } from "../masking.ts";
import { type CommandFlag, type Io, UsageError } from "./command.ts";
import { printProblems } from "./problems.ts";

/** What codes and files of records are judged by without Kafka. */
export interface Judging {
  readonly settings: Settings;
  readonly map: CodeMap;
}

/** The flags that choose a code map. */
export const mapFlags: readonly CommandFlag[] = flagsOf("code-map", "config");

/** The flags that say how a file of records is read. */
export const inputFlags: readonly CommandFlag[] = [
  ...flagsOf("scope", "provider", "format", "code-map", "config"),
  { name: "topic", value: "T", about: "Read the records as this topic of the configuration file" },
];

/**
 * Loads settings and code map as `run` would.
 *
 * @param values of the flags above, by name
 * @returns an exit code when there are problems, which it has printed then
 * @throws UsageError for the format `json` without the topic whose JSON Pointers it follows
 */
export async function loadJudging(
  values: Readonly<Record<string, string | undefined>>,
  io: Io,
): Promise<Judging | number> {
  if (values.format === "json" && (values.config === undefined || values.topic === undefined)) {
    throw new UsageError("--format json needs --config FILE --topic TOPIC, whose JSON Pointers it follows");
  }
  const loaded: LoadedSettings = loadSettings({ flags: values, env: io.env });
  if ("problems" in loaded) return printProblems(loaded.problems, io);
  const parsed = await loadCodeMap(loaded.settings.codeMap);
  if ("problems" in parsed) return printProblems(parsed.problems, io);
  return { settings: loaded.settings, map: parsed.map };
}

/**
 * The topic whose records a file holds.
 *
 * @throws UsageError when the settings have several, and none was chosen
 */
export function onlyTopic({ topics }: Settings): TopicSettings {
  const [topic, ...others] = topics;
  if (topic !== undefined && others.length === 0) return topic;
  const names = topics.map((each) => each.topic).join(", ");
  throw new UsageError(`the configuration has several topics (${names}); say which one with --topic`);
}

/** A provider or scope without a table is no error (its codes are unknown), but perhaps a slip. */
export function noteUnlisted(map: CodeMap, provider: string, scope: string | undefined, io: Io): void {
  const [what, asked, known] = map.providers().includes(provider)
    ? ["scope", scope ?? "", map.scopes(provider)]
    : ["provider", provider, map.providers()];
  if (asked === "" || known.includes(asked)) return;
  const meant = didYouMean(asked, known);
  const hint = meant === undefined ? `it has ${known.join(", ")}` : `did you mean ${meant}?`;
  io.stderr.write(`note: the code map has no ${what} ${maskNumbers(asked)}; ${hint}\n`);
}

function flagsOf(...names: readonly string[]): CommandFlag[] {
  return settingFlags.filter(({ name }) => names.includes(name));
}
