import { z } from "zod";
import { channels } from "../codes/verdict.ts";
import { formats } from "../receipts/decode.ts";
import { pointerProblem } from "../receipts/formats/json-pointers.ts";
import { must, oneOf, settingDocs, text } from "./values.ts";

const name = text().regex(/^[\w.-]{1,64}$/, must("1 to 64 letters, digits, `_`, `.` or `-`"));
const topicName = text().regex(/^[\w.-]{1,249}$/, must("1 to 249 letters, digits, `_`, `.` or `-`"));

const utcOffset = text()
  .regex(/^[+-](0\d|1[0-4]):[0-5]\d$/, must("an offset from UTC such as `+08:00`"))
  .transform((value) => {
    const minutes = Number(value.slice(1, 3)) * 60 + Number(value.slice(4));
    return value.startsWith("-") ? -minutes : minutes;
  });

const pointer = z.string().superRefine((value, context) => {
  const problem = pointerProblem(value);
  if (problem !== undefined)
    context.addIssue({ code: "custom", message: `is wrong: ${problem.replace(/\.$/, "")}` });
});

const jsonSchema = z
  .strictObject({
    receipts: pointer.optional().register(settingDocs, {
      about: "JSON Pointer to the receipt, or to the array of receipts, in a record",
      absent: "the whole record",
    }),
    code: pointer.register(settingDocs, { about: "JSON Pointer, from the receipt, to its code" }),
    flag: pointer.optional().register(settingDocs, {
      about: "JSON Pointer to the success flag",
      absent: "the code alone decides",
    }),
    delivered: z
      .array(text())
      .prefault([])
      .register(settingDocs, { about: "Flag values that mean delivered" }),
    failed: z.array(text()).prefault([]).register(settingDocs, { about: "Flag values that mean failed" }),
    sent_at: pointer.optional().register(settingDocs, { about: "JSON Pointer to the time it was sent" }),
    received_at: pointer
      .optional()
      .register(settingDocs, { about: "JSON Pointer to the time of the receipt's event" }),
  })
  .transform(({ receipts, code, flag, delivered, failed, sent_at: sentAt, received_at: receivedAt }) => ({
    receipts,
    code,
    flag,
    delivered,
    failed,
    sentAt,
    receivedAt,
  }));

/** One topic to read, and how its records are written. */
export const topicSchema = z
  .strictObject({
    topic: topicName.register(settingDocs, { about: "The topic's name" }),
    format: oneOf(formats)
      .prefault("auto")
      .register(settingDocs, {
        about: `Record format: ${formats.join(", ")}`,
        flag: { name: "format", value: "F" },
      }),
    provider: name.optional().register(settingDocs, {
      about: "Whose codes these are: a provider of the code map",
      flag: { name: "provider", value: "P" },
      absent: "the receipt's own, else aliyun",
    }),
    scope: name.optional().register(settingDocs, {
      about: "The table of the code map for the codes; the format json needs it",
      flag: { name: "scope", value: "S" },
      absent: "as the receipt's shape says",
    }),
    channel: oneOf(channels)
      .optional()
      .register(settingDocs, {
        about: `The channel of a scope that the code map does not have, which is refused without: ${channels.join(", ")}`,
        absent: "`unknown`",
      }),
    utc_offset: utcOffset
      .prefault("+08:00")
      .register(settingDocs, { about: "The offset from UTC of times that name no zone" }),
    json: jsonSchema.optional().register(settingDocs, {
      about: "Where the parts of a receipt are; for the format json only",
    }),
  })
  .superRefine((topic, context) => {
    const issue = (key: string, message: string) =>
      context.addIssue({ code: "custom", path: [key], message });
    if (topic.format === "json" && topic.json === undefined)
      issue("json", "is missing: the format json needs it");
    if (topic.format === "json" && topic.scope === undefined)
      issue("scope", "is missing: the format json needs it");
    if (topic.format !== "json" && topic.json !== undefined) issue("json", "is for the format json only");
  })
  .transform(({ topic, format, provider, scope, channel, utc_offset: utcOffsetMinutes, json }) => ({
    topic,
    provider,
    channel,
    /** How its records are read: what `createDecoder` takes. */
    shape: { format, scope, utcOffsetMinutes, json },
  }));
