import type { RecordShape } from "../../../src/receipts/decode.ts";
import type { Dimension } from "../../../src/receipts/dimensions/dimension.ts";
import type { Description } from "../../../src/receipts/formats/description.ts";
import { samples } from "../samples.ts";
import { originals } from "../samples/originals.ts";
import { frameSamples } from "../samples/ways.ts";
import { shapeOf } from "../support.ts";

/** A topic, and records that it may have, the short ones first. */
export interface Topic {
  readonly name: string;
  readonly shape: RecordShape;
  readonly records: readonly Buffer[];
}

const own: readonly Description[] = [
  {
    when: [],
    codes: [
      { at: ["/err_code", "/sms/code", "/message/c"], scope: "s", except: ["0"] },
      { at: ["/toString", "/报告"], scope: "t" },
    ],
    flag: { at: ["/state", "/result"], delivered: ["1", "ok", "true"], pending: ["{"] },
    sentAt: [{ at: "/send_time", date: "/send_date" }, { at: "/sent" }],
    receivedAt: [{ at: "/rept_time" }, { at: "/sms/at" }],
    segments: ["/sms/parts", "/count", "/x"],
  },
];

const tested: readonly Description[] = [
  {
    provider: "p",
    when: [
      [{ at: "/kind", is: ["dlr", "1", "null"] }, { lacks: ["/sms/test"] }],
      [{ has: ["/sms/code"] }, { at: "/sms/final", is: ["TRUE"] }],
    ],
    codes: [{ at: ["/sms/code", "/err_code"], scope: "s" }],
    flag: { at: ["/state"], delivered: ["1"], otherwise: "failed" },
    utcOffsetMinutes: 0,
    sentAt: [{ at: "/sms/at" }],
    messages: "/count",
    segments: ["/message/c", "/sms/parts"],
  },
  {
    when: [[{ has: ["/items"] }]],
    receipts: "/items",
    codes: [{ at: ["/c", "/0/c"], scope: "s" }],
    flag: { at: ["/f"], failed: ["0"], none: ["x"] },
    receivedAt: [{ at: "/t" }],
  },
];

const written = [
  { err_code: "DELIVRD", state: "1", send_time: "2026-01-01 00:00:00", rept_time: 1767196803000, x: [1, {}] },
  { kind: "dlr", sms: { code: "DB:0141", at: "2026-01-01T00:00:03Z", final: true }, state: 1, count: 2 },
  {
    sms: { code: 12, final: "true", to: "13900000000" },
    result: "ok",
    sent: "20260101000000",
    message: { c: "1" },
  },
  {
    items: [
      { c: "A", f: "0", t: "2026-01-01 00:00:03" },
      { c: 7, f: "x" },
    ],
    kind: null,
  },
  { items: { c: "A", f: 0, t: "1767196803" }, 报告: "空号", "": 1, k: "" },
  [{ err_code: "1", state: "2" }, { err_code: "2" }, { state: "1", message: { c: "x" } }],
  [
    { key: "err_code", value: "1" },
    { key: "state", value: "1" },
  ],
  { err_code: "1", state: "2", sms: { parts: "2" }, count: null, x: 70 },
  { err_code: "2", state: "2", sms: { parts: "" }, count: "3", x: "two" },
  { err_code: "3", state: "1", count: -1, x: 1 },
  { kind: "dlr", sms: { code: "DB:0141", parts: 255 }, state: 1, message: { c: "" } },
  { sms: '{"code":"1","final":true}', kind: "DLR", state: "1" },
];

function framed(values: readonly unknown[]): Buffer[] {
  const all = values.flatMap((value) => [value, [value, value, value]]);
  return Object.values(frameSamples)
    .flatMap((wrap) => all.map((value) => JSON.stringify(wrap(value))))
    .filter((text) => text.length < 4_000)
    .sort((a, b) => a.length - b.length)
    .map((text) => Buffer.from(text));
}

