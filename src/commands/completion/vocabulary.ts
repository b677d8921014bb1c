import { type CodeMap, confidences } from "../../codes/code-map.ts";
import { channels, outcomes } from "../../codes/verdict.ts";
import { formatNames } from "../../config/formats.ts";
import { logLevels } from "../../config/schema.ts";
import type { DescribedFormat } from "../../receipts/formats/named.ts";
import { ignoredKinds, malformedReasons } from "../../receipts/receipt.ts";
import type { Command } from "../command.ts";

/** What a shell offers after a flag; nothing for one without a value. */
type Offer =
  | { readonly kind: "nothing" }
  | { readonly kind: "files" }
  /** A value that can't be completed. */
  | { readonly kind: "text" }
  | { readonly kind: "words"; readonly words: readonly string[] };

/** A flag as a shell completes it. */
export interface OfferedFlag {
  /** Without the dashes. */
  readonly name: string;
  readonly about: string;
  readonly list: boolean;
  readonly offer: Offer;
}

/** A command as a shell completes it. */
export interface OfferedCommand {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly OfferedFlag[];
  /** The words for its first argument; empty if it takes none. */
  readonly words: readonly string[];
  /** Those followed by file names. */
  readonly filesBehind: readonly string[];
}

/**
 * Everything that can be completed: the program's commands and flags, and the values of flags with a closed set.
 *
 * @param map its providers, scopes and categories are offered
 * @param described the formats of its packs
 */
export function vocabularyOf(
  commands: readonly Command[],
  map: CodeMap,
  described: readonly DescribedFormat[],
): OfferedCommand[] {
  const sets = valueSets(map, described);
  const help = {
    name: "help",
    summary: "says more of a command",
    flags: [],
    words: commands.map(({ name }) => name),
    filesBehind: [],
  };
  const offered = commands.map(({ name, summary, flags, words = {} }) => ({
    name,
    summary,
    flags: [
      ...flags.map((flag) => ({
        name: flag.name,
        about: flag.about,
        list: flag.list ?? false,
        offer: offerOf(flag.name, flag.value, sets),
      })),
      { name: "help", about: "Say more of this command", list: false, offer: { kind: "nothing" } as const },
    ],
    words: Object.keys(words),
    filesBehind: Object.keys(words).filter((word) => words[word] === "files"),
  }));
  return [...offered, help];
}

function offerOf(
  name: string,
  value: string | undefined,
  sets: ReadonlyMap<string, readonly string[]>,
): Offer {
  if (value === undefined) return { kind: "nothing" };
  const words = sets.get(`${name} ${value}`);
  if (words !== undefined) return { kind: "words", words };
  return /^(?:FILE|F,F)$/.test(value) ? { kind: "files" } : { kind: "text" };
}

/** The closed sets, by flag and placeholder, since `--malformed` takes a number elsewhere. */
function valueSets(map: CodeMap, described: readonly DescribedFormat[]): Map<string, readonly string[]> {
  const providers = map.providers();
  return new Map<string, readonly string[]>([
    ["format F", formatNames(described)],
    ["log-level L", logLevels],
    ["provider P", providers],
    ["scope S", [...new Set(providers.flatMap((provider) => map.scopes(provider)))]],
    ["category C", [...map.categories.keys()]],
    ["outcome O", outcomes],
    ["channel C", channels],
    ["confidence C", confidences],
    ["malformed REASON", malformedReasons],
    ["ignored KIND", ignoredKinds],
    ["reason R", [...malformedReasons, ...ignoredKinds]],
    ["output O", ["table", "json"]],
    ["report R", ["table", "json", "csv"]],
    ["as A", ["counter", "gauge"]],
    ["by B", ["event", "record"]],
    ["accept A", ["high"]],
  ]);
}
