import { describe, expect, it } from "vitest";
import type { RecordShape } from "../../../src/receipts/decode.ts";
import { DimensionValues } from "../../../src/receipts/dimensions/dimension-values.ts";
import type { Receipt } from "../../../src/receipts/receipt.ts";
import { hold } from "../../../src/receipts/scan/memory.ts";
import { scannerOf } from "../../../src/receipts/scan/scanner-of.ts";
import { samples } from "../samples.ts";
import { originals } from "../samples/originals.ts";
import { frameSamples } from "../samples/ways.ts";
import { shapeOf } from "../support.ts";

const timestamp = Date.parse("2026-01-01T00:00:10+08:00");

const auto = scannerOf(shapeOf());

/** The receipts that the scanner reads from a record; undefined when it leaves it. */
function scanned(value: string | Buffer, shape?: RecordShape): Receipt[] | undefined {
  const bytes = Buffer.from(value);
  const receipts: Receipt[] = [];
  const scan = shape === undefined ? auto : scannerOf(shape);
  const isTaken = scan?.scan(bytes, 0, bytes.length, timestamp, receipts);
  return isTaken === true ? receipts : undefined;
}

const tmcSms = originals.tmcSms?.value;
const record = JSON.stringify(tmcSms);
const answers = "an answer of an API";

/** Why a sample of JSON is left to JSON.parse. */
const leftSamples: Readonly<Record<string, string>> = {
  "tmc-sms: times split into date and time": "a date of its own",
  "tmc-sms: a time of receipt by another name": "a date of its own",
  "tmc-sms: a member twice, of which the last counts": "a member twice",
  "tmc-sms: a state of the wrong type": "no scalar for a flag",
  "tmc-sms: a number for a code": "a negative number",
  "tmc-sms: a code with control characters, left out": "an escape in a code",
  "aliyun-sms: a flag of the wrong type": "no scalar for a flag",
  "infobip: reports in results": "a pointer into an array",
  "sinch: a batch's report, which counts its messages": "one for several messages",
};

