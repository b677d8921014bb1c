import { didYouMean, type Problem } from "../diagnostics.ts";
import type { RecordShape } from "../receipts/decode.ts";
import { answers, type DescribedFormat, type NamedFormat } from "../receipts/formats/named.ts";
import { keyOf, type Path, type SettingsDocument } from "./document.ts";
import type { Settings } from "./schema.ts";
import type { NamedShape, SaidTopic } from "./topic-schema.ts";

/** The formats of `auto`: all that packs describe, and last the API responses, which are the hardest to identify. */
function autoFormats(described: readonly DescribedFormat[]): NamedFormat[] {
  return [...described.map(plain), { name: answers, descriptions: [] }];
}

/** Without the texts for people: it is sent to the threads of a replay. */
function plain({ name, descriptions }: NamedFormat): NamedFormat {
  return { name, descriptions };
}

/** Resolves the names of formats. */
export function resolveTopics(
  topics: readonly SaidTopic[],
  described: readonly DescribedFormat[],
): Pick<Settings, "topics" | "patterns"> {
  const resolved = topics.map(({ shape, ...topic }) => ({ ...topic, shape: resolveShape(shape, described) }));
  return {
    topics: resolved.flatMap(({ topic, pattern: _, ...read }) =>
      topic === undefined ? [] : { topic, ...read },
    ),
    patterns: resolved.flatMap(({ topic: _, pattern, ...read }) =>
      pattern === undefined ? [] : { pattern, ...read },
    ),
  };
}

/**
 * Resolves the names of formats: each once, at its first mention.
 *
 * @param named built-in formats, or formats in `described`; others are ignored
 * @param described in the order of `auto`
 */
export function resolveShape(
  { formats, json, ...shape }: NamedShape,
  described: readonly DescribedFormat[],
): RecordShape {
  const all = formats.flatMap((name): NamedFormat[] => {
    if (name === "auto") return autoFormats(described);
    if (name === "json") return [{ name, descriptions: json }];
    if (name === answers) return [{ name, descriptions: [] }];
    return described.filter((format) => format.name === name).map(plain);
  });
  const first = all.filter(({ name }, index) => all.findIndex((format) => format.name === name) === index);
  return { ...shape, formats: first, auto: formats.includes("auto") };
}

/** The names that a topic may give to its formats. */
export function formatNames(described: readonly DescribedFormat[]): string[] {
  return ["auto", ...described.map(({ name }) => name), answers, "json"];
}

/**
 * Problems with the topics' formats: no pack describes them, or they have no effect, since they are tried earlier
 * anyway. A problem of a flag or variable that applies to all topics is reported once.
 */
export function wrongFormats(described: readonly DescribedFormat[], document: SettingsDocument): Problem[] {
  const topics = document.get(["topics"]);
  if (!Array.isArray(topics)) return [];
  const problems = topics.flatMap((_, index) => {
    const [one, several] = [
      ["topics", index, "format"],
      ["topics", index, "formats"],
    ];
    const name = document.get(one);
    const names = document.get(several);
    const listed = Array.isArray(names) ? names : [];
    return [
      ...(typeof name === "string" ? stranger(name, one, described, document) : []),
      ...listed.flatMap((each, place) =>
        typeof each !== "string"
          ? []
          : [
              ...stranger(each, [...several, place], described, document),
              ...inVain(listed, place, several, described, document),
            ],
      ),
    ];
  });
  return problems.filter(
    ({ file, line }, index) => line > 0 || index === problems.findIndex((first) => first.file === file),
  );
}

function stranger(
  name: string,
  path: Path,
  described: readonly DescribedFormat[],
  document: SettingsDocument,
): Problem[] {
  const known = formatNames(described);
  // an empty name is reported by the schema
  if (name === "" || known.includes(name)) return [];
  const message = `${keyOf(path)} must be one of ${known.join(", ")}, not \`${name}\``;
  const meant = didYouMean(name, known);
  const hint =
    meant === undefined
      ? "Use one of these, or add the file that describes it to `code_maps`."
      : `Did you mean \`${meant}\`?`;
  return [{ ...document.placeOf(path), message, hint }];
}

function inVain(
  names: readonly unknown[],
  place: number,
  path: Path,
  described: readonly DescribedFormat[],
  document: SettingsDocument,
): Problem[] {
  const name = names[place];
  const isOfAuto = name !== "json" && formatNames(described).includes(String(name));
  const first = names.findIndex((other) => other === name || (other === "auto" && isOfAuto));
  if (first === place) return [];
  const before = keyOf([...path, first]);
  const message =
    names[first] === name
      ? `${keyOf([...path, place])} names ${String(name)} again`
      : `${keyOf([...path, place])} names ${String(name)}, which auto already covers`;
  const hint =
    names[first] === name
      ? `Remove it: ${before} has it already.`
      : `Remove it, or put it before ${before} to try it first.`;
  return [{ ...document.placeOf([...path, place]), message, hint }];
}
