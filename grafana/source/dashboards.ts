import { fileURLToPath } from "node:url";
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { loadCodeMap } from "../../src/codes/load.ts";
import { buildDashboard } from "./build.ts";
import { exporter } from "./exporter/exporter.ts";
import { languages, uidSuffix } from "./language.ts";
import { overview } from "./overview/overview.ts";

/** A file of the repository. */
export interface DashboardFile {
  /** Relative to the top of the repository. */
  readonly path: string;
  readonly text: string;
}

/**
 * Every dashboard in every language, as its file is to be.
 *
 * @throws Error when the packaged code map, which the categories are named by, has problems
 */
export async function dashboardFiles(): Promise<DashboardFile[]> {
  const loaded = await loadCodeMap(fileURLToPath(new URL("../../config/code-map.yaml", import.meta.url)));
  if (!("map" in loaded)) throw new Error("config/code-map.yaml has problems: run dlr-exporter check");
  const { categories } = loaded.map;
  return languages.flatMap((language) =>
    [overview, exporter].map((source) => ({
      path: `grafana/dashboards${uidSuffix(language)}/${source.uid}${uidSuffix(language)}.json`,
      text: toText(buildDashboard(source, language, categories)),
    })),
  );
}

/**
 * JSON as the linter wants it: a list of simple values on one line. The builders move every link and annotation into
 * a menu, since that is the one place they know; without it they stand where they can be seen.
 */
function toText(dashboard: Dashboard): string {
  const text = JSON.stringify(
    dashboard,
    (key, value: unknown) => (key === "placement" && value === "inControlsMenu" ? undefined : value),
    2,
  );
  return `${text.replace(/\[\n\s+([^[\]{}]+?)\n\s+\]/g, (_, list: string) => `[${list.replace(/,\n\s+/g, ", ")}]`)}\n`;
}
