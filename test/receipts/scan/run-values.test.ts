import { describe, expect, it } from "vitest";
import { createDecoder, type RecordShape } from "../../../src/receipts/decode.ts";
import type { Dimension, DimensionSource } from "../../../src/receipts/dimensions/dimension.ts";
import { recordOf, varint, type WrittenRecord, wrapRecords, writeBatch } from "../../kafka/wire/batches.ts";
import { shapeOf } from "../support.ts";
import { readAtOnce, readEach } from "./read-log.ts";

const dimension = (name: string, from: DimensionSource, match?: string): Dimension => ({
  ...{ name, from, match, values: undefined },
});
const receipt = { state: "2", err_code: "006", biz_id: "1^1", receiver: "13800138000" };

/** The last values of each receipt of records, and how many records were read with others; the same as one by one. */
function valuesOf(shape: RecordShape, records: readonly WrittenRecord[]) {
  const batch = writeBatch(records);
  const { length } = shape.dimensions;
  const each = readEach(batch, createDecoder(shape, "sms.own"));
  const { lines, atOnce } = readAtOnce(batch, createDecoder(shape, "sms.own"), length);
  expect(lines).toEqual(each);
  const values = lines.map((line) => (JSON.parse(line) as string[]).slice(-length).join(" "));
  return { values, atOnce };
}

describe("a value in receipts", () => {
  const shape = shapeOf({
    dimensions: [dimension("signature", { kind: "receipt", at: ["/sign_name", "/signName"] })],
  });
  it.each([
    { sign_name: "acme", label: "acme", atOnce: 4 },
    { sign_name: "阿里云", label: "阿里云", atOnce: 4 },
    { sign_name: 'a "b"', label: 'a "b"', atOnce: 4 },
    { sign_name: "", label: "second", atOnce: 4 },
    { sign_name: null, label: "second", atOnce: 4 },
    { sign_name: undefined, label: "second", atOnce: 4 },
    { sign_name: 12, label: "12", atOnce: 4 },
    { sign_name: 1.5, label: "1.5", atOnce: 0 },
    { sign_name: true, label: "true", atOnce: 4 },
    { sign_name: { a: 1 }, label: "second", atOnce: 0 },
    { sign_name: [1], label: "second", atOnce: 0 },
    { sign_name: "1^2^3^4^5".repeat(20), label: "_redacted", atOnce: 4 },
  ])("$sign_name is $label", ({ sign_name, label, atOnce }) => {
    const value = JSON.stringify({ ...receipt, sign_name, signName: "second" });
    const records = Array.from({ length: 4 }, (_, i) => recordOf(value, i));
    expect(valuesOf(shape, records)).toEqual({ values: [label, label, label, label], atOnce });
  });

  it("is left where a number has another spelling", () => {
    const records = ["1", "1", "1.50", "1e3", "1"].map((number, i) =>
      recordOf(JSON.stringify({ ...receipt, sign_name: 0 }).replace(":0}", `:${number}}`), i),
    );
    expect(valuesOf(shape, records)).toEqual({ values: ["1", "1", "1.5", "1000", "1"], atOnce: 3 });
  });

  it("is read where all others are new", () => {
    const records = Array.from({ length: 5_000 }, (_, i) =>
      recordOf(JSON.stringify({ ...receipt, sign_name: `name ${i}` }), i),
    );
    const { values, atOnce } = valuesOf(shape, records);
    expect(values).toEqual(records.map((_, i) => `name ${i}`));
    expect(atOnce).toBe(5_000);
  });
});

