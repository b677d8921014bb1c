import type { CodeMap } from "../codes/code-map.ts";
import type { Settings, TargetSettings } from "../config/schema.ts";
import type { Problem } from "../diagnostics.ts";
import type { ReplayArguments } from "./replay-request.ts";

/** A code map with the text it was made of. */
export interface LoadedMap {
  readonly file: string;
  readonly text: string;
  readonly map: CodeMap;
}

/** A replay with all that it takes: what was asked for, the settings and the maps. */
export interface ReplayJob extends Omit<ReplayArguments, "compare"> {
  readonly settings: Settings;
  /** How targets are reached, read anew: tokens in files are renewed while a replay reads for hours. */
  readonly targetNow: () => TargetSettings;
  readonly warnings: readonly Problem[];
  readonly map: LoadedMap;
  readonly compare: LoadedMap | undefined;
  readonly quiet: boolean;
}
