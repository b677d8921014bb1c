import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { largestValue } from "../../../src/bounds.ts";
import { normaliseCode } from "../../../src/codes/normalise.ts";
import { wordsOf } from "../../../src/commands/find/words.ts";
import { shapes } from "../../../src/demo/shapes.ts";
import { createDecoder } from "../../../src/receipts/decode.ts";
import { maskedRecord } from "../../../src/receipts/masked/masked-record.ts";
import type { Receipt } from "../../../src/receipts/receipt.ts";
import { packagedMap } from "../../ledger/support.ts";
import { numbersInText, shows } from "../../written-numbers.ts";
import { rawRecord, shapeOf } from "../support.ts";

const words = wordsOf(packagedMap(), shapeOf());
const isWord = (text: string) => words.has(normaliseCode(text));
const decode = createDecoder(shapeOf());

/** A record as `find --show` shows it. */
function masked(value: Buffer | string | object | null): unknown {
  const sent =
    value === null || typeof value === "string" || Buffer.isBuffer(value) ? value : JSON.stringify(value);
  const record = rawRecord(sent);
  const receipts: Receipt[] = [];
  decode(record, receipts);
  const codes = new Set(receipts.map(({ code }) => code));
  return maskedRecord(record, undefined, { isWord, codes });
}

const base64 = (text: string) => Buffer.from(text).toString("base64");
const gzipped = (text: string) => gzipSync(text).toString("base64");

describe("shows", () => {
  it("codes, states, small numbers and what says yes or no", () => {
    const value = {
      ...{
        err_code: "DB:0141",
        status: "DELIVRD",
        state: "2",
        success: false,
        sms_size: 2,
        report: null,
        rate: -1,
      },
      ...{ code: "isv.BUSINESS_LIMIT_CONTROL", result: "Success" },
    };
    expect(masked(value)).toEqual(value);
  });

  it("the codes of the record's own receipts, unlisted ones too", () => {
    const own = (err_code: string) => masked({ phone_number: "1", success: false, err_code, biz_id: "1" });
    expect(own("NEW:77")).toMatchObject({ err_code: "NEW:77" });
    expect(own("4821")).toMatchObject({ err_code: "4821" });
    expect(own("48210")).toMatchObject({ err_code: "5 digits" });
    expect(own("张三停机")).toMatchObject({ err_code: "text of 4" });
    expect(own("anna@example.com")).toMatchObject({ err_code: "text of 16" });
    expect(own("0aedb0fd00ef")).toMatchObject({ err_code: "text of 12" });
    expect(masked({ other: "NEW:77" })).toMatchObject({ "name of 5": "text of 6" });
  });

  it("what lies in a text, and how it was written there", () => {
    const inner = { err_code: "DB:0141", phone: "13912345678" };
    const told = { err_code: "DB:0141", phone: "11 digits" };
    expect(masked({ message: JSON.stringify(inner) })).toEqual({ message: { "in JSON": told } });
    expect(masked({ data: base64(JSON.stringify(inner)) })).toEqual({ data: { "in base64": told } });
    expect(masked({ data: gzipped(JSON.stringify(inner)) })).toEqual({ data: { "in base64": told } });
    expect(masked(new URLSearchParams({ ...inner }).toString())).toEqual({ "in a form": told });
    expect(masked(`{"state":"1"}\n{"state":"2"}`)).toEqual({
      "in documents": ["text of 1", "text of 1"].map((_, at) => ({ state: String(at + 1) })),
    });
  });
});

describe("tells by its length", () => {
  it.each([
    { value: { phone: "13912345678" }, told: { phone: "11 digits" } },
    { value: { phone: 13912345678 }, told: { phone: "11 digits" } },
    { value: { phone: 1.3912345678e40 }, told: { phone: "number" } },
    { value: { rate: 12.345 }, told: { rate: "number" } },
    { value: { id: "d9428888-122b-11e1-b85c-61cd3cbb3210" }, told: { id: "text of 36" } },
    { value: { id: "deadbeefcafe" }, told: { id: "text of 12" } },
    { value: { phone: "１３９１２３４５６７８" }, told: { phone: "text of 11" } },
    { value: { state: "٣" }, told: { state: "text of 1" } },
    { value: { state: "DELIVRD\u200b" }, told: { state: "text of 8" } },
    { value: { user: "Ann" }, told: { user: "text of 3" } },
    { value: { code: "4821" }, told: { code: "4 digits" } },
    { value: { code: 4821 }, told: { code: "4 digits" } },
    { value: { content: "OK" }, told: { content: "text of 2" } },
    { value: { content: 12 }, told: { content: "2 digits" } },
    { value: { text: ["OK", "1"] }, told: { text: ["text of 2", "1 digit"] } },
    { value: { template_param: { code: "12", name: "OK" } }, told: { template_param: "an object" } },
    { value: { template_param: '{"code":"12"}' }, told: { template_param: "text of 13" } },
    { value: { params: ["12", "OK"] }, told: { params: "an array" } },
    { value: { vars: 12 }, told: { vars: "2 digits" } },
    {
      value: { phones: [139, 12, 3, "456"] },
      told: { phones: ["3 digits", "2 digits", "1 digit", "3 digits"] },
    },
    { value: { "13912345678": { 张三: 1 } }, told: { "name of 11": { "name of 2": "1 digit" } } },
    {
      value: { ann: true, bob: false, eve: null },
      told: { "name of 3": true, "name of 3, 2": false, "name of 3, 3": null },
    },
    { value: "13912345678", told: "11 digits" },
    { value: "call 13912345678", told: "text of 16" },
    { value: "x".repeat(20_000), told: "text of over 9999" },
    { value: null, told: "no value" },
    { value: Buffer.from([0x31, 0xff]), told: "2 bytes" },
    { value: Buffer.alloc(largestValue + 1), told: "over 9999 bytes" },
  ])("case %#", ({ value, told }) => {
    expect(masked(value)).toEqual(told);
  });

  it("what is too much to be shown", () => {
    const long = Array.from({ length: 12_000 }, () => ({}));
    expect(masked({ list: long })).toEqual({ list: [...long.slice(0, 100), "over 9999 more"] });
    const wide = Object.fromEntries(Array.from({ length: 3_000 }, (_, at) => [`x${at}`, at]));
    const shown = Object.entries(masked(wide) as object);
    expect(shown.at(-1)).toEqual(["…", "more"]);
    expect(shown.length).toBeLessThan(2_001);
    const deep = "[".repeat(40) + "]".repeat(40);
    expect(JSON.stringify(masked(deep))).toBe(`${"[".repeat(13)}"…"${"]".repeat(13)}`);
  });
});

