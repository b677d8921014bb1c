import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { viewOf } from "../../src/receipts/bytes.ts";
import { createDecoder } from "../../src/receipts/decode.ts";
import type { Receipt } from "../../src/receipts/receipt.ts";
import { scanTmcSms } from "../../src/receipts/scan-tmc-sms.ts";
import { createRandom, type Random } from "../lab/random.ts";

const options = { scope: undefined, utcOffsetMinutes: 480 };
const record =
  '{"extend":"123456","send_time":"2015-04-14 12:21:23","receiver":"13000000000","rept_time":"2015-04-14 12:21:44","err_code":"DELIVRD","state":"1","biz_id":"123456^123456"}';

const decoders = (["auto", "tmc-sms"] as const).map((format) =>
  createDecoder({ ...options, format, json: undefined }),
);
const byteOrderMark = Buffer.from("\uFEFF");

/** What stands around a record: bytes that would make many a broken one whole. */
const before = Buffer.from('{"state":"');
const behind = Buffer.from('":"1","err_code":"1"}\n');

/**
 * Throws unless the decoders, which scan, agree with what they read by way of JSON.parse alone: a byte order
 * mark in front keeps the scanner out. Returns whether the scanner took the record.
 */
function agrees(value: Buffer): boolean {
  const memory = Buffer.concat([before, value, behind]);
  const start = before.length;
  const end = start + value.length;
  const { byteOffset } = memory;
  const scanned = scanTmcSms(viewOf(memory), byteOffset + start, byteOffset + end, options);
  if (scanned !== undefined) JSON.parse(value.toString());
  const marked = Buffer.concat([byteOrderMark, value]);
  for (const decoder of decoders) {
    const receipts: Receipt[] = [];
    const parsed: Receipt[] = [];
    const reason = decoder(memory, undefined, receipts, start, end);
    const same =
      reason === decoder(marked, undefined, parsed) &&
      receipts.length === parsed.length &&
      receipts.every((receipt, i) => isSame(receipt, parsed[i])) &&
      (scanned === undefined || (reason === undefined && isSame(scanned, parsed[0])));
    if (!same) throw new Error(`They disagree on ${JSON.stringify(value.toString("latin1"))}.`);
  }
  return scanned !== undefined;
}

function isSame(a: Receipt, b: Receipt | undefined): boolean {
  return (
    b !== undefined &&
    a.scope === b.scope &&
    a.flag === b.flag &&
    a.code === b.code &&
    Object.is(a.sentAt, b.sentAt) &&
    Object.is(a.receivedAt, b.receivedAt) &&
    a.provider === b.provider
  );
}

/** How many damaged records are tried; `SCAN_RECORDS=5000000` takes a minute. */
const damagedRecords = Number(process.env.SCAN_RECORDS ?? 200_000);

const memberNames = ["extend", "send_time", "receiver", "rept_time", "err_code", "state", "biz_id"];
const memberValues = [
  "",
  "1",
  "2",
  "DELIVRD",
  "DB:0141",
  "2015-04-14 12:21:23",
  "2015-02-30 12:21:23",
  "1^1",
];
const separators = ["", "", "", " ", "\r\n\t"];
const edits = [...'"\\{}[]:,\n\t 0129-^AZaz', "\u0000", "\u001f", "\u007f"].map((char) => char.charCodeAt(0));

/** A record of these members, each once, in any order and with blanks between. */
function writeRecord({ below }: Random): Buffer {
  const any = <T>(choices: readonly T[]) => choices[below(choices.length)];
  const names = memberNames
    .map((name) => ({ name, order: below(1000) }))
    .sort((a, b) => a.order - b.order)
    .slice(0, 2 + below(6));
  const fields = names.map(({ name }) => {
    const blank = any(separators);
    return `${blank}"${name}"${any(separators)}:${blank}"${any(memberValues)}"`;
  });
  return Buffer.from(`{${fields.join(",")}${any(separators)}}`);
}

/** The record with a few bytes replaced, put in, left out, or written twice; or as it is. */
function damage(record: Buffer, { below }: Random): Buffer {
  let value = record;
  for (let count = below(4); count > 0; count--) {
    const at = below(value.length);
    const byte = below(4) === 0 ? below(256) : (edits[below(edits.length)] ?? 0);
    const middle = [
      () => [byte],
      () => [byte, ...value.subarray(at, at + 1)],
      () => [],
      () => [...value.subarray(at, at + 1), ...value.subarray(at, at + 1 + below(30))],
    ][below(4)]?.();
    value = Buffer.concat([value.subarray(0, at), Buffer.from(middle ?? []), value.subarray(at + 1)]);
  }
  return value;
}

describe("the scanner takes", () => {
  const rows = [
    { name: "the documented record", value: record },
    { name: "the two members that make a receipt", value: '{"err_code":"12","state":"2"}' },
    {
      name: "blanks between all tokens",
      value: ` ${record.replaceAll('":"', '" :\t"').replaceAll('","', '"\r\n, "').replaceAll(/[{}]/g, "\n$&\n")}`,
    },
    { name: "an empty code", value: record.replace("DELIVRD", "") },
    { name: "a long code", value: record.replace("DELIVRD", "9".repeat(100_000)) },
    { name: "any state", value: record.replace('"1"', '"delivered"') },
    { name: "times of another form", value: record.replace("2015-04-14 12:21:44", "20150414122144") },
    { name: "times that are none", value: record.replace("2015-04-14 12:21:44", "-") },
  ];
  it.each(rows)("$name", ({ value }) => {
    expect(agrees(Buffer.from(value))).toBe(true);
  });
});

