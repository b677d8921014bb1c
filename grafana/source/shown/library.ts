import { createRequire } from "node:module";
import type { DataFrame, DataTransformerConfig, FieldConfigPropertyItem } from "@grafana/data";

/**
 * Grafana's own library: what it makes of an answer is what Grafana shows. It is required, since Node.js finds no `tz`
 * in moment-timezone for its modules.
 */
export const grafana: typeof import("@grafana/data") = createRequire(import.meta.url)("@grafana/data");

/** Grafana's dark theme. */
export const theme = grafana.createTheme({ colors: { mode: "dark" } });

grafana.standardTransformersRegistry.setInit(() =>
  // some have two names there
  [...new Set(Object.values(grafana.standardTransformers))].map((transformer) => ({
    id: transformer.id,
    name: transformer.name,
    transformation: async () => transformer,
    editor: () => null,
    imageDark: "",
    imageLight: "",
  })),
);

const isNumber: FieldConfigPropertyItem["shouldApply"] = ({ type }) => type === grafana.FieldType.number;
const isNoTime: FieldConfigPropertyItem["shouldApply"] = ({ type }) => type !== grafana.FieldType.time;
const always = () => true;

/**
 * The settings of a field, and which fields have each: as Grafana's server of pages registers them, in
 * public/app/core/components/OptionsUI/registry.tsx. That file is in no package.
 */
const standard: readonly (readonly [
  id: string,
  shouldApply: FieldConfigPropertyItem["shouldApply"],
  process: FieldConfigPropertyItem["process"],
])[] = [
  ["unit", always, grafana.stringOverrideProcessor],
  ["min", isNumber, grafana.numberOverrideProcessor],
  ["max", isNumber, grafana.numberOverrideProcessor],
  ["decimals", isNumber, grafana.numberOverrideProcessor],
  ["displayName", always, grafana.displayNameOverrideProcessor],
  ["color", always, grafana.identityOverrideProcessor],
  ["noValue", always, grafana.stringOverrideProcessor],
  ["links", always, grafana.dataLinksOverrideProcessor],
  ["mappings", isNoTime, grafana.valueMappingsOverrideProcessor],
  ["thresholds", always, grafana.thresholdsOverrideProcessor],
];

/** Those that the kinds of panel add, of which the dashboards use these. */
const ofPanels = ["width", "cellOptions", "hideFrom", "lineStyle", "fillOpacity", "stacking"];

export const fieldSettings = new grafana.FieldConfigOptionsRegistry(() => [
  ...standard.map(([id, shouldApply, process]) => setting(id, id, shouldApply, process)),
  ...ofPanels.map((path) => ({
    ...setting(`custom.${path}`, path, always, grafana.identityOverrideProcessor),
    isCustom: true,
  })),
]);

function setting(
  id: string,
  path: string,
  shouldApply: FieldConfigPropertyItem["shouldApply"],
  process: FieldConfigPropertyItem["process"],
): FieldConfigPropertyItem {
  return { id, path, name: id, shouldApply, process, editor: () => null, override: () => null };
}

/**
 * Runs a panel's transformations. Grafana's function looks for a page, so there is an empty one for as long.
 *
 * @returns the frames that come out of them
 */
export async function transformed(
  frames: DataFrame[],
  transformations: readonly DataTransformerConfig[],
): Promise<DataFrame[]> {
  const page = Object.getOwnPropertyDescriptor(globalThis, "window");
  if (page === undefined) Object.defineProperty(globalThis, "window", { value: {}, configurable: true });
  try {
    const context = { interpolate: (text: string) => text };
    return await new Promise((resolve, reject) => {
      grafana
        .transformDataFrame([...transformations], frames, context)
        .subscribe({ next: resolve, error: reject });
    });
  } finally {
    if (page === undefined) Reflect.deleteProperty(globalThis, "window");
  }
}
