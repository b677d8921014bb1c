import type { RecordShape } from "./decode.ts";
import type { DimensionValues } from "./dimensions/dimension-values.ts";
import type { Description } from "./formats/description.ts";
import type { CompileOptions } from "./formats/format.ts";
import { answers } from "./formats/named.ts";

/** One shape of a topic's receipts. */
export interface TopicShape {
  /** The name of its format. */
  readonly name: string;
  readonly description: Description;
  readonly options: CompileOptions;
}

/**
 * The shapes of a topic's formats, in the order in which they are tried.
 *
 * @param values reads the topic's dimensions, if it has any
 */
export function shapesOf(shape: RecordShape, values: DimensionValues | undefined): TopicShape[] {
  const { utcOffsetMinutes } = shape;
  const key = shape.duplicates?.key;
  return shape.formats.flatMap(({ name, descriptions }) => {
    // Shapes from a configuration have their own scopes, with the topic's as default.
    const scope = name === "json" ? undefined : shape.scope;
    const options = { scope, utcOffsetMinutes, values, key };
    return descriptions.map((description) => ({ name, description, options }));
  });
}

/** Whether a shape of the topic names where segments are. */
export function namesSegments({ formats }: RecordShape): boolean {
  return formats.some(({ descriptions }) => descriptions.some(({ segments }) => segments !== undefined));
}

/** Whether a topic's records may be API responses, which have no description. */
export function readsAnswers({ formats }: RecordShape): boolean {
  return formats.some(({ name }) => name === answers);
}
