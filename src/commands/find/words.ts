import type { CodeMap } from "../../codes/code-map.ts";
import { normaliseCode } from "../../codes/normalise.ts";
import type { RecordShape } from "../../receipts/decode.ts";
import { worked } from "../../receipts/formats/flag.ts";

/**
 * The codes and states that are certainly no personal data: all codes of the map, and the values in the topic's
 * shapes.
 *
 * @returns as comparison keys of `normaliseCode`
 */
export function wordsOf(map: CodeMap, { formats }: RecordShape): ReadonlySet<string> {
  const codes = map.tables.flatMap(({ entries }) => entries.map(({ code }) => code));
  const shapes = formats.flatMap(({ descriptions }) => descriptions);
  const states = shapes.flatMap(({ flag, when }) => {
    const { delivered, failed, accepted, refused, none, pending } = flag ?? {};
    const said = [delivered, failed, accepted, refused, none, pending].flatMap((words) => words ?? []);
    const tested = when.flat().flatMap((test) => ("is" in test ? test.is : []));
    return [...said, ...tested];
  });
  return new Set([...codes, ...worked.yes, ...worked.no, ...states].map(normaliseCode));
}
