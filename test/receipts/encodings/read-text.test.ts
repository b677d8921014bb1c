import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { largestValue } from "../../../src/bounds.ts";
import { type Charset, charsets } from "../../../src/receipts/encodings/charset.ts";
import { isGzip, readText } from "../../../src/receipts/encodings/read-text.ts";

const receipt =
  '{"extend": "", "send_time": "2021-05-01 10:00:00", "receiver": "13900000000", ' +
  '"rept_time": "2021-05-01 10:00:08", "err_code": "DB:0141", "state": "2", "biz_id": "1^2"}';

/** Bytes in order of a schema registry's serializer: the prefix with the schema's id, and what it wrote. */
function ofRegistry(id: number, encoded: string | Buffer): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeInt32BE(id, 1);
  return Buffer.concat([prefix, Buffer.from(encoded)]);
}

function utf16be(text: string): Buffer {
  return Buffer.from(text, "utf16le").swap16();
}

describe("the text of a value", () => {
  const rows: readonly { name: string; bytes: Buffer; charset?: Charset; text: string }[] = [
    { name: "plain", bytes: Buffer.from(receipt), text: receipt },
    { name: "UTF-8", bytes: Buffer.from('{"m":"空号"}'), text: '{"m":"空号"}' },
    { name: "an object in lines", bytes: Buffer.from('{\n  "a": 1\n}'), text: '{\n  "a": 1\n}' },
    { name: "a string", bytes: Buffer.from(JSON.stringify(receipt)), text: JSON.stringify(receipt) },
    { name: "a form", bytes: Buffer.from("a=1&b=2\r\n"), text: "a=1&b=2" },
    { name: "with NULs at its end", bytes: Buffer.from(`${receipt}\0\0`), text: receipt },
    { name: "with a NUL and a newline", bytes: Buffer.from(`${receipt}\0\n`), text: receipt },
    { name: "with blanks in front, which stay", bytes: Buffer.from(" \n{} \t\r\n"), text: " \n{}" },
    { name: "of NULs alone", bytes: Buffer.alloc(9), text: "" },
    { name: "of none", bytes: Buffer.alloc(0), text: "" },
    { name: "a UTF-8 mark", bytes: Buffer.from(`\uFEFF${receipt}`), text: receipt },
    { name: "a UTF-16 mark", bytes: Buffer.from(`\uFEFF${receipt}\r\n\0`, "utf16le"), text: receipt },
    { name: "a UTF-16 mark, high byte first", bytes: utf16be(`\uFEFF${receipt}\n`), text: receipt },
    { name: "GBK", bytes: Buffer.from("bfd5bac50a00", "hex"), charset: "gbk", text: "空号" },
    { name: "a mark against GBK", bytes: Buffer.from("\uFEFF空号"), charset: "gbk", text: "空号" },
    {
      name: "UTF-16 without a mark",
      bytes: Buffer.from(receipt, "utf16le"),
      charset: "utf-16le",
      text: receipt,
    },
    { name: "the same, high byte first", bytes: utf16be(receipt), charset: "utf-16be", text: receipt },
    { name: "gzip", bytes: gzipSync(receipt), text: receipt },
    { name: "gzip in two members", bytes: Buffer.concat([gzipSync("[{}"), gzipSync("]")]), text: "[{}]" },
    { name: "gzip with NULs behind it", bytes: Buffer.concat([gzipSync("{}"), Buffer.alloc(3)]), text: "{}" },
    { name: "gzip of a mark", bytes: gzipSync(`\uFEFF${receipt}\0`), text: receipt },
    { name: "gzip of GBK", bytes: gzipSync(Buffer.from("bfd5", "hex")), charset: "gb18030", text: "空" },
    { name: "gzip of a registry's JSON", bytes: gzipSync(ofRegistry(7, receipt)), text: receipt },
    { name: "gzip of nothing", bytes: gzipSync(""), text: "" },
    { name: "a registry's JSON", bytes: ofRegistry(42, receipt), text: receipt },
    { name: "of a high id", bytes: ofRegistry(0x7b007b00, "[{}]\n"), text: "[{}]" },
    { name: "a registry's JSON behind blanks", bytes: ofRegistry(1, ' \n"{}"\n'), text: ' \n"{}"' },
    { name: "a registry's JSON with a mark", bytes: ofRegistry(100_001, `\uFEFF${receipt}`), text: receipt },
    { name: "a registry's JSON, cut", bytes: ofRegistry(1, '{"a":tr'), text: '{"a":tr' },
    { name: "a prefix without more", bytes: ofRegistry(1, ""), text: "\0\0\0\0\u0001" },
    {
      name: "a number and NULs",
      bytes: Buffer.from("000000000000303900", "hex"),
      text: "\0\0\0\0\0\u000009",
    },
    { name: "UTF-16 that nobody declared", bytes: utf16be('{"a":1}'), text: '\0{\0"\0a\0"\0:\x001\0}' },
  ];
  it.each(rows)("$name", ({ bytes, charset, text }) => {
    expect(readText(bytes, charset)).toBe(text);
  });

  const refused: readonly { name: string; bytes: Buffer; charset?: Charset; reason: string }[] = [
    { name: "GBK that nobody declared", bytes: Buffer.from("bfd5bac5", "hex"), reason: "invalid_utf8" },
    { name: "no UTF-8 behind its mark", bytes: Buffer.from("efbbbfff", "hex"), reason: "invalid_utf8" },
    { name: "not the UTF-8 declared", bytes: Buffer.from([0xff]), charset: "utf-8", reason: "invalid_utf8" },
    {
      name: "not the GBK declared",
      bytes: Buffer.from("bfd5ff", "hex"),
      charset: "gbk",
      reason: "invalid_charset",
    },
    { name: "half a unit", bytes: Buffer.from("{}x"), charset: "utf-16le", reason: "invalid_charset" },
    { name: "half a unit behind a mark", bytes: Buffer.from("fffe7b", "hex"), reason: "invalid_charset" },
    { name: "gzip, cut", bytes: gzipSync(receipt).subarray(0, 40), reason: "damaged_gzip" },
    {
      name: "gzip with something behind it",
      bytes: Buffer.from([...gzipSync("{}"), 1]),
      reason: "damaged_gzip",
    },
    { name: "gzip that is none", bytes: Buffer.from("1f8b08", "hex"), reason: "damaged_gzip" },
    { name: "gzip within gzip", bytes: gzipSync(gzipSync(receipt)), reason: "invalid_utf8" },
    { name: "Avro", bytes: ofRegistry(42, "\u0016139000000"), reason: "schema_registry" },
    // 17 characters: their length looks as a quote does
    {
      name: "Avro with a quote",
      bytes: ofRegistry(42, '"13900000000 DELIV\u0002'),
      reason: "schema_registry",
    },
    {
      name: "Protobuf",
      bytes: ofRegistry(42, Buffer.from("000a0b313339", "hex")),
      reason: "schema_registry",
    },
    {
      name: "Avro within gzip",
      bytes: gzipSync(ofRegistry(42, "\u0016139000000")),
      reason: "schema_registry",
    },
    {
      name: "a number of eight bytes",
      bytes: Buffer.from("0000018d0a0b0c0d", "hex"),
      reason: "invalid_utf8",
    },
  ];
  it.each(refused)("is not to be read: $name", ({ bytes, charset, reason }) => {
    expect(readText(bytes, charset)).toEqual({ reason });
  });

  it("is as long as a value may be, and no longer, whatever was packed", () => {
    expect(readText(gzipSync(Buffer.alloc(largestValue, "a")))).toHaveLength(largestValue);
    expect(readText(gzipSync(Buffer.alloc(largestValue + 1, "a")))).toEqual({ reason: "too_large" });
    const members = Array.from({ length: 17 }, () => gzipSync(Buffer.alloc(1024 * 1024, "a")));
    expect(readText(Buffer.concat(members))).toEqual({ reason: "too_large" });
  });
});

