import type { Path, Place, SettingsDocument } from "./document.ts";
import { type Field, fields } from "./fields.ts";
import { keyOf } from "./issues.ts";

/** A setting in force, as text, and where it came from. */
export interface EffectiveSetting {
  readonly key: string;
  /** `(hidden)` for a secret. */
  readonly value: string;
  /** `default`, the flag or variable, or `file:line:column`. */
  readonly source: string;
}

/** Every setting that has a value, in the order of the schema. */
export function effectiveSettings(document: SettingsDocument): EffectiveSetting[] {
  return fields.flatMap((field) =>
    expand(field.path, document).flatMap((path) => {
      const inAbsentGroup = path.length > 1 && document.get(path.slice(0, -1)) === undefined;
      if (inAbsentGroup) return [];
      const said = document.get(path);
      const value = textOf(said ?? field.default);
      if (value === undefined) return [];
      const source = said === undefined ? "default" : sourceOf(document.placeOf(path));
      return { key: keyOf(path), value: field.secret ? "(hidden)" : value, source };
    }),
  );
}

/** The text of a default or value; undefined for what has no text of its own: mappings and lists of them. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  const flat = Array.isArray(value) && value.every((item) => typeof item === "string");
  return flat ? value.join(",") : undefined;
}

/** The paths that a field's path stands for: `*` becomes the index of each topic. */
function expand(path: Field["path"], document: SettingsDocument): Path[] {
  return path.reduce<Path[]>(
    (paths, step) =>
      paths.flatMap((own) => {
        if (step !== "*") return [[...own, step]];
        const list = document.get(own);
        return Array.isArray(list) ? list.map((_, index) => [...own, index]) : [];
      }),
    [[]],
  );
}

function sourceOf({ file, line, column }: Place): string {
  return line === 0 ? file : `${file}:${line}:${column}`;
}
