import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { notJson, parseDocuments } from "../../../src/receipts/encodings/documents.ts";

const receipt =
  '{"extend": "", "send_time": "2021-05-01 10:00:00", "receiver": "13900000000", ' +
  '"rept_time": "2021-05-01 10:00:08", "err_code": "DB:0141", "state": "2", "biz_id": "1^2"}';
const fields = JSON.parse(receipt);
const printed = JSON.stringify(fields, null, 2);

describe("documents in one text", () => {
  const rows: readonly { name: string; text: string; documents: unknown[] }[] = [
    { name: "one a line", text: '{"a":1}\n[{}]\n', documents: [{ a: 1 }, [{}]] },
    {
      name: "lines of Windows, blank ones too",
      text: '{"a":1}\r\n\r\n \t\r\n{"b":2}\r\n',
      documents: [{ a: 1 }, { b: 2 }],
    },
    { name: "one behind another", text: '{"a":1}{"b":2}[] {}', documents: [{ a: 1 }, { b: 2 }, [], {}] },
    { name: "printed", text: `${printed}\n${printed}\r\n[\n  {}\n]`, documents: [fields, fields, [{}]] },
    { name: "printed, one behind another", text: printed + printed, documents: [fields, fields] },
    { name: "a JSON text sequence", text: `\u001e${printed}\n\u001e{}\n`, documents: [fields, {}] },
    { name: "record separators alone", text: '{"a":1}\u001e{"b":2}\u001e', documents: [{ a: 1 }, { b: 2 }] },
    { name: "strings", text: `${JSON.stringify(receipt)}\n"x"`, documents: [receipt, "x"] },
    {
      name: "numbers and words among them",
      text: "1\nnull\n{}\n-1.5e3\ntrue",
      documents: [1, null, {}, -1500, true],
    },
    {
      name: "a line that is none",
      text: '{"a":1}\n{bad}\n{"b":2}',
      documents: [{ a: 1 }, notJson, { b: 2 }],
    },
    { name: "words", text: 'hello\n{"a":1}\n"\n01\n', documents: [notJson, { a: 1 }, notJson, notJson] },
    { name: "one that is none behind another", text: "{}{bad}{}", documents: [{}, notJson, {}] },
    { name: "one that was cut, last", text: '{"a":1}\n{"b":', documents: [{ a: 1 }, notJson] },
    { name: "one that was cut, first", text: '{"b":\n{"a":1}\n{}', documents: [notJson, { a: 1 }, {}] },
    {
      name: "one that was cut in a string",
      text: '{"b":"x\n{"a":1}\nx={}',
      documents: [notJson, { a: 1 }, {}],
    },
    { name: "words behind one", text: '{"a":1} (took 3ms)\n{"b":2}', documents: [notJson, { b: 2 }] },
    { name: "brackets in strings", text: '{"a":"}{\\"]"}\n{}', documents: [{ a: '}{"]' }, {}] },
    {
      name: "its members are its own",
      text: '{"__proto__":1}\n{}',
      documents: [JSON.parse('{"__proto__":1}'), {}],
    },
  ];
  it.each(rows)("$name", ({ text, documents }) => {
    expect(parseDocuments(text)).toEqual(documents);
  });
});

describe("a document with words in front", () => {
  const rows: readonly { text: string; documents: unknown[] }[] = [
    { text: `2026-01-01 00:00:00.123 INFO [sms-receiver] receipt=${receipt}`, documents: [fields] },
    { text: `[2026-01-01 00:00:00] [INFO] ${receipt}`, documents: [fields] },
    { text: `[12] ${receipt}\n[12] {} ${receipt}\n`, documents: [fields, fields] },
    { text: `{requestId=1, user=x} ${receipt}`, documents: [notJson, fields] },
    { text: `INFO Receipt{id=1} it's: [${receipt}]`, documents: [[fields]] },
    { text: `INFO receipt=${printed}\nINFO done\n`, documents: [fields, notJson] },
    { text: `data: ${receipt}\n\ndata: {}\n\n`, documents: [fields, {}] },
    { text: `INFO headers={"a":"b"} body=${receipt}`, documents: [{ a: "b" }, fields] },
    { text: `INFO [{"a":1}] ["x"] [] {} ${receipt}`, documents: [[{ a: 1 }], fields] },
    { text: `alibaba_aliqin_FcSmsDR${receipt}`, documents: [fields] },
    { text: `alibaba_aliqin_FcSmsDR \t[${receipt}] `, documents: [[fields]] },
    { text: `\r\n alibaba_aliqin_FcSmsDR\r\n ${printed}`, documents: [fields] },
    { text: `id,receipt\n1,${receipt}\n`, documents: [notJson, fields] },
  ];
  it.each(rows)("$text", ({ text, documents }) => {
    expect(parseDocuments(text)).toEqual(documents);
  });

  const others = [
    ...[
      "",
      " \n\u001e",
      "hello",
      "1",
      "1\n2\nnull",
      "[INFO] ok",
      "{bad}",
      "{bad}\n{worse}",
      '{"a":1}}',
      '{"a":1} took 3ms',
    ],
    ...[
      "{'a':1}",
      '"{\\"a\\":1}',
      "alibaba_aliqin_FcSmsDR",
      'alibaba_aliqin_FcSmsDR"a"',
      "a=1&b=2",
      "<a>{}</a>",
      "f() {} x",
    ],
    // what lies within a document that was cut is no document
    ...[
      '{"a":{"b":1}',
      'INFO x={"a":{"b":1}',
      'INFO x=[{"a":1},{"b":1}',
      '[{"a":1},{"b":1}',
      '{"a":1,\n "b":{}\n',
    ],
    ...['{"a":\n"b":{"c":1}\n', 'INFO x={\n "b":{"c":1}\n', '[1, {"a":1}, x]'],
  ];
  it.each(others)("is not found in %j", (text) => {
    expect(parseDocuments(text)).toBeUndefined();
  });
});

