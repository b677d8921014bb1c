import type { CodeMap } from "../codes/code-map.ts";
import { definitions } from "./definitions.ts";
import { headOf, pairsOf } from "./text.ts";

/**
 * `dlr_code_info` as Prometheus text. A large map has thousands of series with long labels, and none of them changes until
 * another map is loaded: they are written once for each map.
 */
export class CodeInfoText {
  #map: CodeMap | undefined;
  #text = "";

  /** The metric with its head; no line break at the end. */
  write(map: CodeMap): string {
    if (map !== this.#map) {
      this.#text = [headOf(definitions.codeInfo), ...seriesOf(map)].join("\n");
      this.#map = map;
    }
    return this.#text;
  }
}

function seriesOf(map: CodeMap): string[] {
  const tables = map
    .providers()
    .flatMap((provider) => map.scopes(provider).flatMap((scope) => map.table(provider, scope) ?? []));
  return tables.flatMap(({ provider, entries }) =>
    entries.map(({ scope, code, category, fault, en, zh, remedyEn, remedy }) => {
      const labels = {
        ...{ provider, scope, code, category, fault },
        ...{ description: en, description_zh: zh, remedy: remedyEn ?? "", remedy_zh: remedy ?? "" },
      };
      return `${definitions.codeInfo.name}{${pairsOf(labels)}} 1`;
    }),
  );
}
