import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { largestValue } from "../../../src/bounds.ts";
import type { Charset } from "../../../src/receipts/encodings/charset.ts";
import { decodeUrl, parseForm } from "../../../src/receipts/encodings/form.ts";

describe("a form", () => {
  const rows: readonly { name: string; text: string; fields: unknown }[] = [
    {
      name: "Huawei",
      text: "status=DELIVRD&smsMsgId=x_1&updateTime=2018-04-13T06:31:46Z",
      fields: { status: "DELIVRD", smsMsgId: "x_1", updateTime: "2018-04-13T06:31:46Z" },
    },
    {
      name: "Chuanglan: a path and its query",
      text:
        "/chuanglan?receiver=null&pswd=null&msgid=1909&reportTime=1909101607&mobile=13900000000" +
        "&status=DELIVRD&notifyTime=190910160719&statusDesc=%E7%9F%AD%E4%BF%A1&length=1",
      fields: {
        ...{ receiver: "null", pswd: "null", msgid: "1909", reportTime: "1909101607", mobile: "13900000000" },
        ...{ status: "DELIVRD", notifyTime: "190910160719", statusDesc: "短信", length: "1" },
      },
    },
    {
      name: "Twilio",
      text:
        "SmsSid=SM1&SmsStatus=undelivered&MessageStatus=undelivered&To=%2B8613900000000&MessageSid=SM1" +
        "&AccountSid=AC1&From=%2B14150000000&ApiVersion=2010-04-01&ErrorCode=30003",
      fields: {
        ...{ SmsSid: "SM1", SmsStatus: "undelivered", MessageStatus: "undelivered", To: "+8613900000000" },
        ...{ MessageSid: "SM1", AccountSid: "AC1", From: "+14150000000", ApiVersion: "2010-04-01" },
        ErrorCode: "30003",
      },
    },
    {
      name: "Plivo",
      text: "MessageUUID=u&From=1415&To=14150000000&Status=undelivered&ErrorCode=30&Units=1",
      fields: {
        ...{ MessageUUID: "u", From: "1415", To: "14150000000", Status: "undelivered" },
        ...{ ErrorCode: "30", Units: "1" },
      },
    },
    {
      name: "Ahoi",
      text:
        "uuid=s-1&source=3150000000&destination=5640000000&send_status=delivered&status=delivered" +
        "&smpp_status=DELIVRD&smpp_code=&error=000",
      fields: {
        ...{ uuid: "s-1", source: "3150000000", destination: "5640000000", send_status: "delivered" },
        ...{ status: "delivered", smpp_status: "DELIVRD", smpp_code: "", error: "000" },
      },
    },
    {
      name: "SSL Wireless: raw blanks and colons",
      text:
        "message_id=1&status=DELIVRD&phone=8801700000000&submit_time=2026-01-30 14:30:00" +
        "&done_time=2026-01-30 14:30:05&operator=GRAMEENPHONE",
      fields: {
        ...{ message_id: "1", status: "DELIVRD", phone: "8801700000000", submit_time: "2026-01-30 14:30:00" },
        ...{ done_time: "2026-01-30 14:30:05", operator: "GRAMEENPHONE" },
      },
    },
    { name: "a URL", text: "https://h.example:8443/cb/?a=1&b=2", fields: { a: "1", b: "2" } },
    { name: "a query alone", text: "?a=1&b=2", fields: { a: "1", b: "2" } },
    { name: "a request", text: "GET /cb?a=x y&b=2 HTTP/1.1", fields: { a: "x y", b: "2" } },
    { name: "a request for a URL", text: "POST http://h/cb?a=1&b=2 HTTP/2", fields: { a: "1", b: "2" } },
    { name: "with a newline at its end", text: "a=1&b=2\r\n", fields: { a: "1", b: "2" } },
    { name: "plus and blank", text: "a=+x%20y%2B&b=+", fields: { a: " x y+", b: " " } },
    { name: "empty parts", text: "&a=1&&b=2&", fields: { a: "1", b: "2" } },
    { name: "signs of equality in a value", text: "sign=YQ==&b=c=d", fields: { sign: "YQ==", b: "c=d" } },
    { name: "a question in a value", text: "a=what?&b=/x?y", fields: { a: "what?", b: "/x?y" } },
    {
      name: "escapes that are none",
      text: "a=100%&b=%zz%4&c=%E7%9F",
      fields: { a: "100%", b: "%zz%4", c: "%E7%9F" },
    },
    { name: "a wrong one beside right ones", text: "a=%41%FF+%42&b=", fields: { a: "%41%FF B", b: "" } },
    { name: "raw characters beside escapes", text: "a=空%E5%8F%B7&b=号", fields: { a: "空号", b: "号" } },
    { name: "JSON in a field", text: "a=%7B%22b%22%3A1%7D&c=[]", fields: { a: '{"b":1}', c: "[]" } },
    {
      name: "escaped names",
      text: "data%5B0%5D%5Bstatus%5D=1&b=2",
      fields: { "data[0][status]": "1", b: "2" },
    },
    { name: "a name again", text: "a=1&a=2&b=3", fields: { a: "1", b: "3" } },
    { name: "lists", text: "a[]=1&b=2&a%5B%5D=3", fields: { a: ["1", "3"], b: "2" } },
    {
      name: "a list beside a value of its name",
      text: "a=1&a[]=2&b=3&a[]=4&a=5",
      fields: { a: "1", "a[]": ["2", "4"], b: "3" },
    },
    { name: "a value behind a list of its name", text: "a[]=1&a=2&a[]=3", fields: { a: ["1", "2", "3"] } },
  ];
  it.each(rows)("$name", ({ text, fields }) => {
    expect(parseForm(text)).toEqual(fields);
  });

  it("has the names of what others inherit as its own", () => {
    const fields = parseForm("__proto__=p&constructor=c&__proto__[]=x") ?? {};
    expect(Object.entries(fields)).toEqual([
      ["__proto__", "p"],
      ["constructor", "c"],
      ["__proto__[]", ["x"]],
    ]);
    expect(Object.getPrototypeOf(fields)).toBe(Object.prototype);
  });

  const charsets: readonly { charset: Charset; value: string; decoded: string }[] = [
    { charset: "gbk", value: "%BF%D5%BA%C5", decoded: "空号" },
    // PHP leaves a second byte that is a letter's as it is
    { charset: "gbk", value: "%D6A+%BF%D5", decoded: "諥 空" },
    { charset: "gb18030", value: "%BF%D5%FF", decoded: "%BF%D5%FF" },
    { charset: "gbk", value: "空%BA%C5+", decoded: "空号 " },
    { charset: "latin1", value: "%E9", decoded: "é" },
    { charset: "utf-16le", value: "%E7%A9%BA", decoded: "空" },
    { charset: "utf-8", value: "%BF%D5", decoded: "%BF%D5" },
  ];
  it.each(charsets)("in $charset: $value", ({ charset, value, decoded }) => {
    expect(parseForm(`a=${value}&b=1`, charset)).toEqual({ a: decoded, b: "1" });
  });

  const utf8 = [
    { value: "%EF%BB%BF%E7%A9%BA", decoded: "空" },
    { value: "\ud800%E7%A9%BA", decoded: "\ufffd空" },
    { value: "%e7%a9%ba+%2B", decoded: "空 +" },
    { value: "%BF%D5", decoded: "%BF%D5" },
  ];
  it.each(utf8)("$value is read alike after values that are UTF-8 and after one that is not", (given) => {
    for (let i = 0; i < 300; i++) parseForm("a=%E7%A9%BA&b=1");
    for (let i = 0; i < 2; i++) {
      expect(parseForm(`a=${given.value}&b=1`)).toEqual({ a: given.decoded, b: "1" });
      parseForm("a=%BF%D5&b=1");
    }
  });

  const others = [
    ...[
      "",
      " ",
      "a",
      "a=1",
      "&",
      "=",
      "=1&=2",
      "a=1&b",
      "a=1&b&c=2",
      '{"a":"x=1&b=2"}',
      "[a=1&b=2",
      "a=1\nb=2&c=3",
    ],
    ...[
      "a=1&b=2\rc=3",
      "a=1&b=\u00002",
      "a b=1&c=2",
      "1a=1&b=2",
      "a&=1&b=2",
      '"a=1&b=2"',
      "<a href=x&b=2>",
      "cb?a=1&b=2",
    ],
    ...[
      "/cb",
      "/a=1&b=2",
      "/usr/bin/x says: ok?a=1&b=2",
      "2026-01-01 INFO body: a=1&b=2",
      "id:1 stat:DELIVRD err:0",
    ],
    ...[
      "[?a=1&b=2",
      "?{a=1&b=2",
      "%7B%22a%22:1%7D",
      "%7B%22a%22:1%7D=&b=2",
      "消息=1&b=2",
      `${"a".repeat(129)}=1&b=2`,
    ],
    ...["GET /cb?a=1&b=2\r\nHost: x", "a%=1&b=2", "a]=1&b=2", "a[=1&b=2"],
  ];
  it.each(others)("is none: %j", (text) => {
    expect(parseForm(text)).toBeUndefined();
  });

  it("has a bounded number of pairs", () => {
    expect(parseForm("a=&".repeat(1024))).toEqual({ a: "" });
    expect(parseForm("a=&".repeat(1025))).toBeUndefined();
  });

  it("may have one value as long as there can be", () => {
    for (const part of ["%41", "%FF", "%", "+", "空", "a", " "]) {
      const value = part.repeat(largestValue / 4);
      const fields = parseForm(`a=${value}&b=1`);
      expect([Object.keys(fields ?? {}), typeof fields?.a]).toEqual([["a", "b"], "string"]);
    }
  });
});

