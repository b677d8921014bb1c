import type { CodeMap } from "../codes/code-map.ts";
import type { Settings } from "../config/schema.ts";
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
  readonly warnings: readonly Problem[];
  readonly map: LoadedMap;
  readonly compare: LoadedMap | undefined;
  readonly quiet: boolean;
  /** The command that replays the same whenever it is given; undefined when this one does. */
  readonly fixed: string | undefined;
}
