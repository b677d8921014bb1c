import { z } from "zod";
import { entryOf, jsonParts, mappingOf, settingDocs } from "./values.ts";

type Json = Record<string, unknown>;

/**
 * The JSON Schema (2020-12) of a YAML file that a schema parses. The program takes every scalar as text, while
 * editors interpret `1` and `yes`: so where text is expected, numbers and booleans are allowed too.
 *
 * @param title what the file is
 */
export function jsonSchemaOf(schema: z.ZodType, title: string): Json {
  const { $schema, ...own } = convert(schema);
  return { $schema, title, ...own };
}

function convert(schema: z.ZodType): Json {
  return z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    reused: "inline",
    override({ zodSchema, jsonSchema }) {
      adapt(zodSchema as unknown as z.ZodType, jsonSchema as Json);
    },
  }) as Json;
}

function adapt(schema: z.ZodType, json: Json): void {
  const doc = settingDocs.get(schema);
  const entry = entryOf(schema);
  const mapping = mappingOf(schema);
  if (entry !== undefined) {
    const { $schema, ...one } = convert(entry);
    Object.assign(json, { anyOf: [one, { type: "array", items: one }] });
  } else if (mapping !== undefined) {
    const { $schema, ...whole } = convert(mapping);
    const { at } = (whole.properties ?? {}) as Record<string, Json>;
    Object.assign(json, { anyOf: [at, whole] });
  }
  // A key is text, whatever it looks like.
  if (schema instanceof z.ZodRecord) json.propertyNames = { type: "string" };
  if (schema instanceof z.ZodObject) withoutSecrets(schema, json);
  if (json.type === "string") json.type = ["string", "number", "boolean"];
  if (schema instanceof z.ZodEnum) Object.assign(json, { type: undefined, enum: asRead(json.enum) });
  Object.assign(json, jsonParts.get(schema));
  if (doc !== undefined) json.description = doc.about;
  // A default with a description of its own is not a value, or depends on the machine.
  if (doc?.absent !== undefined) delete json.default;
  for (const [key, value] of Object.entries(json)) if (value === undefined) delete json[key];
}

/** Secrets are not allowed in a file. */
function withoutSecrets(schema: z.ZodObject, json: Json): void {
  const properties = json.properties as Json | undefined;
  for (const [key, child] of Object.entries(schema.shape)) {
    if (settingDocs.get(child as z.ZodType)?.secret) delete properties?.[key];
  }
}

/** Words as text, and as what an editor interprets them as. */
function asRead(words: unknown): unknown[] {
  const twins: ReadonlyMap<unknown, unknown> = new Map<unknown, unknown>([
    ["true", true],
    ["false", false],
  ]);
  return (words as unknown[]).flatMap((word) => {
    if (twins.has(word)) return [word, twins.get(word)];
    return typeof word === "string" && /^\d+$/.test(word) ? [word, Number(word)] : [word];
  });
}
