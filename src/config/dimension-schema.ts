import { parse, YAMLParseError } from "yaml";
import { z } from "zod";
import { expressionProblem } from "../expressions.ts";
import {
  type Dimension,
  type DimensionSource,
  type NumberDimension,
  numberDimensions,
} from "../receipts/dimensions/dimension.ts";
import { isPersonal } from "../receipts/dimensions/value-label.ts";
import { pointerProblem } from "../receipts/formats/pointer.ts";
import { jsonParts, oneOrMore, settingDocs, text, textThat } from "../schema/values.ts";
import { fileText } from "./files.ts";

/** How many dimensions a topic may have: each takes space in every snapshot. */
export const mostDimensions = 8;

/** Labels by value. */
type Labels = Readonly<Record<string, string>>;

const words = ["number", "key", "topic"] as const;

/** The source of a value: one of several JSON Pointers, or the one place outside the receipt. */
const source = text().superRefine((value, context) => {
  const isBeside = words.some((word) => word === value) || /^header:./.test(value);
  const problem = value.startsWith("/") ? pointerProblem(value)?.replace(/\.$/, "") : undefined;
  if (problem !== undefined) context.addIssue({ code: "custom", message: `is wrong: ${problem}` });
  if (!isBeside && !value.startsWith("/"))
    context.addIssue({
      code: "custom",
      message: "must be a JSON Pointer, number, header:NAME, key or topic",
    });
});

const pattern = textThat(expressionProblem);

/** A list of values that are their own labels, or a mapping from values to labels. */
const listOrTable = z
  .unknown()
  .transform((value, context): Labels => {
    const labels = labelsIn(value);
    if (typeof labels !== "string") return labels;
    context.addIssue({ code: "custom", message: labels });
    return z.NEVER;
  })
  .register(jsonParts, {
    anyOf: [
      { type: "array", items: { type: ["string", "number", "boolean"] } },
      { type: "object", additionalProperties: { type: ["string", "number", "boolean"] } },
    ],
  });

/** The same from a file. */
const listOrTableFile = fileText.transform((written, context): Labels => {
  const issue = (message: string) => {
    context.addIssue({ code: "custom", message: `names a file that ${message}` });
    return z.NEVER;
  };
  try {
    const labels = labelsIn(parse(written, { schema: "failsafe" }));
    return typeof labels === "string" ? issue(labels) : labels;
  } catch (error) {
    const line = error instanceof YAMLParseError ? error.linePos?.[0].line : undefined;
    return issue(`is no YAML${line === undefined ? "" : `, see its line ${line}`}`);
  }
});

const dimensionSchema = z.strictObject({
  from: oneOrMore(source).register(settingDocs, {
    about:
      "Where the value is: a JSON Pointer from the receipt (or several, the first that leads to one), `number`, `header:NAME`, `key` or `topic`",
  }),
  match: pattern.optional().register(settingDocs, {
    about: "Regular expression whose first group, or all that it matches, is the value",
    absent: "all of it",
  }),
  values: listOrTable.optional().register(settingDocs, {
    about: "The values to keep, as a list, or as a mapping to the labels they get; others count as `_other`",
    absent: "all",
  }),
  values_file: listOrTableFile.optional().register(settingDocs, {
    about: "File with that list or mapping, YAML",
    file: true,
    absent: "none",
  }),
});

/** A topic's `dimensions`: what its receipts are counted by in addition to their codes. */
export const dimensionsSchema = z
  .record(z.string(), dimensionSchema)
  .superRefine((dimensions, context) => {
    const issue = (path: readonly string[], message: string) =>
      context.addIssue({ code: "custom", path: [...path], message });
    const entries = Object.entries(dimensions);
    if (entries.length > mostDimensions) issue([], `must not be more than ${mostDimensions}`);
    for (const [name, { from, match, values, values_file }] of entries) {
      if (!/^[a-z][a-z0-9_]{0,31}$/.test(name))
        issue([name], "must have a name of 1 to 32 small letters, digits or `_` that begins with a letter");
      if (from.length === 0) issue([name, "from"], "must name a place");
      if (from.length > 1 && !from.every((one) => one.startsWith("/")))
        issue([name, "from"], "must be JSON Pointers where there are several");
      if (from[0] === "number" && !isNumberDimension(name))
        issue(
          [name, "from"],
          `is for the dimensions ${numberDimensions.join(" and ")} only: no number is shown`,
        );
      if (from[0] === "number" && (match ?? values ?? values_file) !== undefined)
        issue([name], "takes neither `match` nor `values` with `from: number`");
      if (values !== undefined && values_file !== undefined)
        issue([name, "values_file"], "is there beside `values`: keep one of the two");
    }
  })
  .transform((dimensions): Dimension[] =>
    Object.entries(dimensions).map(([name, { from, match, values, values_file }]) => ({
      ...{ name, match, values: values ?? values_file },
      from: sourceOf(name, from),
    })),
  );

function sourceOf(name: string, from: readonly string[]): DimensionSource {
  const [first = ""] = from;
  if (first.startsWith("header:")) return { kind: "header", name: first.slice("header:".length) };
  if (first === "key" || first === "topic") return { kind: first };
  if (first === "number" && isNumberDimension(name)) return { kind: "number", as: name };
  return { kind: "receipt", at: from };
}

function isNumberDimension(name: string): name is NumberDimension {
  return numberDimensions.some((one) => one === name);
}

/** The labels of a list or mapping; or what is wrong with it, to follow its key. */
function labelsIn(value: unknown): Labels | string {
  if (typeof value !== "object" || value === null) return "must be a list or a mapping";
  const entries = Array.isArray(value) ? value.map((one) => [one, one]) : Object.entries(value);
  const labels: Record<string, string> = {};
  for (const [sent, label] of entries) {
    if (typeof sent !== "string" || typeof label !== "string" || label === "")
      return "must have texts in it, and none that is empty";
    if (label.startsWith("_")) return "must not have labels that begin with `_`, as those of the exporter do";
    if (isPersonal(label)) return "has a label that looks like a phone number, an id or free text";
    labels[sent] = label;
  }
  return entries.length === 0 ? "must have an entry" : labels;
}