/** Objects without other ones in them as forms, in the spellings of different encoders, and samples that are forms. */
function formsOf(format: string): Buffer[] {
  const flat = valuesOf(format)
    .filter((value): value is object => typeof value === "object" && value !== null && !Array.isArray(value))
    .map((value) => Object.entries(value))
    .filter((members) => members.length > 1 && members.every(([, value]) => typeof value !== "object"))
    .map((members) => members.map(([name, value]) => [name, String(value)] as const));
  const raw = flat.map((members) => members.map(([name, value]) => `${name}=${value}`).join("&"));
  const escaped = flat.map((members) => new URLSearchParams(Object.fromEntries(members)).toString());
  const lower = escaped.map((text) => text.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()));
  const sent = samples.filter((sample) => sample.format === format).map(({ value }) => value);
  const own = sent.filter((text) => /^[\w.:-]+=.*&/s.test(text));
  return [...raw, ...escaped, ...lower, ...own].map((text) => Buffer.from(text));
}

/** What is JSON of a format's samples, as a value. */
function valuesOf(format: string): unknown[] {
  const sent = samples.filter((sample) => sample.format === format).map(({ value }) => value);
  const parsed = sent.filter((text) => /^[[{]/.test(text)).map((text) => JSON.parse(text) as unknown);
  return [
    ...parsed,
    ...Object.values(originals).flatMap((one) => (one.format === format ? [one.value] : [])),
  ];
}

const formats = [...new Set(samples.map(({ format }) => format))].filter((name) => valuesOf(name).length > 0);

function ofJson(name: string, changes: Parameters<typeof shapeOf>[0]): Topic {
  return { name, shape: shapeOf(changes), records: framed([...written, ...valuesOf("tmc-sms")]) };
}

/** Values in members that codes and tests are in as well, in others, and in none. */
const dimensions: readonly Dimension[] = [
  ...[["/sms/to"], ["/kind", "/报告", "/count"], ["/state"], ["/message/c", "/x"]].map((at, place) => ({
    ...{ name: `d${place}`, from: { kind: "receipt" as const, at } },
    ...{ match: place === 3 ? "^(.)" : undefined, values: undefined },
  })),
  {
    name: "country",
    from: { kind: "number", as: "country" },
    match: undefined,
    values: undefined,
  },
];

/** Values of which some lie beside the receipts. */
const besides: readonly Dimension[] = [
  dimensions.slice(0, 1),
  [{ kind: "header" as const, name: "trace" }, { kind: "key" as const }, { kind: "topic" as const }].map(
    (from) => ({ name: from.kind, from, match: undefined, values: undefined }),
  ),
].flat();

/** Each format under `auto` and alone, and shapes that a configuration describes. */
export const topics: readonly Topic[] = [
  ...formats.flatMap((format) => {
    const records = [...formsOf(format), ...framed(valuesOf(format))];
    return [
      { name: `${format}, under auto`, shape: shapeOf(), records },
      { name: format, shape: shapeOf({ formats: [format], scope: "own" }), records },
    ];
  }),
  ofJson("json without tests", { formats: ["json"], json: own }),
  ofJson("json with tests", { formats: ["json"], json: tested }),
  ofJson("json before and behind others", {
    formats: ["tmc-sms", "json", "aliyun-sms"],
    json: [...tested, ...own],
  }),
  ofJson("auto and what is ignored", {
    formats: ["auto", "json"],
    json: own,
    ignore: [[{ at: "/state", is: ["2"] }], [{ has: ["/sms/test", "/count"] }, { lacks: ["/kind"] }]],
  }),
  ofJson("what is ignored without a member", { ignore: [[{ lacks: ["/state", "/message", "/data"] }]] }),
  ofJson("auto with dimensions", { dimensions }),
  ofJson("json with dimensions", { formats: ["json"], json: own, dimensions }),
  ofJson("auto with dimensions beside receipts", { dimensions: besides }),
  ofJson("auto with a key", { duplicates: { key: ["/biz_id", "/sms/to"], window: 1 } }),
  ofJson("json with a key", {
    ...{ formats: ["json"], json: own },
    duplicates: { key: ["/state", "/err_code", "/sms/final"], window: 1 },
  }),
  ofJson("json with a key of one part", {
    ...{ formats: ["json"], json: tested },
    duplicates: { key: ["/sms/code"], window: 1 },
  }),
  ofJson("receipts at a pointer", { at: ["/message", "/data", "/content/content", "/payload"] }),
];
