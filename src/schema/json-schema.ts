import { z } from "zod";
import { entryOf, jsonParts, mappingOf, settingDocs } from "./values.ts";

type Json = Record<string, unknown>;

/**
 * The JSON Schema (2020-12) of a YAML file that a schema reads. The program takes every scalar as text, and an editor
 * takes `1` and `yes` for what they look like: where a text belongs, numbers and booleans may stand.
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
  // A key is a text, whatever it looks like.
  if (schema instanceof z.ZodRecord) json.propertyNames = { type: "string" };
  if (schema instanceof z.ZodObject) withoutSecrets(schema, json);
  if (json.type === "string") json.type = ["string", "number", "boolean"];
  if (schema instanceof z.ZodEnum) Object.assign(json, { type: undefined, enum: asRead(json.enum) });
  Object.assign(json, jsonParts.get(schema));
  if (doc !== undefined) json.description = doc.about;
  // What is said in other words is no value, or one of this machine.
  if (doc?.absent !== undefined) delete json.default;
  for (const [key, value] of Object.entries(json)) if (value === undefined) delete json[key];
}

/** Secrets are refused in a file. */
function withoutSecrets(schema: z.ZodObject, json: Json): void {
  const properties = json.properties as Json | undefined;
  for (const [key, child] of Object.entries(schema.shape)) {
    if (settingDocs.get(child as z.ZodType)?.secret) delete properties?.[key];
  }
}

/** Words as texts, and as what an editor takes them for. */
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
