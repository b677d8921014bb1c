import type { Place } from "../diagnostics.ts";
import { looksSecret } from "../schema/values.ts";
import { keyOf, type Path, type SettingsDocument } from "./document.ts";
import { type Field, fields } from "./fields.ts";

/** An effective setting, as text, with its source. */
export interface EffectiveSetting {
  readonly key: string;
  /** `(hidden)` for a secret, or what looks like one. */
  readonly value: string;
  /** `default`, the flag or variable, or `file:line:column`. */
  readonly source: string;
}

/** Every setting that has a value, in schema order, topic by topic. */
export function effectiveSettings(document: SettingsDocument): EffectiveSetting[] {
  const topics = document.get(["topics"]);
  const ofTopics = fields.filter((field) => isOfTopic(field));
  return fields.flatMap((field) => {
    if (isOfTopic(field)) return [];
    if (field.key !== "topics" || !Array.isArray(topics)) return inForce(field, field.path, document);
    return topics.flatMap((_, index) =>
      ofTopics.flatMap((own) =>
        document
          .placesOf(["topics", ...own.path.slice(1)])
          .filter((path) => path[1] === index)
          .flatMap((path) => inForce(own, path, document)),
      ),
    );
  });
}

function isOfTopic(field: Field): boolean {
  return field.path[0] === "topics" && field.path.length > 1;
}

/** @param path the field's own, with an index for `*` */
function inForce(field: Field, path: Path, document: SettingsDocument): EffectiveSetting[] {
  const inAbsentGroup = path.length > 1 && document.get(path.slice(0, -1)) === undefined;
  const said = document.get(path);
  const value = textOf(said ?? field.default);
  if (value === undefined || inAbsentGroup) return [];
  const source = said === undefined ? "default" : sourceOf(document.placeOf(path));
  return [
    {
      key: keyOf(path),
      value: field.secret || field.hidden || looksSecret(value) ? "(hidden)" : value,
      source,
    },
  ];
}

/** A default or value as text; undefined for mappings and lists of mappings. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  const flat = Array.isArray(value) && value.every((item) => typeof item === "string");
  return flat ? value.join(",") : undefined;
}

function sourceOf({ file, line, column }: Place): string {
  return line === 0 ? file : `${file}:${line}:${column}`;
}
