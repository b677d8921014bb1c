import { isDeepStrictEqual } from "node:util";
import type { Problem } from "../diagnostics.ts";
import { inAutoOrder } from "../receipts/formats/named.ts";
import type { Layer, LayerFormat } from "./layer.ts";

/** A format that two files of one provider describe differently. */
export interface FormatOverride {
  /** In the later file, which takes precedence. */
  readonly winner: LayerFormat;
  readonly loser: LayerFormat;
}

/** The formats of all files. */
export interface MergedFormats {
  /** In the order in which `auto` tries them. */
  readonly formats: readonly LayerFormat[];
  readonly overrides: readonly FormatOverride[];
  /** Formats of two providers with the same name. */
  readonly problems: readonly Problem[];
}

/**
 * Merges the formats of all files. If two packs of one provider describe a format of the same name, the later one
 * replaces it; two providers cannot share a name.
 *
 * @param layers in order
 */
export function mergeFormats(layers: readonly Layer[]): MergedFormats {
  const byName = new Map<string, LayerFormat>();
  const overrides: FormatOverride[] = [];
  const problems: Problem[] = [];
  for (const format of layers.flatMap((layer) => layer.formats)) {
    const first = byName.get(format.name);
    if (first !== undefined && first.provider !== format.provider) {
      const { file, line } = first.place;
      const message = `format "${format.name}" is ${first.provider}'s already, in ${file}:${line}`;
      const hint = "Give it another name, or remove one of the two files.";
      problems.push({ ...format.place, message, hint });
      continue;
    }
    const isSame = isDeepStrictEqual(first?.descriptions, format.descriptions);
    if (first !== undefined && !isSame) overrides.push({ winner: format, loser: first });
    byName.set(format.name, format);
  }
  return { formats: inAutoOrder([...byName.values()]), overrides, problems };
}
