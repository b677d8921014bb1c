import { z } from "zod";
import { shapeSchema } from "../schema/shape.ts";
import { jsonParts, oneOf, settingDocs, text } from "../schema/values.ts";
import { confidences, tableKinds } from "./code-map.ts";
import { flags } from "./test-rows.ts";
import { faults, outcomes } from "./verdict.ts";

/**
 * The file formats of this folder, for editors. The readers themselves are `parse.ts` for code maps and
 * `parse-pack.ts` for packs, since they report the place of a problem and check files against each other.
 */

function described<T extends z.ZodType>(schema: T, about: string): T {
  settingDocs.add(schema, { about });
  return schema;
}

/** A mapping whose keys are names. */
function named<T extends z.ZodType>(value: T) {
  return z
    .record(text(), value)
    .register(jsonParts, { propertyNames: { pattern: "^[a-z][a-z0-9_]{0,63}$" } });
}

const words = () => text();
const version = () => described(oneOf(["1"]), "The version of the file format");
const yesNo = () => oneOf(["yes", "no"]).register(jsonParts, { enum: ["yes", "no", true, false] });

const verdict = () => ({
  outcome: described(oneOf(outcomes).optional(), "What became of the message; the category's by default"),
  fault: described(oneOf(faults).optional(), "Who has to act; the category's by default"),
  retryable: described(yesNo().optional(), "Whether sending again may help; the category's by default"),
});

const channel = () => described(oneOf(["sms", "voice"]), "What its messages are: SMS or voice calls");
const kind = () => described(oneOf(tableKinds), "Codes of receipts, or of an API's answers");
const title = () => described(words(), "The table's name, for people");
const api = () => described(words().optional(), "The API that answers with these codes");

const packCode = z.union([
  text(),
  z.strictObject({
    code: described(text(), "As the provider sends it, in quotes"),
    ...verdict(),
    confidence: described(oneOf(confidences).optional(), "How certain the meaning is; `high` by default"),
    note: described(words().optional(), "What the code adds to its category, in English"),
    note_zh: described(words().optional(), "The same in Chinese"),
    source: described(words().optional(), "Which of the sources says so; the table's by default"),
    en: described(words().optional(), "Its description in English, instead of the category's"),
    zh: described(words().optional(), "Its description in Chinese, instead of the category's"),
  }),
]);

const suggestion = z.strictObject({
  code: described(text(), "As the provider sends it, in quotes"),
  category: described(text(), "What it may mean"),
  ...verdict(),
  confidence: oneOf(["low", ...confidences]).optional(),
  note: words().optional(),
  note_zh: words().optional(),
  source: words().optional(),
  en: words().optional(),
  zh: words().optional(),
});

const format = z.strictObject({
  reads: described(words(), "What it reads, for people"),
  provider: described(
    oneOf(["pack", "topic"]).optional(),
    "Whose codes these are: this pack's provider, or the topic's if other providers send the same shape",
  ),
  objects: described(z.array(shapeSchema).min(1), "Its shapes, in the order in which they are tried"),
});

/** A provider's pack. */
export const packSchema = z
  .strictObject({
    version: version(),
    provider: described(text(), "The label `provider`"),
    names: described(z.strictObject({ en: words(), zh: words() }), "Its names, for people"),
    sources: described(
      z.record(z.string(), z.strictObject({ title: words(), edition: words() })).optional(),
      "The documents that its codes come from",
    ),
    shapes: described(
      z
        .record(z.string(), format)
        .register(jsonParts, { propertyNames: { pattern: "^[a-z][a-z0-9_-]{0,63}$" } })
        .optional(),
      "What its receipts look like: formats by name",
    ),
    scopes: described(
      named(
        z.strictObject({
          channel: channel(),
          kind: kind(),
          title: title(),
          api: api(),
          source: described(words().optional(), "Which of the sources its codes come from"),
          codes: described(named(z.array(packCode)).optional(), "Its codes, by category"),
          suggestions: described(
            z.array(suggestion).optional(),
            "Contested codes: suggested, and never counted",
          ),
        }),
      ).optional(),
      "What its codes mean: tables by name",
    ),
  })
  .register(jsonParts, { anyOf: [{ required: ["shapes"] }, { required: ["scopes"] }] });

const mapCode = z.strictObject({
  category: described(text(), "What it means"),
  ...verdict(),
  en: words().optional(),
  zh: words().optional(),
  remedy: described(words().optional(), "The provider's advice, in Chinese"),
  remedy_en: described(words().optional(), "The same in English"),
  detail: words().optional(),
  note: words().optional(),
  seed_line: described(text().optional(), "The line of the provider's published table"),
});

/** A code map, complete or with just a few codes. */
export const mapSchema = z.strictObject({
  version: version(),
  categories: described(
    named(z.strictObject({ en: words(), zh: words(), ...verdict() })).optional(),
    "What codes can mean; a map layered over another may have none",
  ),
  providers: described(
    named(
      named(
        z.strictObject({
          channel: channel().optional(),
          kind: kind().optional(),
          title: title().optional(),
          api: api(),
          codes: described(z.record(z.string(), mapCode), "The meaning of each code"),
        }),
      ),
    ),
    "Tables of codes, by provider and scope",
  ),
  tests: described(
    z
      .array(
        z.strictObject({
          provider: text(),
          scope: text(),
          code: z.string(),
          flag: oneOf(flags),
          category: text(),
          outcome: oneOf(outcomes),
        }),
      )
      .optional(),
    "Receipts, and what they must count as",
  ),
});
