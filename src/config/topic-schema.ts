import { z } from "zod";
import { channels } from "../codes/verdict.ts";
import { expressionProblem } from "../expressions.ts";
import type { RecordShape } from "../receipts/decode.ts";
import { charsets } from "../receipts/encodings/charset.ts";
import type { Description } from "../receipts/formats/description.ts";
import { askedFirst, ownFormats } from "../receipts/formats/named.ts";
import { describeShape, name, pointers, shapeSchema, testSets, utcOffset } from "../schema/shape.ts";
import { jsonParts, must, oneOf, oneOrMore, settingDocs, text, textThat } from "../schema/values.ts";
import { dimensionsSchema } from "./dimension-schema.ts";
import { duplicatesSchema } from "./duplicate-schema.ts";

/** A format's name; whether it exists depends on the loaded packs. */
function formatName() {
  const known = [...Object.keys(ownFormats), ...askedFirst.filter((each) => each !== "*")];
  return text().register(jsonParts, { anyOf: [{ enum: known }, { pattern: "^[a-z][a-z0-9_-]{0,63}$" }] });
}

const topicName = text().regex(/^[\w.-]{1,249}$/, must("1 to 249 letters, digits, `_`, `.` or `-`"));

/** One topic to read, and the format of its records. */
export const topicSchema = z
  .strictObject({
    topic: topicName.optional().register(settingDocs, { about: "The topic's name" }),
    pattern: textThat(expressionProblem).optional().register(settingDocs, {
      about:
        "Regular expression (RE2) for whole names, in place of `topic`: all topics that match, new ones too",
    }),
    format: formatName()
      .prefault("auto")
      .register(settingDocs, {
        about: "Record format: `auto`, `json`, or a format of a provider pack",
        flag: { name: "format", value: "F" },
      }),
    formats: z.array(formatName()).optional().register(settingDocs, {
      about: "Several record formats, tried in this order",
      absent: "`format`",
    }),
    at: pointers().optional().register(settingDocs, {
      about: "JSON Pointers to the part of a record that holds the receipts; the first that exists is used",
      absent: "the record itself, or a known frame",
    }),
    charset: oneOf(charsets)
      .optional()
      .register(settingDocs, {
        about: `Character set of the records: ${charsets.join(", ")}`,
        absent: "UTF-8, or UTF-16 with a byte order mark",
      }),
    ignore: testSets.optional().register(settingDocs, {
      about: "Objects that are not meant to be receipts: those that pass all tests of one entry",
      absent: "what the providers are known to send besides receipts",
    }),
    provider: name.optional().register(settingDocs, {
      about: "Provider whose tables of the code map are used",
      flag: { name: "provider", value: "P" },
      absent: "the receipt's own, or aliyun",
    }),
    fallback: z.array(name).optional().register(settingDocs, {
      about: "Providers to try for a code that the receipt's own provider does not list",
      absent: "none",
    }),
    scope: name.optional().register(settingDocs, {
      about: "Table of the code map to look codes up in; the format json needs it",
      flag: { name: "scope", value: "S" },
      absent: "the scope of the receipt's shape",
    }),
    channel: oneOf(channels)
      .optional()
      .register(settingDocs, {
        about: `Channel of a scope that the code map does not have; such a scope needs it: ${channels.join(", ")}`,
        absent: "`unknown`",
      }),
    utc_offset: utcOffset
      .prefault("+08:00")
      .register(settingDocs, { about: "UTC offset of times without a zone" }),
    dimensions: dimensionsSchema.optional().register(settingDocs, {
      about:
        "Dimensions to count receipts by in addition to their codes, such as the signature: a mapping by name",
      absent: "nothing",
    }),
    duplicates: duplicatesSchema.optional().register(settingDocs, {
      about: "Which receipts came before, to count them apart: those with the same key, code and flag",
      absent: "none",
    }),
    json: oneOrMore(shapeSchema).optional().register(settingDocs, {
      about: "Where the fields of a receipt are, as one shape or several; for the format json only",
    }),
  })
  .register(jsonParts, { oneOf: [{ required: ["topic"] }, { required: ["pattern"] }] })
  .superRefine((topic, context) => {
    const issue = (key: string, message: string) =>
      context.addIssue({ code: "custom", path: [key], message });
    if (topic.topic === undefined && topic.pattern === undefined) issue("topic", "is missing");
    if (topic.topic !== undefined && topic.pattern !== undefined)
      issue("pattern", "is there beside `topic`: leave one of them");
    if (topic.formats?.length === 0) issue("formats", "must name a format");
    if (topic.formats !== undefined && topic.format !== "auto")
      issue("formats", "can't be combined with `format`: list all formats in `formats`");
    const followsJson = (topic.formats ?? [topic.format]).includes("json");
    if (followsJson && topic.json === undefined)
      issue("json", "is missing: the format json needs it, at least `json: { code: /the/code }`");
    if (
      followsJson &&
      topic.scope === undefined &&
      topic.json?.every(({ scope }) => scope !== undefined) !== true
    )
      issue("scope", "is missing: the format json needs it");
    if (!followsJson && topic.json !== undefined) issue("json", "is for the format json only");
  })
  .transform(({ topic, pattern, provider, fallback, channel, ...read }) => {
    const shape: NamedShape = {
      formats: read.formats ?? [read.format],
      scope: read.scope,
      utcOffsetMinutes: read.utc_offset,
      json: read.json?.map((own) => describeShape(own, { scope: read.scope, provider: undefined })) ?? [],
      at: read.at ?? [],
      charset: read.charset,
      ignore: read.ignore?.map((tests) => tests.flat()) ?? [],
      dimensions: read.dimensions ?? [],
      ...(read.duplicates === undefined ? {} : { duplicates: read.duplicates }),
    };
    return { topic, pattern, provider, ...(fallback === undefined ? {} : { fallback }), channel, shape };
  });

/** How a topic's records are read, with formats by name: provider packs define them. */
export interface NamedShape extends Omit<RecordShape, "formats" | "auto"> {
  readonly formats: readonly string[];
  /** The shapes of the format `json`, in the order in which they are tried. */
  readonly json: readonly Description[];
}

export type SaidTopic = z.output<typeof topicSchema>;
