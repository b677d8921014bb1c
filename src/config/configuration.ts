import type { CodeMap } from "../codes/code-map.ts";
import { loadCodeMap } from "../codes/load.ts";
import type { Problem } from "../diagnostics.ts";
import type { EffectiveSetting } from "./effective.ts";
import { fields } from "./fields.ts";
import { type LoadedSettings, loadSettings, type SettingSources, saidOutside } from "./load.ts";
import { namesNotInMap } from "./map-names.ts";
import type { Settings } from "./schema.ts";

/** Settings and the code map that goes with them: all that a command needs to start. */
export interface Configuration {
  readonly settings: Settings;
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
  readonly file: string;
  readonly text: string;
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
  const file = mapFile(loaded, sources);
  const parsed = file === undefined ? undefined : await loadCodeMap(file);
  const problems: Problem[] = "problems" in loaded ? [...loaded.problems] : [];
  const { document } = loaded;
  const objectionsTo = (map: CodeMap) => (document === undefined ? [] : namesNotInMap(map, document));
  if (parsed !== undefined && "problems" in parsed) problems.push(...parsed.problems);
  else if (parsed !== undefined) problems.push(...unless(problems, objectionsTo(parsed.map)));
  if ("problems" in loaded || parsed === undefined || "problems" in parsed || problems.length > 0) {
    const mapAlone = "settings" in loaded && parsed !== undefined && "problems" in parsed;
    return { problems, effective: mapAlone ? loaded.effective : [] };
  }
  const { settings, effective, warnings } = loaded;
  const map = { file: settings.codeMap, text: parsed.text, map: parsed.map, tests: parsed.tests.length };
  return { settings, effective, warnings, map, objectionsTo };
}

/** The code map that is meant, also where other settings are wrong; undefined when nobody can tell. */
function mapFile(loaded: LoadedSettings, sources: SettingSources): string | undefined {
  if ("settings" in loaded) return loaded.settings.codeMap;
  const field = fields.find(({ key }) => key === "code_map");
  if (field === undefined) return undefined;
  const { document } = loaded;
  const said = document === undefined ? saidOutside(field, sources)?.value : document.get(field.path);
  const file = said ?? (document === undefined ? undefined : field.default);
  return typeof file === "string" && file !== "" ? file : undefined;
}

/** Problems where none was told before: a provider that is no name at all is not in the map either. */
function unless(told: readonly Problem[], problems: readonly Problem[]): readonly Problem[] {
  const isTold = ({ file, line, column }: Problem) =>
    told.some((one) => one.file === file && one.line === line && one.column === column);
  return problems.filter((problem) => !isTold(problem));
}
