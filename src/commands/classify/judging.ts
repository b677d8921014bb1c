import type { CodeMap } from "../../codes/code-map.ts";
import { loadConfiguration } from "../../config/configuration.ts";
import { settingFlags } from "../../config/fields.ts";
import type { Settings, TopicSettings } from "../../config/schema.ts";
import type { Problem } from "../../diagnostics.ts";
import { type CommandFlag, type Io, UsageError } from "../command.ts";
import type { Values } from "../history-flags.ts";
import { printProblems } from "../problems.ts";

/** What codes and files of records are judged by without Kafka. */
export interface Judging {
  readonly settings: Settings;
  readonly map: CodeMap;
  /** What works and should be mended nevertheless. */
  readonly warnings: readonly Problem[];
}

/** The flags that say how a file of records is read. */
export const inputFlags: readonly CommandFlag[] = [
  ...flagsOf("scope", "provider", "format", "code-map", "code-maps", "config"),
  { name: "topic", value: "T", about: "Read the records as this topic of the configuration file" },
];

/**
 * Loads settings and code map as `run` would.
 *
 * @param values of flags that are settings, by name
 * @returns an exit code when there are problems, which it has printed then
 * @throws UsageError for the format `json` without the topic whose JSON Pointers it follows
 */
export async function loadJudging(values: Values, io: Io): Promise<Judging | number> {
  const config = values.config ?? io.env.DLR_CONFIG;
  const topic = values.topic ?? io.env.DLR_TOPICS;
  if (values.format === "json" && (!config || !topic)) {
    throw new UsageError("--format json needs --config FILE --topic TOPIC for its JSON Pointers");
  }
  const loaded = await loadConfiguration({ flags: values, env: io.env });
  if ("problems" in loaded) return printProblems(loaded.problems, io);
  return { settings: loaded.settings, map: loaded.map.map, warnings: loaded.warnings };
}

/**
 * The topic whose records a file holds.
 *
 * @throws UsageError when the settings have several, and none was chosen
 */
export function onlyTopic({ topics, patterns }: Settings): TopicSettings {
  const [topic, ...others] = topics;
  if (topic !== undefined && others.length + patterns.length === 0) return topic;
  const names = [...topics.map((each) => each.topic), ...patterns.map(({ pattern }) => pattern)].join(", ");
  throw new UsageError(`the configuration has several topics (${names}); choose one with --topic`);
}

/**
 * The provider and the scope that every topic has: what was said by flag or variable, or by the file of its only topic.
 * Undefined is what nobody said.
 */
export function commonTable(settings: Settings): Pick<TopicSettings, "provider"> & { scope?: string } {
  const [first, ...others] = [...settings.topics, ...settings.patterns];
  const provider = first?.provider;
  const scope = first?.shape.scope;
  return {
    provider: others.every((other) => other.provider === provider) ? provider : undefined,
    ...(scope !== undefined && others.every((other) => other.shape.scope === scope) ? { scope } : {}),
  };
}

function flagsOf(...names: readonly string[]): CommandFlag[] {
  return settingFlags.filter(({ name }) => names.includes(name));
}
