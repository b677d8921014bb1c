import type { CodeEntry, CodeMap } from "../codes/code-map.ts";
import type { Cells } from "../ledger/cells.ts";
import { definitions } from "./definitions.ts";
import { headOf, pairsOf } from "./text.ts";

/** Whose codes are described, and which codes of others have judged receipts as a fallback. */
export type Described = Pick<Cells, "providers" | "borrowed">;

/**
 * `dlr_code_info` as Prometheus text. A large map has thousands of series with long labels, and none of them changes until
 * another map is loaded or another provider's receipts come: they are written once for each.
 *
 * Only providers that somebody reads are described: the packaged packs have three thousand codes, and a scrape would
 * carry all of them for nothing.
 */
export class CodeInfoText {
  #map: CodeMap | undefined;
  #of = "";
  #text = "";

  /** The metric with its head; no line break at the end. */
  write(map: CodeMap, described: Described): string {
    const of = [...described.providers, "", ...described.borrowed.keys()].sort().join("\n");
    if (map !== this.#map || of !== this.#of) {
      this.#text = [headOf(definitions.codeInfo), ...seriesOf(map, described)].join("\n");
      this.#map = map;
      this.#of = of;
    }
    return this.#text;
  }
}

function seriesOf(map: CodeMap, { providers, borrowed }: Described): string[] {
  const tables = map
    .providers()
    .filter((provider) => providers.has(provider))
    .flatMap((provider) => map.scopes(provider).flatMap((scope) => map.table(provider, scope) ?? []));
  return [
    ...tables.flatMap(({ provider, entries }) => entries.map((entry) => seriesOfCode(provider, entry, {}))),
    ...[...borrowed.values()].map(({ provider, entry }) =>
      seriesOfCode(provider, entry, { fallback: entry.provider }),
    ),
  ];
}

/** @param provider whose receipts have the code: it is the one that their counts have */
function seriesOfCode(
  provider: string,
  { scope, code, category, fault, en, zh, remedyEn, remedy }: CodeEntry,
  judgedBy: { readonly fallback?: string },
): string {
  const labels = {
    ...{ provider, scope, code, category, fault },
    ...{ description: en, description_zh: zh, remedy: remedyEn ?? "", remedy_zh: remedy ?? "", ...judgedBy },
  };
  return `${definitions.codeInfo.name}{${pairsOf(labels)}} 1`;
}
