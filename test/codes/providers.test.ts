import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { maxLabelLength } from "../../src/codes/label.ts";
import { normaliseCode } from "../../src/codes/normalise.ts";
import { faults, outcomes } from "../../src/codes/verdict.ts";
import { identifies, personalDigits } from "../../src/masking.ts";
import { shippedMap } from "./shipped-map.ts";

const folder = "config/providers";

/** What a code may say beside its spelling; the shortest form says nothing that holds anyway. */
const words = {
  outcome: z.enum(outcomes).optional(),
  fault: z.enum(faults).optional(),
  retryable: z.enum(["yes", "no"]).optional(),
  source: z.string().optional(),
  en: z.string().optional(),
  zh: z.string().optional(),
  note: z.string().optional(),
  note_zh: z.string().optional(),
};
const shortCode = z.string().transform((code) => ({ code }));
const longCode = z.strictObject({ code: z.string(), confidence: z.literal("medium").optional(), ...words });
const suggestion = z.strictObject({
  ...{ code: z.string(), category: z.string(), confidence: z.enum(["low", "medium"]) },
  ...{ source: words.source, note: words.note, note_zh: words.note_zh },
});
const scope = z.strictObject({
  channel: z.enum(["sms", "voice"]),
  kind: z.enum(["receipt", "api"]),
  api: z.string().optional(),
  title: z.string(),
  source: z.string(),
  codes: z.record(z.string(), z.array(z.union([shortCode, longCode])).min(1)),
  suggestions: z.array(suggestion).min(1).optional(),
});
const pack = z.looseObject({
  version: z.literal("1"),
  provider: z.string(),
  names: z.strictObject({ en: z.string(), zh: z.string() }),
  sources: z.record(z.string(), z.strictObject({ title: z.string(), edition: z.string() })).default({}),
  // of some providers no table of codes is public
  scopes: z.record(z.string(), scope).default({}),
});

type Code = z.infer<typeof longCode>;

/** One table, as far as the tests look at it. */
interface Table {
  readonly provider: string;
  readonly scope: string;
  readonly source: string;
  readonly sources: readonly string[];
  readonly codes: readonly (Code & { readonly category: string })[];
  readonly suggestions: readonly z.infer<typeof suggestion>[];
}

const files = readdirSync(folder).map((file) => ({
  file,
  text: readFileSync(`${folder}/${file}`, "utf8"),
}));
// Every scalar is text, as the program reads it.
const packs = files.map(({ file, text }) => ({
  file,
  ...pack.parse(parse(text, { schema: "failsafe" }), { error: () => file }),
}));
const tables: Table[] = packs.flatMap(({ provider, sources, scopes }) =>
  Object.entries(scopes).map(([name, table]) => ({
    ...{ provider, scope: name, source: table.source, sources: Object.keys(sources) },
    codes: Object.entries(table.codes).flatMap(([category, codes]) =>
      codes.map((code) => ({ ...code, category })),
    ),
    suggestions: table.suggestions ?? [],
  })),
);
const { map } = await shippedMap();
const categories = [
  ...map.categories.keys(),
  ...["recipient_unavailable", "rejected", "expired", "handset_error"],
  ...["number_ported", "canceled", "time_window_blocked", "unknown_reason"],
];

/** Both what counts and what is only shown, one for each place in a file. */
const listed = tables.flatMap((table) => [
  ...table.codes.map((entry) => ({ ...entry, table })),
  ...table.suggestions.map((entry) => ({ ...entry, table })),
]);

function where(wrong: (entry: (typeof listed)[number]) => boolean): string[] {
  return listed.filter(wrong).map(({ table, code }) => `${table.provider}/${table.scope} ${code}`);
}

function categoryOf(provider: string, scopeName: string, code: string): string | undefined {
  const table = tables.find((own) => own.provider === provider && own.scope === scopeName);
  return table?.codes.find((own) => own.code === code)?.category;
}

it("each file has the name of its provider", () => {
  expect(packs.map(({ file }) => file)).toEqual(packs.map(({ provider }) => `${provider}.yaml`));
  expect(packs.filter(({ provider }) => !/^[a-z][a-z0-9_]*$/.test(provider))).toEqual([]);
});

it("each category and each source is there", () => {
  expect(where(({ category }) => !categories.includes(category))).toEqual([]);
  expect(where(({ source, table }) => source !== undefined && !table.sources.includes(source))).toEqual([]);
  expect(tables.filter(({ source, sources }) => !sources.includes(source))).toEqual([]);
});

it("each source is named by a table or a code", () => {
  const unused = packs.flatMap(({ provider, sources }) => {
    const named = new Set(
      listed
        .filter(({ table }) => table.provider === provider)
        .flatMap(({ source, table }) => [source, table.source]),
    );
    return Object.keys(sources).flatMap((source) => (named.has(source) ? [] : `${provider} ${source}`));
  });
  expect(unused).toEqual([]);
});

