import type { CodeMap } from "../codes/code-map.ts";
import type { ReadSettings, Settings } from "../config/schema.ts";
import { type Budget, budgetOf, shortageOf } from "../ledger/budget.ts";
import type { CountsOptions } from "../ledger/counts-options.ts";
import { scopesOf } from "../ledger/scopes.ts";
import { namesSegments } from "../receipts/shapes.ts";

/** How the partitions of a topic are counted with a map. */
export function countsOptionsOf(
  { provider, fallback, channel, shape }: ReadSettings,
  { unknownCodes, dimensionValues }: Settings,
  map: CodeMap,
): CountsOptions & { readonly scopes: readonly string[] } {
  const dimensions = shape.dimensions.map(({ name }) => name);
  return {
    ...{ map, provider, fallback, unknownCodes, channel, dimensions, dimensionValues },
    segments: namesSegments(shape),
    window: shape.duplicates?.window,
    scopes: scopesOf(map, provider, shape),
  };
}

/** The size of a topic's counts at the configured limit. */
export interface TopicBudget extends Budget {
  /** Its name, or `matching` and a pattern. */
  readonly topic: string;
  /** The window for duplicates, in offsets; undefined if the topic does not look for them. */
  readonly window: number | undefined;
  /** Why the topic's counts can't be committed; undefined when they can. */
  readonly shortage: string | undefined;
}

/** The budgets of all configured topics, patterns last. */
export function topicBudgets(settings: Settings, map: CodeMap): TopicBudget[] {
  const { metadataLimit: limit } = settings;
  const budgetFor = (topic: string, read: ReadSettings) => {
    const budget = budgetOf(countsOptionsOf(read, settings, map), limit);
    return {
      topic,
      ...budget,
      window: read.shape.duplicates?.window,
      shortage: shortageOf(topic, budget, limit),
    };
  };
  return [
    ...settings.topics.map((own) => budgetFor(own.topic, own)),
    ...settings.patterns.map((own) => budgetFor(`matching ${own.pattern}`, own)),
  ];
}