describe("the scanner leaves to JSON.parse", () => {
  const rows = [
    { name: "nothing", value: "" },
    { name: "an empty object", value: "{}" },
    { name: "an array", value: `[${record}]` },
    { name: "an escape in a value", value: record.replace("DELIVRD", "\\u0044ELIVRD") },
    { name: "an escape in a name", value: record.replace("state", "\\u0073tate") },
    { name: "a character beyond ASCII", value: record.replace("DELIVRD", "空号") },
    { name: "a number", value: record.replace('"1"', "1") },
    { name: "null", value: record.replace('"DELIVRD"', "null") },
    { name: "a member twice", value: record.replace("}", ',"state":"2"}') },
    { name: "a member that is not the format's", value: record.replace("}", ',"success":"false"}') },
    { name: "a name that differs in its last letter", value: record.replace("biz_id", "biz_ie") },
    { name: "no state", value: record.replace('"state":"1",', "") },
    { name: "no code", value: record.replace('"err_code":"DELIVRD",', "") },
    { name: "a comma behind the last member", value: record.replace("}", ",}") },
    { name: "a missing comma", value: record.replace(',"state"', ' "state"') },
    { name: "a missing brace", value: record.slice(0, -1) },
    { name: "bytes behind the object", value: `${record}{}` },
    { name: "a control character in a string", value: record.replace("DELIVRD", "DELIVRD\u0001") },
  ];
  it.each(rows)("$name", ({ value }) => {
    expect(agrees(Buffer.from(value))).toBe(false);
  });
});

describe("the scanner and JSON.parse never disagree", () => {
  const { stackTraceLimit } = Error;

  // Most damaged records make JSON.parse throw, and a stack takes longer than all the rest.
  beforeAll(() => {
    Error.stackTraceLimit = 0;
  });

  afterAll(() => {
    Error.stackTraceLimit = stackTraceLimit;
  });

  it("on any record with one byte replaced by any other", () => {
    const value = Buffer.from(record);
    let taken = 0;
    for (let at = 0; at < value.length; at++) {
      const byte = value[at] ?? 0;
      for (let other = 0; other < 256; other++) {
        value[at] = other;
        if (agrees(value)) taken++;
      }
      value[at] = byte;
    }
    expect(taken).toBeGreaterThan(5_000);
  });

  it("on any record with one byte left out, one put in, or cut off", () => {
    const put = [...'"\\{}[]:, \n\t01ax\u0000\u007f\u00e9'].map((char) => Buffer.from(char));
    for (let at = 0; at <= record.length; at++) {
      const before = Buffer.from(record.slice(0, at));
      const after = Buffer.from(record.slice(at));
      agrees(before);
      agrees(Buffer.concat([before, after.subarray(1)]));
      for (const bytes of put) agrees(Buffer.concat([before, bytes, after]));
    }
  });

  it("on a record that ends where memory ends", () => {
    const scan = (value: Buffer) => {
      const memory = new Uint8Array(value).buffer;
      return scanTmcSms(new DataView(memory), 0, value.length, options);
    };
    expect(scan(Buffer.from(record))).toBeDefined();
    const random = createRandom(1);
    for (let i = 0; i < 500; i++) {
      const value = writeRecord(random);
      for (let end = 0; end < value.length; end++) {
        if (scan(value.subarray(0, end)) !== undefined) throw new Error(`It took ${value.subarray(0, end)}.`);
      }
    }
  });

  it("on records of its own members, whole and damaged", () => {
    const random = createRandom(2);
    let taken = 0;
    for (let i = 0, record: Buffer = Buffer.alloc(0); i < damagedRecords; i++) {
      if (i % 8 === 0) record = writeRecord(random);
      if (agrees(damage(record, random))) taken++;
    }
    expect(taken).toBeGreaterThan(damagedRecords / 10);
    expect(taken).toBeLessThan(damagedRecords / 2);
  }, 600_000);

  it("on generated objects, whole and damaged", () => {
    const own = ["extend", "send_time", "receiver", "rept_time", "err_code", "state", "biz_id"];
    const other = [
      "success",
      "phone_number",
      "status_code",
      "call_id",
      "error_response",
      "Code",
      "__proto__",
    ];
    const plain = fc.constantFrom(
      "",
      "1",
      "2",
      "DELIVRD",
      "DB:0141",
      "2015-04-14 12:21:23",
      "2015-02-30 12:21:23",
    );
    const odd = fc.oneof(
      fc.string({ unit: "grapheme-ascii", maxLength: 20 }),
      fc.string({ unit: "binary", maxLength: 5 }),
      fc.jsonValue({ maxDepth: 1 }),
    );
    const blank = fc.constantFrom("", "", " ", "\r\n\t");
    const names = fc
      .tuple(
        fc.shuffledSubarray(own, { minLength: 4 }),
        fc.option(fc.constantFrom(...own, ...other), { freq: 4 }),
      )
      .map(([several, one]) => (one === null ? several : [...several, one]));
    const values = fc.array(fc.oneof({ arbitrary: plain, weight: 20 }, odd), { minLength: 8, maxLength: 8 });
    const damage = fc.option(fc.tuple(fc.nat(), fc.nat(255)), { freq: 2 });
    let taken = 0;
    fc.assert(
      fc.property(names, values, blank, blank, damage, (members, written, before, after, edit) => {
        const fields = members.map(
          (name, i) =>
            `${before}${JSON.stringify(name)}${after}:${before}${JSON.stringify(written[i])}${after}`,
        );
        const value = Buffer.from(`{${fields.join(",")}}`);
        if (edit !== null) value[edit[0] % value.length] = edit[1];
        if (agrees(value)) taken++;
      }),
      { numRuns: 20_000 },
    );
    expect(taken).toBeGreaterThan(1_500);
  });
});
