import type { CodeMap } from "../codes/code-map.ts";
import { loadCodeMap } from "../codes/load.ts";
import { type MapSources, sourcesOf } from "../codes/map-files.ts";
import type { MergedFormats } from "../codes/merge-formats.ts";
import type { Override } from "../codes/merge.ts";
import { firstProblems, type Problem } from "../diagnostics.ts";
import type { EffectiveSetting } from "./effective.ts";
import { configFile, fields } from "./fields.ts";
import { resolveTopics, wrongFormats } from "./formats.ts";
import { type LoadedSettings, loadSettings, type SettingSources, saidOutside } from "./load.ts";
import { namesNotInMap } from "./map-names.ts";
import type { Settings } from "./schema.ts";

/** Settings and their code map: everything that a command needs to start. */
export interface Configuration {
  readonly settings: Settings;
  /** The path of the configuration file; undefined without one. */
  readonly file: string | undefined;
  /** Every effective setting, with its source. */
  readonly effective: readonly EffectiveSetting[];
  /** Things that work, but should be fixed. */
  readonly warnings: readonly Problem[];
  readonly map: ConfiguredMap;
  /** Why another map can't replace this one: topics that use names it does not have. */
  objectionsTo(map: CodeMap): readonly Problem[];
}

export interface Refusal {
  readonly problems: readonly Problem[];
  /** The effective settings, if only the map has problems. */
  readonly effective: readonly EffectiveSetting[];
}

export interface ConfiguredMap {
  readonly sources: MapSources;
  /** The files in order, and what later ones override in earlier ones. */
  readonly files: readonly string[];
  readonly overrides: readonly Override[];
  /** The formats of the packs. */
  readonly formats: Omit<MergedFormats, "problems">;
  readonly map: CodeMap;
  /** The number of test rows; all of them pass. */
  readonly tests: number;
}

/**
 * Loads settings and code map, and checks them against each other. Every command starts with it, so that all accept
 * what `check` accepts, with the same messages.
 *
 * @returns what to start with, or all problems at once: those of the map are reported together with those of the
 *   settings
 */
export async function loadConfiguration(sources: SettingSources): Promise<Configuration | Refusal> {
  const loaded = loadSettings(sources);
  const files = mapSources(loaded, sources);
  const parsed = files === undefined ? undefined : await loadCodeMap(files);
  const told: readonly Problem[] = "problems" in loaded ? loaded.problems : [];
  const { document } = loaded;
  const described = parsed === undefined || "problems" in parsed ? [] : parsed.formats.formats;
  const objectionsTo = (map: CodeMap) =>
    document === undefined ? [] : namesNotInMap(map, described, document);
  const ofMap =
    parsed === undefined
      ? []
      : "problems" in parsed
        ? parsed.problems
        : unless(told, [
            ...(document === undefined ? [] : wrongFormats(described, document)),
            ...objectionsTo(parsed.map),
          ]);
  const problems = [...firstProblems(told), ...ofMap];
  if ("problems" in loaded || parsed === undefined || "problems" in parsed || problems.length > 0) {
    const mapAlone = "settings" in loaded && parsed !== undefined && "problems" in parsed;
    return { problems, effective: mapAlone ? loaded.effective : [] };
  }
  const { effective, warnings } = loaded;
  const settings = { ...loaded.settings, ...resolveTopics(loaded.settings.topics, described) };
  const map = {
    ...parsed,
    sources: sourcesOf(settings.codeMap, settings.codeMaps),
    tests: parsed.tests.length,
  };
  return { settings, file: fileOf(sources), effective, warnings, map, objectionsTo };
}

function fileOf(sources: SettingSources): string | undefined {
  const file = saidOutside({ ...configFile, list: false }, sources);
  return file === undefined ? undefined : String(file.value);
}

/** The code map that is meant, even if other settings are wrong; undefined if that can't be told. */
function mapSources(loaded: LoadedSettings, sources: SettingSources): MapSources | undefined {
  if ("settings" in loaded) return sourcesOf(loaded.settings.codeMap, loaded.settings.codeMaps);
  const { document } = loaded;
  const saidOf = (key: string) => {
    const field = fields.find((one) => one.key === key);
    if (field === undefined) return undefined;
    const said = document === undefined ? saidOutside(field, sources)?.value : document.get(field.path);
    return said ?? (document === undefined ? undefined : field.default);
  };
  const [base, layers = []] = [saidOf("code_map"), saidOf("code_maps")];
  const areTexts = Array.isArray(layers) && layers.every((one) => typeof one === "string" && one !== "");
  return typeof base === "string" && base !== "" && areTexts ? sourcesOf(base, layers) : undefined;
}

/** Problems unless earlier ones explain them: a provider whose name is invalid is not in the map either. */
function unless(told: readonly Problem[], problems: readonly Problem[]): readonly Problem[] {
  const isTold = ({ file, line, column }: Problem) =>
    told.some((one) => one.file === file && one.line === line && one.column === column);
  return problems.filter((problem) => !isTold(problem));
}