/** Five digits in a row, of any script. */
const longRun = /[\p{N}〇零一二三四五六七八九幺壹贰貳叁參肆伍陆陸柒捌玖]{5}/u;

describe("whatever a record holds", () => {
  const hidden = fc
    .tuple(
      fc.oneof(
        numbersInText.map(({ text, digits }) => ({ text, digits })),
        fc.uuid().map((text) => ({ text, digits: text })),
        fc
          .string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 12, maxLength: 40 })
          .map((text) => ({ text, digits: text })),
        fc
          .bigInt({ min: 10_000n, max: 10n ** 30n })
          .map((number) => ({ text: String(number), digits: String(number) })),
      ),
      fc.constantFrom("phone", "err_code", "content", "id", "code", "status", "x", "data", "template_param"),
    )
    .map(([secret, name]) => ({ ...secret, name }));

  /** The secret in each place where a record may hold it. */
  function recordsWith(text: string, name: string): (Buffer | string)[] {
    const plain = { [name]: text, [text]: { [name]: [text, { [text]: text }] } };
    const json = JSON.stringify(plain);
    const bare = /^[1-9]\d*$/.test(text)
      ? [`{"${name}":${text},"list":[${text}]}`, `{"${name}":-${text}e2}`]
      : [];
    return [
      ...[
        text,
        json,
        JSON.stringify([plain, plain]),
        JSON.stringify(json),
        JSON.stringify({ message: json }),
      ],
      ...[
        JSON.stringify({ [name]: JSON.stringify({ message: json }) }),
        JSON.stringify({ data: base64(json) }),
      ],
      ...[JSON.stringify({ data: gzipped(json) }), base64(json), gzipSync(json), gzipped(json)],
      ...[
        new URLSearchParams({ [name]: text, other: text }).toString(),
        `${name}=${text}&a=1`,
        `a=1&${text}=2`,
      ],
      ...[
        `id:${text} sub:001 dlvrd:001 submit date:2611261200 done date:2611261201 stat:DELIVRD err:000 text:${text}`,
      ],
      ...[`log line ${text} ${json}`, `${json}\n${json}`, `${json.slice(0, -3)}`, encodeURIComponent(json)],
      ...[JSON.stringify({ [name]: [...text] }), ...bare],
      ...[JSON.stringify({ err_code: text, success: false, phone_number: text, biz_id: text })],
      ...Object.values(shapes).map((shape) => {
        const event = { code: text, delivered: false, phone: text, id: text, sentAt: 0, receivedAt: 1 };
        return (shape as (event: never) => string)((shape === shapes.aliyunSms ? [event] : event) as never);
      }),
    ];
  }

  it("shows no number, no id and no run of five digits", () => {
    fc.assert(
      fc.property(hidden, ({ text, digits, name }) => {
        for (const record of recordsWith(text, name)) {
          const shown = JSON.stringify(masked(record));
          expect({ record: String(record), shown, isShown: shows(shown, { text, digits }) }).toMatchObject({
            isShown: false,
          });
          expect(shown).not.toMatch(longRun);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("shows nothing of a name or of a text that people write", () => {
    const written = fc.oneof(
      fc.constantFrom(
        "Zhang San",
        "张三",
        "Your code is 4821",
        "您的验证码是4821",
        "O'Brien",
        "anna@example.com",
      ),
      fc.string({ unit: "grapheme", minLength: 3 }).map((text) => `Dear ${text}`),
    );
    fc.assert(
      fc.property(written, fc.constantFrom("content", "text", "name", "user", "phone", "x"), (text, name) => {
        for (const record of recordsWith(text, name)) {
          const shown = JSON.stringify(masked(record)).normalize("NFKC");
          expect(shown.includes(JSON.stringify(text).slice(1, -1).normalize("NFKC"))).toBe(false);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("is JSON, of any value", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const shown = JSON.stringify(masked(json));
        expect(JSON.parse(shown)).toEqual(masked(json));
        expect(shown).not.toMatch(longRun);
      }),
      { numRuns: 2_000 },
    );
  });

  it("takes as long as it is large", () => {
    const names = Array.from({ length: 50_000 }, () => `"${"status".repeat(20)}":1`).join(",");
    const before = process.cpuUsage();
    masked(`{${names}}`);
    masked(JSON.stringify({ [`${"id".repeat(31)}x`]: 1, [`${"smsc".repeat(15)}z`]: 2 }));
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(5_000);
  });
});
