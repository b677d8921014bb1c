import { type ReplayArguments, readArguments } from "../../src/commands/replay/request.ts";
import { resolveTopics } from "../../src/config/formats.ts";
import { loadSettings } from "../../src/config/load.ts";

const now = Date.parse("2026-11-24T04:00:30.500Z");
export const base = { from: "-3h", to: "now" };

/** What the flags ask for, on a topic in China unless its zone is given. */
export function asked(
  flags: Readonly<Record<string, string>>,
  minutes = 480,
  env: Readonly<Record<string, string>> = {},
): ReplayArguments {
  const loaded = loadSettings({ flags: { topic: ["t"] }, env });
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems));
  const topics = loaded.settings.topics.map((topic) => ({
    ...topic,
    shape: { ...topic.shape, utcOffsetMinutes: minutes },
  }));
  return readArguments(flags, { ...loaded.settings, ...resolveTopics(topics, []) }, now);
}
