import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  RowBuilder,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { annotations } from "./annotations.ts";
import { createContext } from "./context.ts";
import { type Language, languages, type Text, uidSuffix } from "./language.ts";
import type { Row } from "./row.ts";
import { variables } from "./variables.ts";

/** A dashboard in all its languages. */
export interface DashboardSource {
  /** Of the English one. */
  readonly uid: string;
  readonly title: Text;
  readonly description: Text;
  readonly rows: readonly Row[];
  /** The dashboard that a link leads to. */
  readonly other: { readonly uid: string; readonly title: Text };
  /** It is about processes: instances can be chosen. */
  readonly processes: boolean;
}

/**
 * Draws a dashboard in a language, in Grafana's classic schema, which Grafana 11 to 13 read.
 *
 * @param categories the names of the code map's categories
 * @throws Error when a panel links to one that is not there
 */
export function buildDashboard(
  source: DashboardSource,
  language: Language,
  categories: ReadonlyMap<string, Text>,
): Dashboard {
  const uid = `${source.uid}${uidSuffix(language)}`;
  const context = createContext(language, uid, panelIds(source), categories);
  const { say } = context;
  const builder = new DashboardBuilder(say(source.title))
    .uid(uid)
    .description(say(source.description))
    .tags(["dlr-exporter"])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: "now-6h", to: "now" })
    .refresh("1m")
    .timezone("browser")
    .variables(variables(source.processes, context))
    .annotations(annotations(context))
    .links([
      link(say(source.other.title), `${source.other.uid}${uidSuffix(language)}`),
      ...languages
        .filter((other) => other !== language)
        .map((other) => link(languageNames[other], `${source.uid}${uidSuffix(other)}`)),
    ]);
  for (const row of source.rows) {
    builder.withRow(new RowBuilder(say(row.title)));
    for (const panel of row.panels) builder.withPanel(panel.draw(context));
  }
  return numbered(builder.build());
}

const languageNames: Readonly<Record<Language, string>> = { en: "English", zh: "中文" };

function link(title: string, uid: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title)
    .type(DashboardLinkType.Link)
    .url(`/d/${uid}`)
    .icon("dashboard")
    .keepTime(true)
    .includeVars(true);
}

/** The ids that the panels get, rows counted too. @returns by English title */
function panelIds({ rows }: DashboardSource): Map<string, number> {
  const all = rows.flatMap(({ panels }) => [undefined, ...panels]);
  return new Map(all.flatMap((panel, index) => (panel === undefined ? [] : [[panel.title.en, index + 1]])));
}

/** The builders leave the ids out: panels are numbered in the order that they stand in. */
function numbered(dashboard: Dashboard): Dashboard {
  return {
    ...dashboard,
    panels: dashboard.panels?.map((panel, index) => ({ ...panel, id: index + 1 })) ?? [],
  };
}