describe("a value beside receipts", () => {
  const shape = shapeOf({
    dimensions: [
      dimension("app", { kind: "header", name: "app" }),
      dimension("tenant", { kind: "key" }, "^(?:租户)*(.*)$"),
      dimension("line", { kind: "topic" }, "^sms\\.([a-z]+)$"),
      dimension("block", { kind: "number", as: "number_block" }),
      dimension("site", { kind: "header", name: "a-site-with-a-long-name" }),
    ],
  });
  const value = JSON.stringify(receipt);
  const text = (written: string) => Buffer.from(written);
  const first = recordOf(value, 0);

  it.each<{ name: string; record: Partial<WrittenRecord>; values: string }>([
    { name: "none", record: {}, values: "_none _none own mobile _none" },
    { name: "an empty key", record: { key: text("") }, values: "_none _none own mobile _none" },
    { name: "a key", record: { key: text("crm") }, values: "_none crm own mobile _none" },
    {
      name: "a key with what is an escape in JSON",
      record: { key: text(String.raw`a\u0062`) },
      values: String.raw`_none a\u0062 own mobile _none`,
    },
    {
      name: "a key of which the last is not looked at",
      record: { key: text(`${"租户".repeat(85)}abc`) },
      values: "_none ab own mobile _none",
    },
    {
      name: "the last header of a name",
      record: {
        headers: [
          ["app", text("one")],
          ["application", text("two")],
          ["app", text("three")],
          ["apq", text("four")],
          ["a-site-with-a-long-name", text("five")],
          ["a-site-with-a-long-nama", text("six")],
        ],
      },
      values: "three _none own mobile five",
    },
    {
      name: "a last header without a value",
      record: {
        headers: [
          ["app", text("one")],
          ["app", null],
        ],
      },
      values: "_none _none own mobile _none",
    },
  ])("is found: $name", ({ record, values }) => {
    const records = [first, { ...first, ...record, offsetDelta: 1 }, { ...first, offsetDelta: 2 }];
    expect(valuesOf(shape, records)).toEqual({
      values: ["_none _none own mobile _none", values, "_none _none own mobile _none"],
      atOnce: 3,
    });
  });

  it("is no header without a name, which is damaged", () => {
    const fields = [0, varint(0), varint(1), varint(-1), varint(value.length), value, varint(1), varint(-1)];
    const written = fields.map((field) =>
      typeof field === "number" ? Buffer.of(field) : Buffer.from(field),
    );
    const body = Buffer.concat([...written, varint(3), text("crm")]);
    const before = writeBatch([first]).subarray(61);
    const records = Buffer.concat([before, varint(body.length), body]);
    const batch = wrapRecords(records, { recordCount: 2, lastOffsetDelta: 1 });
    const { length } = shape.dimensions;
    const log = readAtOnce(batch, createDecoder(shape, "sms.own"), length);
    expect(log).toEqual({ lines: readEach(batch, createDecoder(shape, "sms.own")), atOnce: 2 });
  });

  it("is that of all receipts of a record", () => {
    const list = `[${value},${value}]`;
    const records = ["crm", "crm", "erp"].map((key, i) => ({ ...recordOf(list, i), key: text(key) }));
    const { values, atOnce } = valuesOf(shape, records);
    const tenants = ["crm", "crm", "crm", "crm", "erp", "erp"];
    expect(values).toEqual(tenants.map((tenant) => `_none ${tenant} own mobile _none`));
    expect(atOnce).toBe(3);
  });
});

describe("values of shapes that say the same", () => {
  const codes = [{ at: ["/code"], scope: "s" }];
  const shape = shapeOf({
    formats: ["json"],
    json: [
      { when: [[{ has: ["/abroad"] }]], codes, number: ["/to"], numberHasCountry: true },
      { when: [[{ has: ["/home"] }]], codes, number: ["/to"] },
    ],
    dimensions: [dimension("country", { kind: "number", as: "country" })],
  });
  const written = (code: number, member: string) =>
    JSON.stringify({ code: `c${code}`, [member]: 1, to: "13800138000" });

  it("have the labels of their own shape", () => {
    const members = ["abroad", "home", "home", "abroad", "home"];
    const records = members.map((member, i) => recordOf(written(1, member), i));
    const { values, atOnce } = valuesOf(shape, records);
    expect(values).toEqual(["+1", "+86", "+86", "+1", "+86"]);
    expect(atOnce).toBe(5);
  });

  it("have them when a topic has more different receipts than are kept", () => {
    const members = Array.from({ length: 5_000 }, (_, i) => (i < 2_500 ? "abroad" : "home"));
    const records = members.map((member, i) => recordOf(written(i - (i % 2), member), i));
    const { values, atOnce } = valuesOf(shape, records);
    expect(values).toEqual(members.map((member) => (member === "home" ? "+86" : "+1")));
    expect(atOnce).toBe(5_000);
  });
});

it("are read by themselves where they have no room", () => {
  const dimensions = Array.from({ length: 8 }, (_, i) =>
    dimension(`d${i}`, { kind: "receipt", at: [`/m${i}`] }),
  );
  const listOf = (size: number) =>
    `[${Array.from({ length: size }, (_, i) => JSON.stringify({ ...receipt, m0: `n${i}`, m7: `o${i}` })).join(",")}]`;
  const read = (size: number) =>
    valuesOf(
      shapeOf({ dimensions }),
      [0, 1, 2, 3].map((i) => recordOf(listOf(size), i)),
    );
  expect(read(600).atOnce).toBe(4);
  expect(read(1_024).atOnce).toBe(4);
  expect(read(1_025).atOnce).toBe(0);
});
