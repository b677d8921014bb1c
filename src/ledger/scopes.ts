import type { CodeMap } from "../codes/code-map.ts";
import type { RecordShape } from "../receipts/decode.ts";
import { answers } from "../receipts/formats/named.ts";
import { anyApiScope } from "../receipts/receipt.ts";

/**
 * The scopes of the codes that a topic of this shape can have: their series exist at 0 from the start.
 *
 * @param provider the topic's provider; undefined is `aliyun`
 */
export function scopesOf(map: CodeMap, provider: string | undefined, shape: RecordShape): string[] {
  const listed = map.scopes(provider ?? "aliyun");
  const tables = listed.flatMap((scope) => map.table(provider ?? "aliyun", scope) ?? []);
  const apis = tables
    .filter(({ kind, scope }) => kind === "api" || scope === anyApiScope)
    .map(({ scope }) => scope);
  const scopes = shape.formats.flatMap(({ name, descriptions }): readonly string[] => {
    if (shape.auto && name !== "json") return listed;
    if (name === answers) return apis;
    const named = descriptions.flatMap(({ codes }) => codes.map(({ scope }) => scope));
    return shape.scope === undefined || name === "json" ? named : [shape.scope];
  });
  return [...new Set(scopes)];
}
