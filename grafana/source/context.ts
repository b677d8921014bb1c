import { inLanguage, type Language, type Text, uidSuffix, type Words } from "./language.ts";

/** What a panel needs to know of the dashboard that it is drawn for. */
export interface Context {
  readonly language: Language;
  /** The names of the code map's categories. */
  readonly categories: ReadonlyMap<string, Text>;
  /** Its words in the dashboard's language. */
  say(words: Words): string;
  /** The address of a panel of the same dashboard, by its English title. @throws Error when there is none */
  panelUrl(title: string): string;
  /** The address of another dashboard in the same language, by its English uid. */
  dashboardUrl(uid: string): string;
}

/** Grafana puts the time range and the chosen variables in. */
const keepTimeAndVariables = "$__url_time_range&$__all_variables";

/**
 * @param uid of the dashboard, in its language
 * @param panelIds of its panels, by English title
 * @param categories their names, from the code map
 */
export function createContext(
  language: Language,
  uid: string,
  panelIds: ReadonlyMap<string, number>,
  categories: ReadonlyMap<string, Text>,
): Context {
  return {
    language,
    categories,
    say: (words) => inLanguage(words, language),
    panelUrl: (title) => {
      const id = panelIds.get(title);
      if (id === undefined) throw new Error(`no panel is titled ${title}`);
      return `/d/${uid}?viewPanel=${id}&${keepTimeAndVariables}`;
    },
    dashboardUrl: (other) => `/d/${other}${uidSuffix(language)}?${keepTimeAndVariables}`,
  };
}
