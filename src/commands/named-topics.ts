import type { Settings } from "../config/schema.ts";
import { UsageError } from "./command.ts";

/**
 * Makes sure that all topics are given by name: a command that reads history does not search for topics.
 *
 * @throws UsageError when the configuration has patterns, and no topic was chosen
 */
export function requireNames({ patterns }: Settings): void {
  const [first] = patterns;
  if (first === undefined) return;
  throw new UsageError(
    `the configuration has topics by pattern (${first.pattern}); say which ones with --topic, and each keeps its settings`,
  );
}
