import type { CodeMap } from "../../codes/code-map.ts";
import type { Settings, TargetSettings } from "../../config/schema.ts";
import type { Problem } from "../../diagnostics.ts";
import type { ReplayArguments, Sinks } from "./request.ts";

/** How a result was made, and where it goes. */
export interface Delivery {
  readonly sinks: Sinks;
  readonly timeoutMs: number;
  readonly settings: Pick<Settings, "topics" | "unknownCodes" | "dimensionValues">;
  /** Rereads the targets' settings: tokens in files may be renewed while a replay reads for hours. */
  readonly targetNow: () => TargetSettings;
  readonly map: CodeMap;
  /** Whether it was compared with another map. */
  readonly compared: boolean;
  readonly quiet: boolean;
}

/** A replay with everything it needs: request, settings and maps. */
export interface ReplayJob extends Delivery, Omit<ReplayArguments, "compare"> {
  readonly settings: Settings;
  readonly warnings: readonly Problem[];
  readonly compare: CodeMap | undefined;
  /** The command that replays the same at any time; undefined when this one does. */
  readonly fixed: string | undefined;
}