describe("codes", () => {
  it("stand once in a table, in whatever spelling", () => {
    for (const { provider, scope: name, codes } of tables) {
      const keys = codes.map(({ code }) => normaliseCode(code));
      expect(new Set(keys).size, `${provider}/${name}`).toBe(keys.length);
    }
  });

  it("are text in quotes, since 002 and 0e1 are numbers elsewhere", () => {
    const bare = files.flatMap(({ file, text }) =>
      // what stands before are shapes
      (text.split(/^scopes:$/m)[1] ?? "")
        .split("\n")
        .flatMap((line) => (/^ +- (?!"|\{ code: ")/.test(line) ? `${file}: ${line.trim()}` : [])),
    );
    expect(bare).toEqual([]);
  });

  it("can be labels, and are nobody's number", () => {
    expect(where(({ code }) => code.trim() === "" || code.startsWith("_"))).toEqual([]);
    expect(where(({ code }) => code.length > maxLabelLength)).toEqual([]);
    expect(where(({ code }) => identifies(code, personalDigits))).toEqual([]);
  });

  it("are codes, not families of them or cells that ended in the middle", () => {
    expect(where(({ code }) => /X{3}|N{4}|Z{4}/i.test(code) || /[:?？～（(]$|[～（(]/.test(code))).toEqual(
      [],
    );
  });

  it("say no more than they must", () => {
    const bare = files.filter(({ text }) => /\{ code: "[^"]*" \}/.test(text)).map(({ file }) => file);
    expect(bare).toEqual([]);
    expect(where(({ source, table }) => source === table.source)).toEqual([]);
  });

  it("are explained in both languages or in none", () => {
    expect(where(({ note, note_zh }) => (note === undefined) !== (note_zh === undefined))).toEqual([]);
  });

  it("are not those that the code map lists", () => {
    const repeated = tables.flatMap(({ provider, scope: name, codes }) =>
      codes.filter(({ code }) => map.lookup(provider, name, code) !== undefined),
    );
    expect(repeated).toEqual([]);
  });
});

it("a suggestion is about a code that does not count, and says one thing once", () => {
  for (const { provider, scope: name, codes, suggestions } of tables) {
    const counted = new Set(codes.map(({ code }) => normaliseCode(code)));
    const readings = suggestions.map(({ code, category }) => `${normaliseCode(code)} ${category}`);
    expect(suggestions.filter(({ code }) => counted.has(normaliseCode(code)))).toEqual([]);
    expect(new Set(readings).size, `${provider}/${name}`).toBe(readings.length);
  }
});

it.each([
  ["MOBILE_IN_BLACK", "blacklist"],
  ["USER_REJECT", "blacklist"],
  ["MOBILE_SEND_LIMIT", "rate_limited"],
  ["SMSSEND_OVER_LIMIT", "rate_limited"],
  ["CONTENT_KEYWORD", "content_blocked"],
  ["MOBILE_NOT_ON_SERVICE", "recipient_unavailable"],
  ["UNDELIV", "recipient_unavailable"],
  ["PORT_NOT_REGISTERED", "signature_invalid"],
])("Aliyun's %s of today is %s", (code, category) => {
  expect(categoryOf("aliyun", "sms_receipt", code)).toBe(category);
});

it.each([
  ["200118", "time_window_blocked"],
  ["200119", "rate_limited"],
  ["200121", "rate_limited"],
  ["300000", "in_progress"],
  ["476", "display_number_invalid"],
  ["482", "recipient_unavailable"],
  ["200012", "number_restricted"],
  ["200130", "unknown_reason"],
  ["200201", "in_progress"],
])("Aliyun's voice code %s is %s", (code, category) => {
  expect(categoryOf("aliyun", "voice_receipt", code)).toBe(category);
});

it.each([
  ["aliyun", "sms_receipt", "MOBILE_NOT_ON_SERVICE"],
  ["tencent", "sms_receipt", "UNDELIV"],
  ["tencent", "sms_receipt", "MK:0005"],
  ["tencent", "sms_receipt", "DB:0131"],
  ["tencent", "sms_receipt", "UNDELIVS701S"],
  ["huawei", "sms_receipt", "2:12"],
  ["qiniu", "sms_receipt", "12"],
  ["qiniu", "sms_receipt", "640"],
  ["jiguang", "sms_receipt", "4003"],
  ["cmpp", "sms_receipt", "UNDELIV"],
  ["plivo", "sms_receipt", "70"],
])("%s/%s %s does not tell empty from suspended or off, and is no empty number", (provider, name, code) => {
  expect(categoryOf(provider, name, code)).toBe("recipient_unavailable");
});

it("the digits of Tencent's two voice tables are told apart", () => {
  expect(categoryOf("tencent", "voice_receipt", "1")).toBe("no_answer");
  expect(categoryOf("tencent", "voice_failure", "1")).toBe("power_off");
  expect(categoryOf("tencent", "voice_failure", "8")).toBe("empty_number");
});

it("each provider has so many codes, and so many suggestions", () => {
  const counts = Object.fromEntries(
    Object.entries(Object.groupBy(tables, ({ provider }) => provider)).map(([provider, own = []]) => {
      const sum = (of: (table: Table) => readonly unknown[]) =>
        own.reduce((all, table) => all + of(table).length, 0);
      return [provider, [sum(({ codes }) => codes), sum(({ suggestions }) => suggestions)]];
    }),
  );
  expect(counts).toEqual({
    aliyun: [101, 4],
    aws: [40, 0],
    baidu: [39, 5],
    bird: [15, 3],
    chuanglan: [1, 0],
    cmpp: [300, 38],
    eightbyeight: [56, 4],
    feige: [26, 2],
    huawei: [172, 9],
    infobip: [207, 2],
    jiguang: [11, 0],
    plivo: [24, 0],
    qiniu: [34, 1],
    sgip: [48, 23],
    sinch: [77, 3],
    smgp: [43, 3],
    smpp: [14, 2],
    submail: [19, 3],
    tencent: [1958, 54],
    twilio: [47, 1],
    volcengine: [2, 0],
    vonage: [67, 0],
    yunpian: [2, 0],
  });
});
