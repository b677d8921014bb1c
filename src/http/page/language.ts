import { weightsOf } from "../request-headers.ts";

/** The languages of the page. */
export const languages = ["en", "zh"] as const;
export type Language = (typeof languages)[number];

/**
 * The language to answer in.
 *
 * @param accepted the header Accept-Language (RFC 9110, section 12.5.4): of two with the same weight, the first;
 *   ranges such as `zh-Hant-TW` match by their primary language
 * @param asked the language in the query; it takes precedence if the page has it
 * @returns English if nothing matches
 */
export function languageOf(accepted: string | undefined, asked: string | null): Language {
  const chosen = languages.find((language) => language === asked);
  if (chosen !== undefined) return chosen;
  const weights = weightsOf(accepted ?? "");
  const ranges = [...weights];
  const best = { language: "en" as Language, weight: 0, at: Number.POSITIVE_INFINITY };
  for (const language of languages) {
    const named = ranges.flatMap(([range, weight], at) =>
      range === language || range.startsWith(`${language}-`) ? { weight, at } : [],
    );
    const others = { weight: weights.get("*") ?? 0, at: ranges.length };
    const { weight, at } = named.sort((a, b) => b.weight - a.weight || a.at - b.at)[0] ?? others;
    if (weight > best.weight || (weight === best.weight && weight > 0 && at < best.at)) {
      Object.assign(best, { language, weight, at });
    }
  }
  return best.language;
}
