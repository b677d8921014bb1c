import { classify, type Verdict } from "../codes/classify.ts";
import type { CodeMap } from "../codes/code-map.ts";
import type { Channel } from "../codes/verdict.ts";
import type { TopicSettings } from "../config/schema.ts";
import type { Receipt } from "../receipts/receipt.ts";

/**
 * How `run` counts one receipt of a topic.
 *
 * @param topic its provider takes precedence over the receipt's own, the default is `aliyun`; its channel is used for
 *   scopes that the map does not have
 */
export function verdictOf(
  map: CodeMap,
  topic: Pick<TopicSettings, "provider" | "fallback" | "channel">,
  { provider: own, scope, flag, code }: Pick<Receipt, "provider" | "scope" | "flag" | "code">,
): Verdict & { readonly provider: string; readonly channel: Channel } {
  const provider = topic.provider ?? own ?? "aliyun";
  const channel = map.table(provider, scope)?.channel ?? topic.channel ?? "unknown";
  return { provider, channel, ...classify(map, provider, scope, flag, code, topic.fallback) };
}
