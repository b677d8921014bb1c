import { classify, type Verdict } from "../codes/classify.ts";
import type { CodeMap } from "../codes/code-map.ts";
import type { Channel } from "../codes/verdict.ts";
import type { TopicSettings } from "../config/schema.ts";
import type { Receipt } from "../receipts/receipt.ts";

/**
 * What one receipt of a topic counts as, as `run` counts it.
 *
 * @param topic its provider goes before the receipt's own, and without both it is `aliyun`; its channel is that of scopes
 *   that the map does not have
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