describe("JSON that is percent-encoded as a whole", () => {
  const json = '{"a":"空 +=&号"}';
  const rows: readonly { name: string; text: string; charset?: Charset; decoded: string | undefined }[] = [
    { name: "an object", text: encodeURIComponent(json), decoded: json },
    { name: "in small letters", text: encodeURIComponent(json).toLowerCase(), decoded: json },
    { name: "an array", text: "%5B%7B%7D%5D", decoded: "[{}]" },
    { name: "a string", text: encodeURIComponent('"{}"'), decoded: '"{}"' },
    { name: "only what a URL cannot have", text: encodeURI('{"a":"b=c&d"}'), decoded: '{"a":"b=c&d"}' },
    { name: "as a name without a value", text: "%7B%22a%22%3A+1%7D=", decoded: '{"a": 1}' },
    { name: "a newline at its end", text: "%7B%7D\n", decoded: "{}" },
    { name: "GBK", text: "%7B%22a%22:%22%BF%D5%22%7D", charset: "gbk", decoded: '{"a":"空"}' },
    { name: "a field", text: "a=%7B%7D", decoded: undefined },
    { name: "JSON", text: '{"a":"%7B"}', decoded: undefined },
    { name: "another text", text: "%41%42", decoded: undefined },
    { name: "nothing", text: "", decoded: undefined },
  ];
  it.each(rows)("$name", ({ text, charset, decoded }) => {
    expect(decodeUrl(text, charset)).toBe(decoded);
  });
});

