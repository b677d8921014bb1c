import type { CodeMap } from "../../codes/code-map.ts";
import { loadConfiguration } from "../../config/configuration.ts";
import { settingFlags } from "../../config/fields.ts";
import type { Settings, TopicSettings } from "../../config/schema.ts";
import type { Problem } from "../../diagnostics.ts";
import { type CommandFlag, type Io, UsageError } from "../command.ts";
import type { Values } from "../history-flags.ts";
import { printProblems } from "../problems.ts";

/** What classification without Kafka needs. */
export interface Judging {
  readonly settings: Settings;
  readonly map: CodeMap;
  /** Things that work, but should be fixed. */
  readonly warnings: readonly Problem[];
}

/** The flags for reading a file of records. */
export const inputFlags: readonly CommandFlag[] = [
  ...flagsOf("scope", "provider", "format", "code-map", "code-maps", "config"),
  { name: "topic", value: "T", about: "Read the records as this topic of the configuration file" },
];

/**
 * Loads settings and code map like `run`.
 *
 * @param values of settings flags, by name
 * @returns an exit code if there are problems, after printing them
 * @throws UsageError for the format `json` without a topic that has its JSON Pointers
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
 * The topic whose records a file contains.
 *
 * @throws UsageError when several are configured, and none was chosen
 */
export function onlyTopic({ topics, patterns }: Settings): TopicSettings {
  const [topic, ...others] = topics;
  if (topic !== undefined && others.length + patterns.length === 0) return topic;
  const names = [...topics.map((each) => each.topic), ...patterns.map(({ pattern }) => pattern)].join(", ");
  throw new UsageError(`the configuration has several topics (${names}); choose one with --topic`);
}

/**
 * The provider and the scope of every topic: from flag or variable, or from the file's only topic. Undefined if not
 * set.
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
