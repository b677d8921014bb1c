import type { CodeMap } from "../codes/code-map.ts";
import { didYouMean, type Problem } from "../diagnostics.ts";
import type { DescribedFormat } from "../receipts/formats/named.ts";
import { keyOf, type Path, type SettingsDocument } from "./document.ts";

/** The providers of a format for topics that name none: some shapes contain it. */
function usualProviders(format: string, described: readonly DescribedFormat[]): readonly string[] {
  if (format === "auto") return ["aliyun", "tencent"];
  const shapes = described.find(({ name }) => name === format)?.descriptions ?? [];
  const told = shapes.flatMap(({ provider }) => provider ?? []);
  return told.length > 0 ? told : ["aliyun"];
}

/**
 * Providers and scopes of topics that the code map does not have, each reported once where it was set. All codes of
 * such a topic would count as unknown. A scope with a `channel` is intentionally not in the map.
 */
export function namesNotInMap(
  map: CodeMap,
  described: readonly DescribedFormat[],
  document: SettingsDocument,
): Problem[] {
  const topics = document.get(["topics"]);
  if (!Array.isArray(topics)) return [];
  const problems = topics.flatMap((_, index): Problem[] => {
    const say = (name: string) => {
      const value = document.get(["topics", index, name]);
      return typeof value === "string" ? value : undefined;
    };
    const place = (path: Path, { message, hint }: { message: string; hint: string }): Problem => ({
      ...document.placeOf(path),
      message: `${keyOf(path)} ${message}`,
      hint,
    });
    const others = document.get(["topics", index, "fallback"]);
    const strangers = (Array.isArray(others) ? others : []).flatMap((provider, at) => {
      const unlisted = typeof provider === "string" ? unlistedName(map, provider, undefined, []) : undefined;
      return unlisted === undefined ? [] : [place(["topics", index, "fallback", at], unlisted)];
    });
    const said = document.get(["topics", index, "formats"]);
    const formats = Array.isArray(said) ? said.map(String) : [say("format") ?? "auto"];
    const usual = [...new Set(formats.flatMap((format) => usualProviders(format, described)))];
    const unlisted = unlistedName(map, say("provider"), say("scope"), usual);
    // a topic with a channel says that the map does not have its scope
    const isMeant = unlisted?.name === "scope" && say("channel") !== undefined;
    if (unlisted === undefined || isMeant) return strangers;
    return [place(["topics", index, unlisted.name], unlisted), ...strangers];
  });
  // a flag or variable applies to every topic
  return problems.filter(
    ({ file, line }, index) => line > 0 || index === problems.findIndex((first) => first.file === file),
  );
}

/**
 * A provider or scope that the map does not have: the provider, if it is both.
 *
 * @param usual the providers whose scopes apply if none is named
 * @returns which of the two, the problem, and what to do; undefined when the map has both
 */
export function unlistedName(
  map: CodeMap,
  provider: string | undefined,
  scope: string | undefined,
  usual: readonly string[],
): { readonly name: "provider" | "scope"; readonly message: string; readonly hint: string } | undefined {
  const providers = map.providers();
  const must = (name: string, value: string) => `must be a ${name} of the code map, not \`${value}\``;
  if (provider !== undefined && !providers.includes(provider)) {
    const hint = hintOf(provider, providers, "The code map has");
    return { name: "provider", message: must("provider", provider), hint };
  }
  if (scope === undefined) return undefined;
  const meant = provider === undefined ? usual : [provider];
  const known = [...new Set(meant.flatMap((own) => map.scopes(own)))];
  if (known.includes(scope)) return undefined;
  const others = providers.filter((own) => map.scopes(own).includes(scope));
  const hint =
    others.length > 0
      ? `It is a scope of the provider ${others.join(", ")}; set that provider.`
      : hintOf(
          scope,
          known,
          `For ${meant.join(" and ")} the code map has`,
          "or a `channel` in the configuration file",
        );
  return { name: "scope", message: must("scope", scope), hint };
}

function hintOf(word: string, known: readonly string[], lead: string, instead = ""): string {
  const meant = didYouMean(word, known);
  if (meant !== undefined) return `Did you mean \`${meant}\`?`;
  const needs = ["a table there (it may be empty)", instead].filter((one) => one !== "").join(", ");
  return `${lead} ${known.join(", ") || "none"}; a new one needs ${needs}.`;
}
