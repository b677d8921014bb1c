import type { Settings } from "../config/schema.ts";
import { UsageError } from "./command.ts";

/**
 * Sees to it that all topics are known by their names: a command that reads a stretch of their logs looks for no others.
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
