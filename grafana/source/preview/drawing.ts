import type { Chart } from "./model.ts";
import type { Range, Series } from "./source.ts";

/** What a panel is drawn from. */
export interface Drawing {
  readonly panel: Chart;
  /** One for each of the panel's queries, in their order. */
  readonly answers: readonly (readonly Series[])[];
  readonly range: Range;
  /** Between two values of a line, in s. */
  readonly step: number;
  /** Of the room inside the panel, in pixels. */
  readonly width: number;
  readonly height: number;
}

/** What a panel of numbers of one moment is drawn from. */
export type Momentary = Pick<Drawing, "panel" | "answers" | "width" | "height">;
