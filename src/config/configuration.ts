import type { CodeMap } from "../codes/code-map.ts";
import { loadCodeMap } from "../codes/load.ts";
import { type MapSources, sourcesOf } from "../codes/map-files.ts";
import type { Override } from "../codes/merge.ts";
import type { MergedFormats } from "../codes/merge-formats.ts";
import { firstProblems, type Problem } from "../diagnostics.ts";
import type { EffectiveSetting } from "./effective.ts";
import { configFile, fields } from "./fields.ts";
import { resolveTopics, wrongFormats } from "./formats.ts";
import { type LoadedSettings, loadSettings, type SettingSources, saidOutside } from "./load.ts";
import { namesNotInMap } from "./map-names.ts";
import type { Settings } from "./schema.ts";

/** Settings and the code map that goes with them: all that a command needs to start. */
export interface Configuration {
  readonly settings: Settings;
  /** The path of the configuration file; undefined without one. */
  readonly file: string | undefined;
  /** Every setting in force, and where it came from. */
  readonly effective: readonly EffectiveSetting[];
  /** What works and should be mended nevertheless. */
  readonly warnings: readonly Problem[];
  readonly map: ConfiguredMap;
  /** What keeps another map from taking the place of this one: topics that name what it does not have. */
  objectionsTo(map: CodeMap): readonly Problem[];
}

export interface Refusal {
  readonly problems: readonly Problem[];
  /** The settings in force, where all problems are the map's own. */
  readonly effective: readonly EffectiveSetting[];
}

export interface ConfiguredMap {
  readonly sources: MapSources;
  /** The files in their order, and what the later ones take from the earlier. */
  readonly files: readonly string[];
  readonly overrides: readonly Override[];
  /** What the packs say of formats. */
  readonly formats: Omit<MergedFormats, "problems">;
  readonly map: CodeMap;
  /** How many test rows it has; all of them hold. */
  readonly tests: number;
}

/**
 * Loads settings and code map, and sees whether they fit. Every command starts with it, so that what `check` refuses is
 * refused by all, in the same words.
 *
 * @returns what to start with, or all problems at once: those of the map do not wait for those of the settings
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

/** The code map that is meant, also where other settings are wrong; undefined when nobody can tell. */
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

/** Problems where none was told before: a provider that is no name at all is not in the map either. */
function unless(told: readonly Problem[], problems: readonly Problem[]): readonly Problem[] {
  const isTold = ({ file, line, column }: Problem) =>
    told.some((one) => one.file === file && one.line === line && one.column === column);
  return problems.filter((problem) => !isTold(problem));
}
