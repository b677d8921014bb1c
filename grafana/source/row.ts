import type { Text } from "./language.ts";
import type { PanelSource } from "./panels/frame.ts";

/** Panels under one heading, from left to right and top to bottom. */
export interface Row {
  readonly title: Text;
  readonly panels: readonly PanelSource[];
}
