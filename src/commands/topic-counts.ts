import type { CodeMap } from "../codes/code-map.ts";
import type { Settings, TopicSettings } from "../config/schema.ts";
import { type Budget, budgetOf, shortageOf } from "../ledger/budget.ts";
import type { CountsOptions } from "../ledger/counts.ts";
import { scopesOf } from "../ledger/scopes.ts";

/** How the partitions of a topic are counted by a map. */
export function countsOptionsOf(
  { provider, channel, shape }: TopicSettings,
  { unknownCodes }: Settings,
  map: CodeMap,
): CountsOptions & { readonly scopes: readonly string[] } {
  return { map, provider, unknownCodes, scopes: scopesOf(map, provider, shape), channel };
}

/** What the counts of a topic take at the configured limit. */
export interface TopicBudget extends Budget {
  readonly topic: string;
  /** Why nothing of the topic could be kept; undefined when it can. */
  readonly shortage: string | undefined;
}

/** The budgets of all configured topics. */
export function topicBudgets(settings: Settings, map: CodeMap): TopicBudget[] {
  const { metadataLimit: limit } = settings;
  return settings.topics.map((topic) => {
    const budget = budgetOf(countsOptionsOf(topic, settings, map), limit);
    return { topic: topic.topic, ...budget, shortage: shortageOf(topic.topic, budget, limit) };
  });
}
