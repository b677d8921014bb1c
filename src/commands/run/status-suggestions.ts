import type { CodeMap } from "../../codes/code-map.ts";
import { codeOfLabel } from "../../codes/label.ts";
import type { SuggestedVerdict, Suggester, Suggestions } from "../../codes/suggest.ts";
import { mostRows, type SuggestionStatus, type UnknownCodeStatus } from "../../http/status.ts";
import { suggestionsJson } from "../suggestion-words.ts";
import { Insertable } from "../unknown/insert.ts";
import { patchOf } from "../unknown/patch.ts";
import { type CountedCode, momentOf } from "./status-counts.ts";

/**
 * An unlisted code with the readings of other tables, and the map that would list it: what `codes unknown --patch`
 * would write.
 *
 * @param suggester of the map
 */
export function unknownCodeOf(map: CodeMap, suggester: Suggester, counted: CountedCode): UnknownCodeStatus {
  const { counter, count, sinceStart, firstAt, lastAt } = counted;
  const { provider, scope, code } = counter;
  const all = suggester.of(provider, scope, codeOfLabel(code) ?? "");
  const shown = { ...all, verdicts: all.verdicts.slice(0, mostRows.suggestions) };
  const { agreement, suggestions } = suggestionsJson(shown);
  return {
    ...{ provider, scope, code, count, since_start: sinceStart },
    first_seen: firstAt === undefined ? null : momentOf(firstAt),
    last_seen: lastAt === undefined ? null : momentOf(lastAt),
    agreement,
    suggestions: suggestions.map((one): SuggestionStatus => {
      const { en = one.category, zh = one.category } = map.categories.get(one.category) ?? {};
      const said_by = one.said_by.slice(0, mostRows.said_by);
      return { ...one, name: { en, zh }, said_by, more: one.said_by.length - said_by.length };
    }),
    more_suggestions: all.verdicts.length - shown.verdicts.length,
    yaml: yamlOf(map, counted, { ...shown, verdicts: shown.verdicts.map(inShort) }),
  };
}

function inShort({ suggestions: [first, ...others], ...verdict }: SuggestedVerdict): SuggestedVerdict {
  return { ...verdict, suggestions: [first, ...others.slice(0, mostRows.said_by - 1)] };
}

/** A guess must not look like a table's entry: if it is no more than that, everything is commented out. */
function yamlOf(map: CodeMap, { counter, count, firstAt, lastAt }: CountedCode, suggestions: Suggestions) {
  const isFirm = suggestions.agreement === "agreed" || suggestions.agreement === "single";
  const verdicts = isFirm ? suggestions.verdicts.slice(0, 1) : suggestions.verdicts;
  if (verdicts.length === 0) return null;
  const suspect = { ...counter, count, share: undefined, firstAt, lastAt, suggestions };
  const file = new Insertable("", "");
  const writing = { map, isComment: false, utcOffsetMinutes: 0 };
  const { tree, added } = patchOf([{ suspect, verdicts }], file, "", writing);
  if (added.length === 0) return null;
  const text = file.with(tree, false);
  return isFirm ? text : text.replace(/^(?=.)/gm, "# ");
}
