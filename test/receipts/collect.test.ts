import { describe, expect, it } from "vitest";
import { collector } from "../../src/receipts/collect.ts";
import { isFields, own } from "../../src/receipts/fields.ts";
import { compileFormat } from "../../src/receipts/formats/compile.ts";
import { type Format, foreign, type ReadContext } from "../../src/receipts/formats/format.ts";
import type { Receipt } from "../../src/receipts/receipt.ts";
import { receipt } from "../ledger/support.ts";

/** A format of objects with this member: a text is the code, anything else is none. Its scope tells format and API. */
function formatOf(member: string): Format {
  return {
    read(value, { method }, receipts) {
      if (!isFields(value) || !Object.hasOwn(value, member)) return foreign;
      const code = own(value, member);
      if (typeof code !== "string") return "not_a_receipt";
      receipts.push(receipt(code, "none", { scope: `${member} ${method ?? "-"}` }));
      return undefined;
    },
  };
}

const everywhere = { at: [], charset: undefined };
const formats = [formatOf("first"), formatOf("second")];
const collect = collector(formats, everywhere);

function contextOf(method?: string): ReadContext {
  return { recordedAt: 0, method, trace: undefined };
}

/** What is collected: each receipt's code and scope. */
function collected(value: unknown, method?: string, by = collect) {
  const receipts: Receipt[] = [];
  const reason = by(value, contextOf(method), receipts);
  return { reason, receipts: receipts.map(({ code, scope }) => `${code} ${scope}`) };
}

describe("receipts of known formats", () => {
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
    { name: "that is JSON in a text", value: '{"first":"1"}', receipts: ["1 first -"] },
    {
      name: "in a list of texts",
      value: ['{"first":"1"}', '[{"first":"2"}]'],
      receipts: ["1 first -", "2 first -"],
    },
    { name: "in a text that is none", value: "{", reason: "not_a_receipt" },
    {
      name: "once where a frame holds it twice",
      value: { message: '{"first":"1"}', event: { original: '{"first":"1"}' } },
      receipts: ["1 first -"],
    },
    {
      name: "in the next frame where the first holds none",
      value: { message: "receipt read", data: one, msg: 12 },
      receipts: ["1 first -"],
    },
    { name: "not in a member that no forwarder uses", value: { mine: one }, reason: "not_a_receipt" },
    {
      name: "in a log entry's names and values",
      value: {
        contents: [
          { key: "first", value: "1" },
          { key: "other", value: "2" },
        ],
      },
      receipts: ["1 first -"],
    },
    { name: "none in a frame of none", value: { data: [] }, reason: "no_receipts" },
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
    const frames = { method: "api.outer", content: { method: "api.inner", content: one } };
    expect(collected(one, "header").receipts).toEqual(["1 first header"]);
    expect(collected(frames, "header").receipts).toEqual(["1 first header"]);
    expect(collected(frames).receipts).toEqual(["1 first api.outer"]);
    expect(collected({ ...frames, method: 1 }).receipts).toEqual(["1 first api.inner"]);
    expect(collected({ ...frames, method: "POST" }).receipts).toEqual(["1 first api.inner"]);
    expect(collected([frames, one]).receipts).toEqual(["1 first api.outer", "1 first -"]);
  });

  it("count as bad by themselves, whatever was collected before", () => {
    const receipts = [receipt("before")];
    expect(collect([{}], contextOf(), receipts)).toBe("not_a_receipt");
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

describe("receipts where a pointer leads", () => {
  const one = { first: "1" };
  const rows: readonly {
    name: string;
    at: readonly string[];
    value: unknown;
    receipts: readonly string[];
  }[] = [
    { name: "a member", at: ["/mine"], value: { mine: one }, receipts: ["1 first -"] },
    { name: "a text", at: ["/mine"], value: { mine: '{"first":"1"}' }, receipts: ["1 first -"] },
    {
      name: "inside a text",
      at: ["/mine/deep"],
      value: { mine: '{"deep":[{"first":"1"}]}' },
      receipts: ["1 first -"],
    },
    {
      name: "the first that leads somewhere",
      at: ["/no", "/b", "/a"],
      value: { a: {}, b: one },
      receipts: ["1 first -"],
    },
    { name: "and nowhere else", at: ["/mine"], value: one, receipts: [] },
  ];
  it.each(rows)("$name", ({ at, value, receipts }) => {
    const { reason, receipts: found } = collected(
      value,
      undefined,
      collector(formats, { ...everywhere, at }),
    );
    expect({ reason, found }).toEqual({
      reason: receipts.length === 0 ? "not_a_receipt" : undefined,
      found: receipts,
    });
  });
});

describe("receipts of a described shape", () => {
  const options = { scope: undefined, utcOffsetMinutes: 480 };
  const codes = [{ at: ["/code"], scope: "mine" }];
  const within = compileFormat("json", { when: [], receipts: "/items", codes }, options);
  const rows: readonly { name: string; value: unknown; reason?: string; receipts?: readonly string[] }[] = [
    { name: "one", value: { items: { code: "1" } }, receipts: ["1 mine"] },
    { name: "several", value: { items: [{ code: "1" }, { code: 2 }] }, receipts: ["1 mine", "2 mine"] },
    { name: "in a text", value: { items: '[{"code":"1"}]' }, receipts: ["1 mine"] },
    { name: "in a frame", value: { message: '{"items":{"code":"1"}}' }, receipts: ["1 mine"] },
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
    expect(collected(value, undefined, collector([within], everywhere))).toEqual({ reason, receipts });
  });

  it("begin at the record itself where no pointer says otherwise", () => {
    const whole = compileFormat("json", { when: [], codes }, options);
    expect(collected([{ code: "1" }], undefined, collector([whole], everywhere)).receipts).toEqual([
      "1 mine",
    ]);
  });
});
