import { codeOfLabel } from "../../codes/label.ts";
import type { Suggester, Suggestions } from "../../codes/suggest.ts";
import { localMinute, localTime } from "../../replay/report/local-time.ts";
import { spanWords } from "../../replay/spans.ts";
import { table } from "../../table.ts";
import { agreementWords, suggestionLines, suggestionsJson } from "../suggestion-words.ts";
import type { Occurrence } from "./occurrences.ts";

/** An unknown code with its readings in other tables. */
export interface Suspect extends Occurrence {
  readonly suggestions: Suggestions;
}

/** @param suggester of the map that does not list them */
export function suspectsOf(occurrences: readonly Occurrence[], suggester: Suggester): Suspect[] {
  return occurrences.map((one) => ({
    ...one,
    suggestions: suggester.of(one.provider, one.scope, codeOfLabel(one.code) ?? ""),
  }));
}

/**
 * The codes for programs.
 *
 * @param utcOffsetMinutes the time zone of times in the output
 */
export function suspectsJson(suspects: readonly Suspect[], utcOffsetMinutes: number): string {
  const time = (at: number | undefined) => (at === undefined ? null : localTime(at, utcOffsetMinutes));
  const plain = suspects.map(({ provider, channel, scope, code, outcome, count, share, ...own }) => ({
    ...{ provider, channel, scope, code, outcome, count },
    share: share === undefined ? null : Number(share.toPrecision(6)),
    first_seen: time(own.firstAt),
    last_seen: time(own.lastAt),
    ...suggestionsJson(own.suggestions),
  }));
  return `${JSON.stringify(plain, undefined, 2)}\n`;
}

/**
 * The codes for people: a table, followed by the suggestions for each.
 *
 * @param stepMs the resolution of the times, in ms
 */
export function suspectsInWords(
  suspects: readonly Suspect[],
  stepMs: number | undefined,
  utcOffsetMinutes: number,
): string {
  const time = (at: number | undefined) => (at === undefined ? "-" : localMinute(at, utcOffsetMinutes));
  const head = [
    "PROVIDER",
    "SCOPE",
    "CODE",
    "OUTCOME",
    "COUNT",
    "SHARE",
    "FIRST SEEN",
    "LAST SEEN",
    "SUGGESTED",
  ];
  const rows = suspects.map(
    ({ provider, scope, code, outcome, count, share, firstAt, lastAt, suggestions }) => {
      return [
        ...[provider, scope, code, outcome, count, shareWords(share), time(firstAt), time(lastAt)],
        inOneCell(suggestions),
      ];
    },
  );
  const steps =
    stepMs === undefined || stepMs <= 60_000 ? "" : `Times are accurate to ${spanWords(stepMs)}.\n`;
  const explained = oneOfEach(suspects)
    .filter(({ suggestions }) => suggestions.agreement !== "none")
    .map(
      ({ provider, scope, code, suggestions }) =>
        `\n${provider} ${scope} ${JSON.stringify(code)}: ${agreementWords(suggestions)}\n` +
        `${suggestionLines(suggestions).join("\n")}\n`,
    );
  return `${table([head, ...rows])}${steps}${explained.join("")}`;
}

/** One entry for each code, whatever the outcome: the first, with the receipts of all. */
export function oneOfEach(suspects: readonly Suspect[]): Suspect[] {
  const byCode = Map.groupBy(suspects, ({ provider, scope, code }) => `${provider} ${scope} ${code}`);
  return [...byCode.values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : { ...first, count: others.reduce((sum, { count }) => sum + count, first.count) },
  );
}

/** A share for people, such as `0.31 %`. */
export function shareWords(share: number | undefined): string {
  if (share === undefined) return "-";
  return `${share > 0 && share < 0.0001 ? "< 0.01" : (100 * share).toFixed(2)} %`;
}

function inOneCell({ agreement, verdicts: [first] }: Suggestions): string {
  if (first === undefined) return "-";
  return `${first.category}, ${agreement}`;
}
