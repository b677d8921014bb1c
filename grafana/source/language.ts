export const languages = ["en", "zh"] as const;
export type Language = (typeof languages)[number];

/** What people read, in every language of the dashboards. */
export type Text = Readonly<Record<Language, string>>;

/** A text, or one string that is the same in every language. */
export type Words = Text | string;

/** @returns the words in this language */
export function inLanguage(words: Words, language: Language): string {
  return typeof words === "string" ? words : words[language];
}

/** The end of the uid of a dashboard in this language: English ones have none. */
export function uidSuffix(language: Language): string {
  return language === "en" ? "" : `-${language}`;
}
