import { describe, expect, it } from "vitest";
import { openInner, openText } from "../../src/receipts/open-text.ts";

function opened(text: string) {
  return openText(text, undefined);
}

describe("a text", () => {
  const rows: readonly { text: string; value: unknown; as: string }[] = [
    { text: '{"a":1}', value: { a: 1 }, as: "JSON" },
    { text: " [1]\n", value: [1], as: "JSON" },
    { text: "null", value: null, as: "JSON" },
    { text: '"[1]"', value: "[1]", as: "JSON" },
    { text: 'alibaba_aliqin_FcSmsDR{"a":1}', value: { a: 1 }, as: "JSON behind other words" },
    { text: '\r\n alibaba_aliqin_FcSmsDR \t[{"a":1}] ', value: [{ a: 1 }], as: "JSON behind other words" },
    { text: 'INFO receipt={"a":1}', value: { a: 1 }, as: "JSON behind other words" },
    { text: '{"a":1}\n{"a":2}', value: [{ a: 1 }, { a: 2 }], as: "2 documents" },
    { text: "status=DELIVRD&id=1", value: { status: "DELIVRD", id: "1" }, as: "a form" },
    { text: "data=%7B%22a%22%3A1%7D", value: { data: '{"a":1}' }, as: "a form" },
    { text: "%7B%22a%22%3A1%7D", value: { a: 1 }, as: "URL-encoded JSON" },
    {
      text: 'id:1 sub:001 done date:2601010001 stat:REJECTD err:7 text:{"state":"1"}',
      value: { sub: "001", "done date": "2601010001", stat: "REJECTD", err: "7" },
      as: "an SMPP receipt",
    },
    { text: Buffer.from('{"a":"some text"}').toString("base64"), value: { a: "some text" }, as: "base64" },
  ];
  it.each(rows)("$text", ({ text, value, as }) => {
    expect(opened(text)).toEqual({ value, as });
  });

  it.each([
    "alibaba_aliqin_FcSmsDR",
    'alibaba_aliqin_FcSmsDR"a"',
    '{"a":1}}',
    "{'a':1}",
    "a=b",
    "2015-04-14 12:21:23 INFO receipt for a message",
    "%7B",
  ])("that is none of these: %s", (text) => {
    expect(opened(text)).toBeUndefined();
  });

  it("is opened as base64 once", () => {
    const once = Buffer.from(JSON.stringify({ a: "some text" })).toString("base64");
    expect(opened(Buffer.from(once).toString("base64"))).toBeUndefined();
  });
});

describe("a text within something", () => {
  it.each([
    { text: "[]", value: [] },
    { text: ' {"a":1} ', value: { a: 1 } },
    { text: '"{}"', value: "{}" },
    { text: "12", value: undefined },
    { text: "null", value: undefined },
    { text: "OK", value: undefined },
    { text: "用户接收成功", value: undefined },
  ])("$text", ({ text, value }) => {
    expect(openInner(text, undefined)?.value).toEqual(value);
  });
});
