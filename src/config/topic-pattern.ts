import { compileExpression, expressionProblem } from "../expressions.ts";

/**
 * Whether a topic's whole name matches a pattern. Kafka's internal topics, `__…`, match none.
 *
 * @param pattern a valid one, see {@link expressionProblem}
 */
export function topicMatcher(pattern: string): (topic: string) => boolean {
  const compiled = compileExpression(pattern);
  return (topic) => !topic.startsWith("__") && compiled.matches(topic);
}

/** The same for a text that may not be a pattern, which matches nothing. */
export function isMatch(pattern: unknown, topic: string): boolean {
  return (
    typeof pattern === "string" && expressionProblem(pattern) === undefined && topicMatcher(pattern)(topic)
  );
}
