import { describe, expect, it } from "vitest";
import { collectPointers, collectWireFormats } from "../../src/receipts/collect.ts";
import { own } from "../../src/receipts/fields.ts";
import type { WireFormat } from "../../src/receipts/formats/wire-format.ts";
import type { Receipt } from "../../src/receipts/receipt.ts";
import { receipt } from "../ledger/support.ts";

/** A format of objects with this member: a text is the code, anything else is none. Its scope tells format and API. */
function formatOf(member: string): WireFormat {
  return {
    recognises: (element) => Object.hasOwn(element, member),
    read(element, _options, method) {
      const code = own(element, member);
      return typeof code === "string"
        ? receipt(code, "none", { scope: `${member} ${method ?? "-"}` })
        : undefined;
    },
  };
}

const collector = collectWireFormats([formatOf("first"), formatOf("second")], {
  scope: undefined,
  utcOffsetMinutes: 480,
});

/** What is collected: each receipt's code and scope. */
function collected(value: unknown, method?: string, collect = collector) {
  const receipts: Receipt[] = [];
  const reason = collect(value, method, receipts);
  return { reason, receipts: receipts.map(({ code, scope }) => `${code} ${scope}`) };
}

describe("receipts of wire formats", () => {
  const one = { first: "1" };
  const rows: readonly { name: string; value: unknown; reason?: string; receipts?: readonly string[] }[] = [
    { name: "one", value: one, receipts: ["1 first -"] },
    {
      name: "the first format that knows it reads it",
      value: { second: "2", ...one },
      receipts: ["1 first -"],
    },
    { name: "several", value: [one, { second: "2" }], receipts: ["1 first -", "2 second -"] },
    { name: "in content", value: { content: one }, receipts: ["1 first -"] },
    {
      name: "in content that is JSON in a text",
      value: { content: '[{"first":"1"}]' },
      receipts: ["1 first -"],
    },
    { name: "in msg beside a code", value: { code: 0, msg: one }, receipts: ["1 first -"] },
    {
      name: "in content rather than in msg",
      value: { code: 0, msg: {}, content: one },
      receipts: ["1 first -"],
    },
    { name: "not in msg without a code", value: { msg: one }, reason: "not_a_receipt" },
    { name: "that is JSON in a text", value: '{"first":"1"}', receipts: ["1 first -"] },
    { name: "in a text that is none", value: "{", reason: "not_a_receipt" },
    { name: "none in an array of none", value: [], reason: "no_receipts" },
    { name: "none in an object of none", value: {}, reason: "not_a_receipt" },
    { name: "none that is null", value: null, reason: "not_a_receipt" },
    { name: "some", value: [one, {}, one], reason: "bad_element", receipts: ["1 first -", "1 first -"] },
    { name: "none of several", value: [{}, 1], reason: "not_a_receipt" },
    {
      name: "none where a format knows it and can't read it",
      value: { first: 1, second: "2" },
      reason: "not_a_receipt",
    },
    { name: "beside an array of none", value: [[], one], reason: "bad_element", receipts: ["1 first -"] },
  ];
  it.each(rows)("$name", ({ value, reason, receipts = [] }) => {
    expect(collected(value)).toEqual({ reason, receipts });
  });

  it("are of the API that the header names, or the nearest frame, outermost first", () => {
    const frames = { method: "outer", content: { method: "inner", content: one } };
    expect(collected(one, "header").receipts).toEqual(["1 first header"]);
    expect(collected(frames, "header").receipts).toEqual(["1 first header"]);
    expect(collected(frames).receipts).toEqual(["1 first outer"]);
    expect(collected({ ...frames, method: 1 }).receipts).toEqual(["1 first inner"]);
  });

  it("count as bad by themselves, whatever was collected before", () => {
    const receipts = [receipt("before")];
    expect(collector([{}], undefined, receipts)).toBe("not_a_receipt");
    expect(receipts).toHaveLength(1);
  });

  it("lie in so many frames, and no more", () => {
    const framed = (depth: number) => {
      let value: unknown = one;
      for (let n = 0; n < depth; n++) value = { content: value };
      return value;
    };
    expect(collected(framed(8)).reason).toBeUndefined();
    expect(collected(framed(9)).reason).toBe("not_a_receipt");
  });
});

describe("receipts along pointers", () => {
  const pointers = {
    receipts: "/items",
    code: "/code",
    flag: undefined,
    delivered: [],
    failed: [],
    sentAt: undefined,
    receivedAt: undefined,
  };
  const collect = collectPointers(pointers, "mine", 480);
  const rows: readonly { name: string; value: unknown; reason?: string; receipts?: readonly string[] }[] = [
    { name: "one", value: { items: { code: "1" } }, receipts: ["1 mine"] },
    { name: "several", value: { items: [{ code: "1" }, { code: 2 }] }, receipts: ["1 mine", "2 mine"] },
    { name: "none", value: { items: [] }, reason: "no_receipts" },
    {
      name: "some",
      value: { items: [{ code: {} }, { code: "1" }] },
      reason: "bad_element",
      receipts: ["1 mine"],
    },
    { name: "none of several", value: { items: [{ code: {} }] }, reason: "not_a_receipt" },
  ];
  it.each(rows)("$name", ({ value, reason, receipts = [] }) => {
    expect(collected(value, undefined, collect)).toEqual({ reason, receipts });
  });

  it("begin at the record itself where no pointer says otherwise", () => {
    const whole = collectPointers({ ...pointers, receipts: undefined }, "mine", 480);
    expect(collected([{ code: "1" }], undefined, whole).receipts).toEqual(["1 mine"]);
  });
});
