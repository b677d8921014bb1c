import { describe, expect, it } from "vitest";
import { createDecoder, type RawRecord } from "../../../src/receipts/decode.ts";
import type { Dimension, DimensionSource } from "../../../src/receipts/dimensions/dimension.ts";
import type { Receipt } from "../../../src/receipts/receipt.ts";
import type { Trace } from "../../../src/receipts/trace.ts";
import { rawRecord, shapeOf } from "../support.ts";

const dimension = (name: string, from: DimensionSource, match?: string): Dimension => ({
  ...{ name, from, match, values: undefined },
});
const dimensions = [
  dimension("signature", { kind: "receipt", at: ["/sign_name", "/signName"] }),
  dimension("batch", { kind: "receipt", at: ["/out_id"] }, "^([A-Z]{2})-"),
  dimension("app", { kind: "header", name: "app" }),
  dimension("tenant", { kind: "key" }),
  dimension("number_block", { kind: "number", as: "number_block" }),
  dimension("line", { kind: "topic" }, "^sms\\.([a-z]+)$"),
];

const trace: Trace = () => {};
/** By the scanner, and by JSON.parse. */
const decoders = [undefined, trace].map((told) =>
  createDecoder(shapeOf({ dimensions }), "sms.marketing", told),
);

function valuesIn(value: string, beside: Pick<RawRecord, "key" | "header"> = {}): unknown[] {
  const [scanned, parsed] = decoders.map((decode) => {
    const receipts: Receipt[] = [];
    decode({ ...rawRecord(value), ...beside }, receipts);
    return receipts.map(({ values }) => values);
  });
  expect(scanned).toEqual(parsed);
  return scanned ?? [];
}

const receipt = { state: "2", err_code: "006", biz_id: "1^1", receiver: "13800138000" };

describe("the values of a receipt", () => {
  it.each([
    ["a text", { sign_name: "acme" }, "acme"],
    ["one in Chinese", { sign_name: "阿里云" }, "阿里云"],
    ["one with escapes", { sign_name: 'a "b"' }, 'a "b"'],
    ["one under the second name", { signName: "acme" }, "acme"],
    ["one under the second name, the first being empty", { sign_name: "", signName: "acme" }, "acme"],
    ["one under the second name, the first being null", { sign_name: null, signName: "acme" }, "acme"],
    ["a number", { sign_name: 12 }, "12"],
    ["a number that is not whole", { sign_name: 1.5 }, "1.5"],
    ["a boolean", { sign_name: true }, "true"],
    ["an object", { sign_name: { a: 1 } }, "_none"],
    ["nothing", {}, "_none"],
    ["a phone number", { sign_name: "13800138000" }, "_redacted"],
  ])("are read where one is %s", (_, members, signature) => {
    expect(valuesIn(JSON.stringify({ ...receipt, ...members }))).toEqual([
      [signature, "_none", "_none", "_none", "mobile", "marketing"],
    ]);
  });

  it("are read from escaped text as JSON libraries write it", () => {
    const text = JSON.stringify({ ...receipt, sign_name: "NAME" }).replace(
      "NAME",
      String.raw`\u963f\u91cc\u4e91`,
    );
    expect(valuesIn(text)).toEqual([["阿里云", "_none", "_none", "_none", "mobile", "marketing"]]);
  });

  it("are read for each receipt of a record, with what lies beside them", () => {
    const receipts = ["AB-1", "CD-2", "none"].map((out_id) => ({ ...receipt, out_id, sign_name: out_id[0] }));
    const beside = {
      key: () => Buffer.from("tenant 7"),
      header: (name: Buffer) => (name.toString() === "app" ? Buffer.from("crm") : undefined),
    };
    expect(valuesIn(JSON.stringify(receipts), beside)).toEqual([
      ["A", "AB", "crm", "tenant 7", "mobile", "marketing"],
      ["C", "CD", "crm", "tenant 7", "mobile", "marketing"],
      ["n", "_other", "crm", "tenant 7", "mobile", "marketing"],
    ]);
    // and none of it leaks into the next record
    expect(valuesIn(JSON.stringify(receipt))).toEqual([
      ["_none", "_none", "_none", "_none", "mobile", "marketing"],
    ]);
  });

  it("are read from frames, and from answers of an API", () => {
    const framed = JSON.stringify({ message: JSON.stringify({ ...receipt, sign_name: "acme" }) });
    expect(valuesIn(framed)).toEqual([["acme", "_none", "_none", "_none", "mobile", "marketing"]]);
    const answer = JSON.stringify({ Code: "OK", Message: "OK", RequestId: "1", sign_name: "acme" });
    expect(valuesIn(answer)).toEqual([["acme", "_none", "_none", "_none", "_none", "marketing"]]);
  });

  it("are none where the topic has no dimensions", () => {
    const receipts: Receipt[] = [];
    createDecoder(shapeOf())(rawRecord(JSON.stringify(receipt)), receipts);
    expect(receipts[0]?.values).toBeUndefined();
  });
});