describe("what was written is read", () => {
  const value = fc.oneof(
    fc.object({ maxDepth: 2, key: fc.string({ unit: "grapheme" }) }),
    fc.array(fc.object({ maxDepth: 1 }), { maxLength: 3 }),
  );
  const write = fc.constantFrom<(value: unknown) => string>(
    (written) => JSON.stringify(written),
    (written) => JSON.stringify(written, null, 2),
    (written) => JSON.stringify(written, null, "\t").replaceAll("\n", "\r\n"),
  );
  const between = fc.constantFrom("", " ", "\n", "\r\n", "\n\n", "\n\u001e");

  it("one behind another, with anything between", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(value, write, between), { minLength: 1, maxLength: 6 }), (written) => {
        const text = written.map(([one, print, end]) => print(one) + end).join("");
        const want = written.map(([one]) => JSON.parse(JSON.stringify(one)));
        // JSON.stringify alone writes what JSON.parse made of it again: -0 and undefined are gone
        expect(parseDocuments(text)).toEqual(want);
      }),
      { numRuns: 500 },
    );
  });

  it("behind words", () => {
    const words = fc.stringMatching(/^[a-zA-Z0-9 :=."'-]{0,20}(?:\[[a-z]{0,8}\] )?[a-z=]{0,5}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(words, value), { minLength: 1, maxLength: 4 }), (lines) => {
        const text = lines.map(([before, one]) => `x ${before}${JSON.stringify(one)}\n`).join("");
        expect(parseDocuments(text)).toEqual(lines.map(([, one]) => JSON.parse(JSON.stringify(one))));
      }),
      { numRuns: 300 },
    );
  });

  it("and nothing throws, and each document is in the text", () => {
    const part = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      '"',
      "\\",
      "\n",
      "\u001e",
      " ",
      ":",
      ",",
      "1",
      '{"a":1}',
      "x",
      "null",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const documents = parseDocuments(parts.join("")) ?? [];
        expect(documents.length).toBeLessThanOrEqual(parts.length);
      }),
      { numRuns: 10_000 },
    );
  });
});

describe("however long the text", () => {
  // each would take most of an hour if the rest were looked through for every line or bracket
  const parts = [
    ...[
      "{",
      "[",
      "{\n",
      "[\n",
      "x {\n",
      "{\n}\n",
      "{x}\n",
      "[x] ",
      "x {} y",
      '{"a":"\n',
      '"\n',
      "x\n",
      "1\n",
      "\\",
      '{"\\',
    ],
    ...["{ ", "[ \n", "[1]x\n", '[{"a":1}]x', "{}x\n"],
  ];
  it.each(parts)("it is looked through in proportion to its length: %j", (part) => {
    const text = part.repeat(1_000_000 / part.length);
    const documents = parseDocuments(text);
    expect(documents?.every((document) => document === notJson || typeof document === "object") ?? true).toBe(
      true,
    );
  });

  it("there may be any number of documents", () => {
    expect(parseDocuments("{}\n".repeat(100_000))).toHaveLength(100_000);
    expect(parseDocuments("[INFO] {}\n".repeat(50_000))).toHaveLength(50_000);
    expect(parseDocuments('x {"a":1} '.repeat(150_000))).toHaveLength(150_000);
  });

  it("what fails to be read again and again is something else", () => {
    expect(parseDocuments(`{}\n${'{"a"}\n'.repeat(4_096)}`)).toHaveLength(4_097);
    expect(parseDocuments(`{}\n${'{"a"}\n'.repeat(4_097)}`)).toBeUndefined();
  });
});
