import { z } from "zod";
import type { CodeDescription, Description, MemberTest } from "../receipts/formats/description.ts";
import { worked } from "../receipts/formats/flag.ts";
import { pointerProblem } from "../receipts/formats/pointer.ts";
import { jsonParts, must, oneOf, oneOrMore, orAt, settingDocs, text } from "./values.ts";

/** A provider or table of a code map that someone else may have named. */
export const name = text().regex(/^[\w.-]{1,64}$/, must("1 to 64 letters, digits, `_`, `.` or `-`"));

export const utcOffset = text()
  .regex(/^[+-](0\d|1[0-4]):[0-5]\d$/, must("an offset from UTC such as `+08:00`"))
  .transform((value) => {
    const minutes = Number(value.slice(1, 3)) * 60 + Number(value.slice(4));
    return value.startsWith("-") ? -minutes : minutes;
  });

/** A JSON Pointer. */
function pointer() {
  return z
    .string()
    .superRefine((value, context) => {
      const problem = pointerProblem(value);
      if (problem !== undefined)
        context.addIssue({ code: "custom", message: `is wrong: ${problem.replace(/\.$/, "")}` });
    })
    .register(jsonParts, { pattern: "^(/([^~/]|~[01])*)*$" });
}

/** JSON Pointers, or one of them. */
export function pointers() {
  return oneOrMore(pointer());
}

function words() {
  return oneOrMore(text());
}

const testSchema = z
  .strictObject({
    has: pointers().optional().register(settingDocs, {
      about: "JSON Pointers; at least one must lead to a value",
      absent: "not tested",
    }),
    lacks: pointers().optional().register(settingDocs, {
      about: "JSON Pointers; none may lead to a value",
      absent: "not tested",
    }),
    at: pointer().optional().register(settingDocs, {
      about: "JSON Pointer to a value that must be one of `is`",
      absent: "not tested",
    }),
    is: words().optional().register(settingDocs, {
      about: "The values, compared as text without regard to case",
      absent: "not tested",
    }),
  })
  .superRefine(({ has, lacks, at, is }, context) => {
    const issue = (key: string, message: string) =>
      context.addIssue({ code: "custom", path: [key], message });
    if (at !== undefined && is === undefined) issue("is", "is missing: `at` needs it");
    if (at === undefined && is !== undefined) issue("at", "is missing: `is` needs it");
    if ([has, lacks, at, is].every((one) => one === undefined))
      context.addIssue({
        code: "custom",
        message: "says nothing: it needs `has`, `lacks`, or `at` with `is`",
      });
  })
  .transform(({ has, lacks, at, is }): MemberTest[] => [
    ...(has === undefined ? [] : [{ has }]),
    ...(lacks === undefined ? [] : [{ lacks }]),
    ...(at === undefined || is === undefined ? [] : [{ at, is }]),
  ])
  .register(jsonParts, { minProperties: 1, dependentRequired: { at: ["is"], is: ["at"] } });

/** Sets of tests: an object passes if it passes all tests of at least one set. */
export const testSets = z.array(
  oneOrMore(testSchema).register(settingDocs, {
    about: "Tests that an object must all pass: one mapping, or a list of them",
  }),
);

const codeSchema = z.strictObject({
  at: pointers().register(settingDocs, { about: "JSON Pointer, from the receipt, to the code" }),
  scope: name.optional().register(settingDocs, {
    about: "Table of the code map to look this code up in",
    absent: "the shape's",
  }),
  except: words().optional().register(settingDocs, {
    about: "Codes without meaning, such as an error of 0: the next pointer is tried",
    absent: "only an empty one",
  }),
});

const timeSchema = z.strictObject({
  at: pointer().register(settingDocs, { about: "JSON Pointer to the time, or to the time of day" }),
  date: pointer().optional().register(settingDocs, {
    about: "JSON Pointer to the date, if it is in a separate member",
    absent: "part of the time",
  }),
});

const times = oneOrMore(orAt(timeSchema));

/** Values of a flag. */
function values(about: string, absent = "none") {
  return words().optional().register(settingDocs, { about, absent });
}

