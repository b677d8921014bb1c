import { describe, expect, it } from "vitest";
import { compileFormat } from "../../../src/receipts/formats/compile.ts";
import type { Description } from "../../../src/receipts/formats/description.ts";
import type { Receipt } from "../../../src/receipts/receipt.ts";
import type { Step } from "../../../src/receipts/trace.ts";

const recordedAt = Date.parse("2017-01-01T00:00:00Z");

function read(description: Description, value: unknown, options: { scope?: string } = {}) {
  const receipts: Receipt[] = [];
  const steps: Step[] = [];
  const context = { recordedAt, method: undefined, trace: (step: Step) => void steps.push(step) };
  const format = compileFormat("mine", description, { scope: options.scope, utcOffsetMinutes: 480 });
  return { reason: format.read(value, context, receipts), receipts, steps };
}

const untimed = { scope: "mine", provider: undefined, sentAt: Number.NaN, receivedAt: Number.NaN };

describe("a shape without tests", () => {
  const shape: Description = {
    when: [],
    codes: [{ at: ["/status/code"], scope: "mine" }],
    flag: { at: ["/status/ok"], delivered: ["1", "true", "DELIVERED"], failed: ["0", "false"] },
    sentAt: [{ at: "/times/0" }],
    receivedAt: [{ at: "/times/1" }],
  };
  const rows = [
    {
      name: "all of it",
      value: { status: { code: "012", ok: "DELIVERED" }, times: ["2015-04-14 12:21:23", 1483200000] },
      receipt: {
        ...untimed,
        flag: "delivered",
        code: "012",
        sentAt: Date.parse("2015-04-14T12:21:23+08:00"),
        receivedAt: 1483200000000,
      },
    },
    {
      name: "a code alone",
      value: { status: { code: 12 } },
      receipt: { ...untimed, flag: "none", code: "12" },
    },
    {
      name: "a boolean flag",
      value: { status: { code: "A", ok: false } },
      receipt: { ...untimed, code: "A", flag: "failed" },
    },
    {
      name: "a flag in another case, with blanks",
      value: { status: { code: "A", ok: " delivered " } },
      receipt: { ...untimed, code: "A", flag: "delivered" },
    },
    {
      name: "a flag that is not listed",
      value: { status: { code: "A", ok: "maybe" } },
      receipt: { ...untimed, code: "A", flag: "unread" },
    },
    {
      name: "a flag of the wrong type",
      value: { status: { code: "A", ok: { toString: 1 } } },
      receipt: { ...untimed, code: "A", flag: "unread" },
    },
    {
      name: "a flag that says nothing",
      value: { status: { code: "A", ok: "" } },
      receipt: { ...untimed, code: "A", flag: "none" },
    },
    {
      name: "a flag without a code",
      value: { status: { ok: 1 } },
      receipt: { ...untimed, code: "", flag: "delivered" },
    },
    {
      name: "a code that says nothing",
      value: { status: { code: null } },
      receipt: { ...untimed, code: "", flag: "none" },
    },
  ];
  it.each(rows)("$name", ({ value, receipt }) => {
    expect(read(shape, value)).toMatchObject({ reason: undefined, receipts: [receipt] });
  });

  const none = [
    { name: "neither code nor flag", value: { status: {} } },
    { name: "a flag that nobody understands alone", value: { status: { ok: "maybe" } } },
    { name: "a code that is an object", value: { status: { code: {} } } },
    { name: "no object", value: 1 },
  ];
  it.each(none)("is foreign to $name", ({ value }) => {
    expect(read(shape, value)).toMatchObject({ reason: "foreign", receipts: [] });
  });
});

describe("a shape with tests", () => {
  const shape: Description = {
    provider: "acme",
    when: [[{ has: ["/a", "/b"] }, { lacks: ["/c"] }], [{ at: "/type", is: ["Receipt"] }]],
    receipts: "/list",
    codes: [
      { at: ["/err", "/error"], scope: "mine", except: ["0"] },
      { at: ["/stat"], scope: "finer" },
    ],
    messages: "/count",
  };
  const rows = [
    { value: { a: 1, list: [{ err: "7" }] }, reason: undefined, codes: ["7 mine"] },
    { value: { b: null, list: { error: "7" } }, reason: undefined, codes: ["7 mine"] },
    {
      value: { type: "receipt", c: 1, list: [{ err: "0", stat: "S" }] },
      reason: undefined,
      codes: ["S finer"],
    },
    { value: { a: 1, list: [{ err: "", error: 8 }] }, reason: undefined, codes: ["8 mine"] },
    { value: { a: 1, list: [{}] }, reason: undefined, codes: [" mine"] },
    { value: { a: 1, list: [{ err: "7", count: "3" }] }, reason: undefined, codes: Array(3).fill("7 mine") },
    { value: { a: 1, list: [{ err: "7", count: -1 }] }, reason: undefined, codes: ["7 mine"] },
    { value: { a: 1, list: [{ err: "7", count: 1e9 }] }, reason: undefined, codes: ["7 mine"] },
    { value: { a: 1, list: [{ err: {} }, { err: "7" }] }, reason: "bad_element", codes: ["7 mine"] },
    { value: { a: 1, list: [{ err: {} }] }, reason: "not_a_receipt", codes: [] },
    { value: { a: 1, list: [] }, reason: "empty_answer", codes: [] },
    { value: { a: 1, list: null }, reason: "empty_answer", codes: [] },
    { value: { a: 1, c: 1, list: [{ err: "7" }] }, reason: "foreign", codes: [] },
    { value: { type: "other", list: [{ err: "7" }] }, reason: "foreign", codes: [] },
  ];
  it.each(rows)("$value", ({ value, reason, codes }) => {
    const found = read(shape, value);
    expect(found.reason).toBe(reason);
    expect(found.receipts.map(({ code, scope, provider }) => `${code} ${scope} ${provider}`)).toEqual(
      codes.map((code) => `${code} acme`),
    );
  });

  it("counts in the topic's scope where there is one", () => {
    const { receipts } = read(shape, { a: 1, list: [{ err: "7" }, { stat: "S" }] }, { scope: "own" });
    expect(receipts.map(({ scope }) => scope)).toEqual(["own", "own"]);
  });

  it("tells where each part was found, and no other value", () => {
    const { steps } = read(shape, { a: "13900000000", list: [{ error: "7" }] });
    expect(steps).toEqual([
      { kind: "recognised", as: "mine" },
      {
        ...{ kind: "receipt", scope: "mine", provider: "acme", code: "7", codeAt: "/error" },
        ...{ flag: "none", flagAt: undefined, sentAt: Number.NaN, receivedAt: Number.NaN },
      },
    ]);
  });
});