describe("the scanner takes", () => {
  it("every sample of JSON but those that are named here, and answers", () => {
    const left = samples
      .filter(({ value, format }) => /^[[{]/.test(value) && format !== "top-response")
      .filter(({ value }) => scanned(value) === undefined)
      .map(({ format, name }) => `${format}: ${name}`);
    expect(left).toEqual(Object.keys(leftSamples));
  });

  it.each(Object.entries(originals).filter(([, { format }]) => format !== "top-response"))(
    "%s as it is, in lists and in every frame of JSON",
    (name, { value, receipts }) => {
      // Its receipts are JSON in a string that pointers lead into.
      const isLeft = name === "aliyunVoicePoll";
      const others = ["CloudEvents in base64", "Aliyun MNS", "Aliyun SLS, names and values"];
      const frames = Object.entries(frameSamples).filter(([frame]) => !others.includes(frame));
      for (const [frame, wrap] of frames) {
        const read = scanned(JSON.stringify(wrap(value)));
        expect(read, frame).toEqual(isLeft ? undefined : receipts);
      }
      const lists = scanned(JSON.stringify([value, value, value]));
      expect(lists).toEqual(isLeft ? undefined : [...receipts, ...receipts, ...receipts]);
    },
  );

  it.each([
    [
      "foreign members of any type in front",
      record.replace("{", '{"a":[1,-0.5e+3,{"b":[]}],"":null,"错误":"\\u00e9\\n",'),
    ],
    ["the same foreign member twice", record.replace("{", '{"a":1,"a":{"state":"9"},')],
    ["members of Object.prototype", record.replace("{", '{"__proto__":{"state":"9"},"toString":1,')],
    ["blanks between all tokens", JSON.stringify(tmcSms, undefined, "\t ").replaceAll("\n", "\r\n")],
    ["NULs and blanks at its end", `${record}\n\0\0 \0`],
    ["members in another order", JSON.stringify(Object.fromEntries(Object.entries(tmcSms ?? {}).reverse()))],
  ])("%s", (_, value) => {
    expect(scanned(value)).toEqual(originals.tmcSms?.receipts);
  });

  it("shapes of a configuration, with pointers into objects, and what a topic's pointer leads to", () => {
    const json = [{ when: [], codes: [{ at: ["/sms/code"], scope: "s" }], sentAt: [{ at: "/sms/at" }] }];
    const value = '{"log":{"n":1},"sms":{"to":"x","code":"A1","at":1767196803000}}';
    const read = { scope: "s", flag: "none", code: "A1", sentAt: 1_767_196_803_000, receivedAt: Number.NaN };
    expect(scanned(value, shapeOf({ formats: ["json"], json }))).toMatchObject([read]);
    const framed = `{"a":${record},"b":${value}}`;
    expect(scanned(framed, shapeOf({ formats: ["json"], json, at: ["/x", "/b"] }))).toMatchObject([read]);
  });
});

describe("the scanner takes a form", () => {
  const members = Object.entries(tmcSms ?? {}).map(([name, value]) => [name, String(value)] as const);
  const sent = new URLSearchParams(Object.fromEntries(members)).toString();

  it.each([
    ["as encoders write it", sent],
    ["with spaces and colons as they are", sent.replaceAll("+", " ").replaceAll("%3A", ":")],
    ["with small letters in its escapes", sent.replaceAll("%3A", "%3a")],
    ["with empty pairs, and a line break at its end", `${sent.replaceAll("&", "&&")}&\r\n\0`],
    ["with foreign members of any text", `a=&b=%E6%B5&c=%zz&d==%00&__proto__=1&x.y:z-0=%7B&${sent}`],
  ])("%s", (_, value) => {
    expect(scanned(value)).toEqual(originals.tmcSms?.receipts);
  });

  it("with a number in each kind of digits", () => {
    const receipts = scanned("err_code=0&state=1&send_time=1767196803000&rept_time=1767196804");
    expect(receipts).toMatchObject([{ sentAt: 1_767_196_803_000, receivedAt: 1_767_196_804_000 }]);
  });

  it("with a dimension's value in any characters, but not with a byte order mark, a backslash, or what is not UTF-8", () => {
    const dimension = { name: "signature", from: { kind: "receipt" as const, at: ["/sign_name"] } };
    const shape = shapeOf({ dimensions: [{ ...dimension, match: undefined, values: undefined }] });
    const scan = scannerOf(shape, new DimensionValues(shape.dimensions, ""));
    const read = (name: string) => {
      const receipts: Receipt[] = [];
      const bytes = Buffer.from(`${sent}&sign_name=${name}`);
      return scan?.scan(bytes, 0, bytes.length, timestamp, receipts) ? receipts[0]?.values : "left";
    };
    expect(read(encodeURIComponent("阿里云"))).toEqual(["阿里云"]);
    expect(read(encodeURIComponent("\uFEFF阿里云"))).toBe("left");
    expect(read("%E9%98%BF%E9%87")).toBe("left");
    // In JSON it would begin an escape.
    for (const backslash of ["\\", "%5C"]) expect(read(`a${backslash}nb`)).toBe("left");
  });

  it.each([
    ["one pair", "state=1"],
    ["a pair without a value", `${sent}&a`],
    ["a name that is escaped", sent.replace("state", "st%61te")],
    ["a name in brackets", sent.replace("state", "state[]")],
    ["a name that begins with a digit", `${sent}&1=2`],
    ["a name that is longer than any", `${"a".repeat(129)}=1&${sent}`],
    ["a member that matters twice", `${sent}&state=1`],
    ["an escape that is none in a member that matters", sent.replace("state=", "state=%zz")],
    ["half an escape at its end", `state=1&err_code=%4`],
    ["a line break", sent.replace("&", "&a=\n&")],
    ["a control character in a member that matters", sent.replace("state=", "state=%0A")],
    ["a byte that is not UTF-8 in a member that matters", sent.replace("state=", "state=%E6%B5")],
    ["characters that are not escaped", `${sent}&a=测试`],
    ["a query after its path", `/push?${sent}`],
    ["more pairs than a form has", `${"a=1&".repeat(1024)}${sent}`],
  ])("but not %s", (_, value) => {
    expect(scanned(value)).toBeUndefined();
  });
});

describe("the scanner leaves to JSON.parse", () => {
  it.each([
    ["nothing", ""],
    ["a scalar", "1"],
    ["an empty object", "{}"],
    ["an empty array", "[]"],
    ["an escape in a name", record.replace("state", "\\u0073tate")],
    ["an escape in a code", record.replace("DB:", "\\u0044B:")],
    ["a flag in an array", record.replace('"2"', '["2"]')],
    ["a member that matters twice", record.replace("}", ',"state":"1"}')],
    ["one element that is no receipt", `[${record},1]`],
    ["a comma behind the last member", record.replace("}", ",}")],
    ["a missing comma", record.replace(',"state"', ' "state"')],
    ["a missing brace", record.slice(0, -1)],
    ["another object behind it", `${record}{}`],
    ["a control character in a foreign member", record.replace("{", '{"a":"\u0001",')],
    ["a number that begins with 0", record.replace("{", '{"a":01,')],
    ["an escape that is none", record.replace("{", '{"a":"\\x",')],
    ["half a character", Buffer.from(record.replace("{", '{"a":"\u00e9",')).filter((byte) => byte !== 0xa9)],
    [
      "half of a surrogate pair in UTF-8",
      Buffer.from(record.replace("{", '{"a":"???",').replace("???", "\u00ed\u00a0\u0080"), "latin1"),
    ],
    ["a list of names and values", '[{"key":"state","value":"1"},{"key":"err_code","value":"1"}]'],
    ["objects that are very deep", record.replace("{", `{"a":${'{"a":'.repeat(500)}1${"}".repeat(500)},`)],
    ["a longer record than it looks through", record.replace("{", `{"a":"${"x".repeat(300_000)}",`)],
    ["a byte order mark", `\uFEFF${record}`],
    [answers, '{"Code":"OK","RequestId":"r"}'],
    ["what is ignored", '{"op":"d","before":{"state":"1","err_code":"2"}}'],
  ])("%s", (_, value) => {
    expect(scanned(value as string | Buffer)).toBeUndefined();
  });

  it.each([
    ["a topic's pointer leads to twice", `{"a":{"b":${record}},"a":{"c":1}}`, { at: ["/a/b"] }],
    ["a topic's pointer leads through an array to", `{"a":[${record}]}`, { at: ["/a/0"] }],
    [
      "a shape's pointer leads through an array to",
      '{"codes":["A1"],"code":"B2"}',
      { formats: ["json"], json: [{ when: [], codes: [{ at: ["/codes/0", "/code"], scope: "s" }] }] },
    ],
  ])("what %s", (_, value, changes) => {
    expect(scanned(value, shapeOf(changes))).toBeUndefined();
  });

  it("records in another charset than UTF-8", () => {
    expect(scannerOf(shapeOf({ charset: "utf-8" }))).toBeDefined();
    expect(scannerOf(shapeOf({ charset: "gb18030" }))).toBeUndefined();
  });
});

it("the scanner settles digits that may be two times by the record's own", () => {
  const value = Buffer.from('{"send_time":"1909101606","rept_time":1909101607,"err_code":"","state":"1"}');
  const scan = scannerOf(shapeOf());
  const read = (recordedAt: number) => {
    const receipts: Receipt[] = [];
    scan?.scan(value, 0, value.length, recordedAt, receipts);
    return receipts;
  };
  const receivedAt = Date.parse("2019-09-10T16:07:00+08:00");
  expect(read(Date.UTC(2019, 8, 10))).toMatchObject([{ sentAt: receivedAt - 60_000, receivedAt }]);
  const later = { sentAt: 1_909_101_606_000, receivedAt: 1_909_101_607_000 };
  expect(read(Date.UTC(2030, 6, 1))).toMatchObject([later]);
});

it.each([
  ["moved for itself", (value: string) => Buffer.from(value)],
  ["held with others", (value: string) => hold(Buffer.from(value))],
])("the scanner reads nothing behind a record, %s", (_, inMemory) => {
  const scan = scannerOf(shapeOf());
  for (const value of [
    record,
    `[${record}]`,
    JSON.stringify({ n: 1, message: record }),
    '{"err_code":1,"state":2}',
  ]) {
    // Behind each is what is missing.
    const bytes = inMemory(value);
    for (let end = value.length; end >= 0; end--) {
      const receipts: Receipt[] = [];
      expect(scan?.scan(bytes, 0, end, timestamp, receipts)).toBe(end === value.length);
      expect(receipts).toHaveLength(end === value.length ? 1 : 0);
    }
  }
});

it("the scanner remembers as many sets of members as there is room for, and leaves other ones", () => {
  const scan = scannerOf(shapeOf());
  const names = [
    "extend",
    "biz_id",
    "receiver",
    "out",
    "id",
    "type",
    "app",
    "uuid",
    "text",
    "op",
    "kind",
    "content",
    "mobile",
  ];
  let taken = 0;
  for (let set = 0; set < 2 ** names.length; set++) {
    const members = names.filter((_, bit) => (set & (1 << bit)) !== 0).map((name) => `"${name}":1`);
    const value = Buffer.from(`{${[...members, '"err_code":"1"', '"state":"1"'].join(",")}}`);
    const receipts: Receipt[] = [];
    if (scan?.scan(value, 0, value.length, timestamp, receipts)) taken++;
  }
  expect(taken).toBeGreaterThan(100);
  expect(scan?.scan(Buffer.from(record), 0, 0, timestamp, [])).toBe(false);
});
