import { MappingType, type ValueMapping } from "@grafana/grafana-foundation-sdk/dashboard";
import { categoryColours } from "../colours.ts";
import type { Context } from "../context.ts";
import type { Words } from "../language.ts";

/** Maps values to words and colours. */
export function valueMapping(
  words: readonly (readonly [value: string, words: Words, color: string | undefined])[],
  { say }: Context,
): ValueMapping[] {
  const options = words.map(([value, text, color], index) => [
    value,
    { text: say(text), index, ...(color === undefined ? {} : { color }) },
  ]);
  return [{ type: MappingType.ValueToText, options: Object.fromEntries(options) }];
}

/** The names and colours of the categories. */
export function categoryMapping(context: Context): ValueMapping[] {
  return valueMapping(
    [...context.categories].map(([category, name]) => [category, name, categoryColours[category]] as const),
    context,
  );
}
