import { describe, expect, it } from "vitest";
import {
  compilePointer,
  type JsonPointers,
  pointerProblem,
  pointerReader,
} from "../../../src/receipts/formats/json-pointers.ts";

describe("pointerProblem", () => {
  const rows = [
    { pointer: "", problem: undefined },
    { pointer: "/", problem: undefined },
    { pointer: "/a/0/b c/~0~1/空", problem: undefined },
    { pointer: "code", problem: 'JSON Pointer "code" does not begin with "/".' },
    { pointer: "#/code", problem: 'JSON Pointer "#/code" does not begin with "/".' },
    {
      pointer: "/a~",
      problem: 'JSON Pointer "/a~" has a "~" that is neither "~0" (for "~") nor "~1" (for "/").',
    },
    {
      pointer: "/a~2b",
      problem: 'JSON Pointer "/a~2b" has a "~" that is neither "~0" (for "~") nor "~1" (for "/").',
    },
  ];
  it.each(rows)("$pointer", ({ pointer, problem }) => {
    expect(pointerProblem(pointer)).toBe(problem);
  });
});

describe("compilePointer", () => {
  // The document and the rows of RFC 6901, section 5.
  const example = JSON.parse(
    String.raw`{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}`,
  );
  const rows = [
    { pointer: "", value: example },
    { pointer: "/foo", value: ["bar", "baz"] },
    { pointer: "/foo/0", value: "bar" },
    { pointer: "/", value: 0 },
    { pointer: "/a~1b", value: 1 },
    { pointer: "/c%d", value: 2 },
    { pointer: "/e^f", value: 3 },
    { pointer: "/g|h", value: 4 },
    { pointer: "/i\\j", value: 5 },
    { pointer: '/k"l', value: 6 },
    { pointer: "/ ", value: 7 },
    { pointer: "/m~0n", value: 8 },
  ];
  it.each(rows)("RFC 6901: $pointer", ({ pointer, value }) => {
    expect(compilePointer(pointer)(example)).toEqual(value);
  });

  const absent = [
    { name: "a member that is not there", pointer: "/bar" },
    { name: "an inherited member", pointer: "/constructor" },
    { name: "the prototype", pointer: "/__proto__" },
    { name: "an array's length", pointer: "/foo/length" },
    { name: "an index with a leading zero", pointer: "/foo/00" },
    { name: "an index past the end", pointer: "/foo/2" },
    { name: "the element behind the last", pointer: "/foo/-" },
    { name: "a member of a string", pointer: "/foo/0/length" },
    { name: "~01, which is ~1 and no slash", pointer: "/a~01b" },
  ];
  it.each(absent)("nothing: $name", ({ pointer }) => {
    expect(compilePointer(pointer)(example)).toBeUndefined();
  });

  it("follows a member named __proto__ where the record has one", () => {
    expect(compilePointer("/__proto__/code")(JSON.parse('{"__proto__":{"code":"12"}}'))).toBe("12");
  });
});

describe("pointerReader", () => {
  const pointers: JsonPointers = {
    receipts: undefined,
    code: "/status/code",
    flag: "/status/ok",
    delivered: ["1", "true", "DELIVERED"],
    failed: ["0", "false"],
    sentAt: "/times/0",
    receivedAt: "/times/1",
  };
  const read = pointerReader(pointers, "mine", 480);
  const blank = { scope: "mine", flag: "none", code: "", provider: undefined };
  const untimed = { ...blank, sentAt: Number.NaN, receivedAt: Number.NaN };
  const rows = [
    {
      name: "all of it",
      element: { status: { code: "012", ok: "DELIVERED" }, times: ["2015-04-14 12:21:23", 1483200000] },
      receipt: {
        ...blank,
        flag: "delivered",
        code: "012",
        sentAt: Date.parse("2015-04-14T12:21:23+08:00"),
        receivedAt: 1483200000000,
      },
    },
    { name: "a code alone", element: { status: { code: 12 } }, receipt: { ...untimed, code: "12" } },
    {
      name: "a boolean flag",
      element: { status: { code: "A", ok: false } },
      receipt: { ...untimed, code: "A", flag: "failed" },
    },
    {
      name: "a flag that is a number",
      element: { status: { code: "A", ok: 1 } },
      receipt: { ...untimed, code: "A", flag: "delivered" },
    },
    {
      name: "a flag that is not listed",
      element: { status: { code: "A", ok: "maybe" } },
      receipt: { ...untimed, code: "A" },
    },
    {
      name: "a flag of the wrong type",
      element: { status: { code: "A", ok: { toString: 1 } } },
      receipt: { ...untimed, code: "A" },
    },
    {
      name: "a flag without a code",
      element: { status: { ok: true } },
      receipt: { ...untimed, flag: "delivered" },
    },
    { name: "an empty code", element: { status: { code: "" } }, receipt: untimed },
    { name: "a null code", element: { status: { code: null } }, receipt: untimed },
    { name: "neither code nor flag", element: { status: {} }, receipt: undefined },
    { name: "a flag that is not listed, no code", element: { status: { ok: "maybe" } }, receipt: undefined },
    { name: "a code of the wrong type", element: { status: { code: ["12"], ok: true } }, receipt: undefined },
    { name: "no object", element: "12", receipt: undefined },
  ];
  it.each(rows)("$name", ({ element, receipt }) => {
    expect(read(element)).toEqual(receipt);
  });
});