describe("what was written is read", () => {
  const word = fc.string({ unit: "grapheme", maxLength: 20 }).map((text) => text.toWellFormed());
  const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,20}$/);
  const pairs = fc.uniqueArray(fc.tuple(name, word), {
    minLength: 2,
    maxLength: 10,
    selector: ([key]) => key,
  });
  const front = fc.constantFrom("", "?", "/cb?", "https://h.example/cb?");

  it("as URLSearchParams writes it", () => {
    fc.assert(
      fc.property(pairs, front, (fields, before) => {
        const read = parseForm(before + new URLSearchParams(fields).toString());
        expect(Object.entries(read ?? {}).sort()).toEqual([...fields].sort());
      }),
      { numRuns: 2_000 },
    );
  });

  it("as encodeURIComponent writes it", () => {
    const json = fc.object({ key: word, maxDepth: 2 }).map((value) => JSON.stringify(value).toWellFormed());
    fc.assert(
      fc.property(json, (text) => {
        expect(decodeUrl(encodeURIComponent(text))).toBe(text);
        expect(parseForm(`a=${encodeURIComponent(text)}&b=`)).toEqual({ a: text, b: "" });
      }),
      { numRuns: 1_000 },
    );
  });

  it("and nothing throws", () => {
    const rough = fc.string({ unit: fc.constantFrom(...'ab=&?%/+:[]{" 4Ff空\ud83d'), maxLength: 40 });
    fc.assert(
      fc.property(
        rough,
        fc.constantFrom<Charset | undefined>(undefined, "gbk", "latin1"),
        (text, charset) => {
          const fields = parseForm(text, charset) ?? {};
          for (const value of Object.values(fields))
            expect(Array.isArray(value) || typeof value === "string").toBe(true);
          decodeUrl(`%7B${text}`, charset);
        },
      ),
      { numRuns: 10_000 },
    );
  });
});
