import type { RecordShape } from "./decode.ts";
import type { DimensionValues } from "./dimensions/dimension-values.ts";
import type { Description } from "./formats/description.ts";
import type { CompileOptions } from "./formats/format.ts";
import { answers } from "./formats/named.ts";

/** One shape that a topic's receipts may have. */
export interface TopicShape {
  /** Of its format. */
  readonly name: string;
  readonly description: Description;
  readonly options: CompileOptions;
}

/**
 * The shapes of a topic's formats, in the order in which they are asked.
 *
 * @param values reads the topic's dimensions, where it has some
 */
export function shapesOf(shape: RecordShape, values: DimensionValues | undefined): TopicShape[] {
  const { utcOffsetMinutes } = shape;
  const key = shape.duplicates?.key;
  return shape.formats.flatMap(({ name, descriptions }) => {
    // Those of a configuration have scopes of their own, which are the topic's where they name none.
    const scope = name === "json" ? undefined : shape.scope;
    const options = { scope, utcOffsetMinutes, values, key };
    return descriptions.map((description) => ({ name, description, options }));
  });
}

/** Whether a topic's records may be answers of an API, which no description is for. */
export function readsAnswers({ formats }: RecordShape): boolean {
  return formats.some(({ name }) => name === answers);
}