/** One shape of receipt, as a topic of a configuration and a provider's pack describe it. */
export const shapeSchema = z.strictObject({
  when: testSets.prefault([]).register(settingDocs, {
    about: "How to recognise an object of this shape: it passes all tests of one entry",
    absent: "it has a code, or one of the flag values below",
  }),
  scope: name.optional().register(settingDocs, {
    about: "Table of the code map to look this shape's codes up in",
    absent: "the topic's",
  }),
  receipts: pointer().optional().register(settingDocs, {
    about: "JSON Pointer to the receipt, or to the array of receipts, in a record",
    absent: "the whole record",
  }),
  code: oneOrMore(orAt(codeSchema)).register(settingDocs, {
    about: "JSON Pointer, from the receipt, to its code",
  }),
  flag: pointers().optional().register(settingDocs, {
    about: "JSON Pointer to the success flag",
    absent: "the code alone decides",
  }),
  delivered: values(
    "Flag values that mean delivered",
    "if no flag values are given: true, 1, yes, success and the like",
  ),
  failed: values(
    "Flag values that mean failed",
    "if no flag values are given: false, 0, no, fail and the like",
  ),
  accepted: values("Flag values that mean that an API accepted the message"),
  refused: values("Flag values that mean that an API refused it"),
  pending: values("Flag values that mean that the message is still on its way"),
  none: values("Flag values that say nothing about success: the code alone decides"),
  otherwise: oneOf(["failed"]).optional().register(settingDocs, {
    about: "Meaning of any other flag value: `failed`, for providers that put failure codes in the flag",
    absent: "not understood, which counts as a conflict",
  }),
  sent_at: times.optional().register(settingDocs, {
    about: "JSON Pointer to the time it was sent",
  }),
  received_at: times.optional().register(settingDocs, {
    about: "JSON Pointer to the time of the receipt's event",
  }),
  utc_offset: utcOffset.optional().register(settingDocs, {
    about: "UTC offset of this shape's times without a zone",
    absent: "the topic's",
  }),
  messages: pointer().optional().register(settingDocs, {
    about: "JSON Pointer, from the receipt, to the number of messages that it covers",
    absent: "each receipt covers one",
  }),
  segments: pointers().optional().register(settingDocs, {
    about: "JSON Pointer, from the receipt, to the number of segments (SMS parts) of its message",
    absent: "no segments are counted",
  }),
  number: pointers().optional().register(settingDocs, {
    about: "JSON Pointer, from the receipt, to the recipient's phone number",
    absent: "the receipts have none",
  }),
  number_has_country: oneOf(["true", "false"]).optional().register(settingDocs, {
    about: "Whether numbers without a `+` begin with their calling code: `14155550100` is American then",
    absent: "`false`: they are Chinese, unless they begin with `00`",
  }),
});

export type Shape = z.output<typeof shapeSchema>;

/** Properties of a shape that its context defines. */
export interface ShapeOwner {
  /** The scope of codes that have none. */
  readonly scope: string | undefined;
  /** The receipts' provider, if the shape implies it. */
  readonly provider: string | undefined;
}

/** Converts a shape as written into the description that receipts are read by. */
export function describeShape(shape: Shape, owner: ShapeOwner): Description {
  const { delivered, failed, accepted, refused, pending, none, otherwise } = shape;
  const said = { delivered, failed, accepted, refused, pending, none, otherwise };
  const saysNothing = Object.values(said).every((one) => one === undefined);
  const meanings = saysNothing ? { delivered: worked.yes, failed: worked.no } : given(said);
  return given({
    provider: owner.provider,
    when: shape.when.map((tests) => tests.flat()),
    receipts: shape.receipts,
    codes: joined(
      shape.code.map((code) => ({ ...code, scope: code.scope ?? shape.scope ?? owner.scope ?? "" })),
    ),
    flag: shape.flag && { at: shape.flag, ...meanings },
    sentAt: shape.sent_at?.map(given),
    receivedAt: shape.received_at?.map(given),
    utcOffsetMinutes: shape.utc_offset,
    messages: shape.messages,
    segments: shape.segments,
    number: shape.number,
    numberHasCountry: shape.number_has_country === "true" ? true : undefined,
  });
}

/** Drops undefined members, so that a description is the same whether it was parsed now or by the build. */
function given<T extends object>(members: T): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}

/** Merges consecutive codes of the same table. */
function joined(codes: readonly CodeDescription[]): CodeDescription[] {
  const all: CodeDescription[] = [];
  for (const { at, scope, except } of codes) {
    const last = all.at(-1);
    if (last !== undefined && last.scope === scope && last.except === undefined && except === undefined)
      all.splice(-1, 1, { at: [...last.at, ...at], scope });
    else all.push(given({ at, scope, except }));
  }
  return all;
}
