import type { CodeMap } from "../../codes/code-map.ts";
import type { Settings, TargetSettings } from "../../config/schema.ts";
import type { Problem } from "../../diagnostics.ts";
import type { ReplayArguments, Sinks } from "./request.ts";

/** What a result is made with, and where it goes. */
export interface Delivery {
  readonly sinks: Sinks;
  readonly timeoutMs: number;
  readonly settings: Pick<Settings, "topics" | "unknownCodes" | "dimensionValues">;
  /** How targets are reached, read anew: tokens in files are renewed while a replay reads for hours. */
  readonly targetNow: () => TargetSettings;
  readonly map: CodeMap;
  /** Whether another map was held against it. */
  readonly compared: boolean;
  readonly quiet: boolean;
}

/** A replay with all that it takes: what was asked for, the settings and the maps. */
export interface ReplayJob extends Delivery, Omit<ReplayArguments, "compare"> {
  readonly settings: Settings;
  readonly warnings: readonly Problem[];
  readonly compare: CodeMap | undefined;
  /** The command that replays the same whenever it is given; undefined when this one does. */
  readonly fixed: string | undefined;
}
