import type { CodeMap } from "../codes/code-map.ts";
import type { RecordShape } from "../receipts/decode.ts";
import { anyApiScope } from "../receipts/receipt.ts";

/**
 * The scopes whose codes a topic of this shape can carry: their series exist at 0 from the start.
 *
 * @param provider the topic's provider; undefined is `aliyun`
 */
export function scopesOf(map: CodeMap, provider: string | undefined, shape: RecordShape): string[] {
  const listed = map.scopes(provider ?? "aliyun");
  const tables = listed.flatMap((scope) => map.table(provider ?? "aliyun", scope) ?? []);
  const apis = tables
    .filter(({ kind, scope }) => kind === "api" || scope === anyApiScope)
    .map(({ scope }) => scope);
  switch (shape.format) {
    case "auto":
      return listed;
    case "top-response":
      return apis;
    case "tmc-voice":
    case "aliyun-voice":
      return shape.scope === undefined ? ["voice_receipt", "voice_smart_status"] : [shape.scope];
    case "tmc-sms":
    case "aliyun-sms":
    case "tencent":
      return [shape.scope ?? "sms_receipt"];
    case "json":
      return shape.scope === undefined ? [] : [shape.scope];
  }
}
