import type { CodeEntry, CodeMap } from "../codes/code-map.ts";
import type { Cells } from "../ledger/cells.ts";
import { definitions } from "./definitions.ts";
import { headOf, pairsOf } from "./text.ts";

/** The providers whose codes are described, and codes of other providers that were used as a fallback. */
export type Described = Pick<Cells, "providers" | "borrowed">;

/**
 * `dlr_code_info` as Prometheus text. A large map has thousands of series with long labels, and none changes until
 * another map is loaded or receipts of another provider arrive: they are written once for each.
 *
 * Only providers in use are described: the packaged packs have three thousand codes, and every scrape would carry
 * them for nothing.
 */
export class CodeInfoText {
  #map: CodeMap | undefined;
  #of = "";
  #text = "";

  /** The metric with HELP and TYPE; no trailing line break. */
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

/** @param provider the provider of the receipts with this code, as in their counts */
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