describe("of any bytes", () => {
  const reasons = ["invalid_utf8", "too_large", "invalid_charset", "damaged_gzip", "schema_registry"];
  const starts = ["", "1f8b", "1f8b08", "0000000001", "00000001", "efbbbf", "fffe", "feff", "7b22"];
  const bytes = fc
    .tuple(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 40 }))
    .map(([start, rest]) => Buffer.concat([Buffer.from(start, "hex"), rest]));
  const charset = fc.option(fc.constantFrom(...charsets), { nil: undefined });

  it("there is a text or one of the reasons", () => {
    fc.assert(
      fc.property(bytes, charset, fc.boolean(), (value, declared, packed) => {
        const read = readText(packed ? gzipSync(value) : value, declared);
        if (typeof read !== "string") expect(reasons).toContain(read.reason);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe("what was written is read", () => {
  const json = fc
    .object({ key: fc.string({ unit: "grapheme" }), maxDepth: 2 })
    .map((value) => JSON.stringify(value));
  const ends = fc.constantFrom("", "\0", "\n", "\r\n", " \0\0\n");
  const writers: Readonly<Record<string, { charset?: Charset; write: (text: string) => Buffer }>> = {
    "UTF-8": { write: (text) => Buffer.from(text) },
    "UTF-8 with its mark": { write: (text) => Buffer.from(`\uFEFF${text}`) },
    "UTF-16": { charset: "utf-16le", write: (text) => Buffer.from(text, "utf16le") },
    "UTF-16 with its mark": { write: (text) => Buffer.from(`\uFEFF${text}`, "utf16le") },
    "UTF-16, high byte first": { charset: "utf-16be", write: utf16be },
    "UTF-16, high byte first, with its mark": { write: (text) => utf16be(`\uFEFF${text}`) },
    "a registry's JSON": { write: (text) => ofRegistry(9, text) },
  };
  it.each(Object.entries(writers))("%s, plain and packed", (_, { charset, write }) => {
    fc.assert(
      fc.property(json, ends, fc.boolean(), (text, end, packed) => {
        const bytes = write(text.toWellFormed() + end);
        expect(readText(packed ? gzipSync(bytes) : bytes, charset)).toBe(text.toWellFormed());
      }),
      { numRuns: 500 },
    );
  });

  it("latin1", () => {
    const letter = fc.integer({ min: 0x21, max: 0xff }).map((unit) => String.fromCharCode(unit));
    fc.assert(
      fc.property(fc.array(letter, { maxLength: 20 }), (letters) => {
        const text = `"${letters.join("")}"`;
        expect(readText(Buffer.from(text, "latin1"), "latin1")).toBe(text);
      }),
    );
  });

  it("every character of GB 2312 in GBK and GB 18030", () => {
    const rows = Array.from({ length: 72 }, (_, row) => row + 0xb0);
    const seen = new Set<string>();
    for (const high of rows) {
      for (let low = 0xa1; low <= 0xfe; low++) {
        const text = readText(Buffer.from([high, low]), "gbk");
        expect(readText(Buffer.from([high, low]), "gb18030")).toBe(text);
        if (typeof text === "string") seen.add(text);
      }
    }
    expect(seen.size).toBe(rows.length * 94);
  });
});

it("gzip is known by three bytes", () => {
  expect(["1f8b08", "1f8b", "1f8b09", "7b7d"].map((hex) => isGzip(Buffer.from(hex, "hex")))).toEqual([
    ...[true, false, false, false],
  ]);
});
