import type { DataFrame } from "@grafana/data";
import type { Panel } from "../shown/model.ts";
import type { Range } from "./source.ts";

/** What a panel is drawn from. */
export interface Drawing {
  readonly panel: Panel;
  /** With what Grafana's library made of the answers. */
  readonly frames: DataFrame[];
  readonly range: Range;
  /** Between two values of a line, in s. */
  readonly step: number;
  /** Of the room inside the panel, in pixels. */
  readonly width: number;
  readonly height: number;
}

/** What a panel of numbers of one moment is drawn from. */
export type Momentary = Pick<Drawing, "panel" | "frames" | "width" | "height">;
