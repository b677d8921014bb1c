import { describe, expect, it } from "vitest";
import { isBlank, utf8Text } from "../../src/receipts/text.ts";

describe("the text of bytes", () => {
  const rows = [
    { name: "ASCII", bytes: Buffer.from('{"a":1}'), text: '{"a":1}' },
    { name: "of any script", bytes: Buffer.from("空号"), text: "空号" },
    { name: "without its byte order mark", bytes: Buffer.from("\uFEFF{}"), text: "{}" },
    { name: "without one of two", bytes: Buffer.from("\uFEFF\uFEFF{}"), text: "\uFEFF{}" },
    { name: "with one that is not in front", bytes: Buffer.from("{}\uFEFF"), text: "{}\uFEFF" },
    { name: "of none", bytes: Buffer.alloc(0), text: "" },
    { name: "GBK", bytes: Buffer.from("bfd5bac5", "hex"), text: undefined },
    { name: "cut within a character", bytes: Buffer.from("空号").subarray(0, 5), text: undefined },
    { name: "with a lone surrogate", bytes: Buffer.from("eda080", "hex"), text: undefined },
  ];
  it.each(rows)("$name", ({ bytes, text }) => {
    expect(utf8Text(bytes)).toBe(text);
  });
});

describe("a blank text", () => {
  it.each(["", " ", "\t\r\n "])("%j", (text) => {
    expect(isBlank(text)).toBe(true);
  });

  // what JSON takes for no blank is not nothing: it has to be told as no JSON
  it.each(["0", " x ", "\u00a0", "\u3000", "\uFEFF", "\u0000", "\v"])("is not %j", (text) => {
    expect(isBlank(text)).toBe(false);
  });
});
