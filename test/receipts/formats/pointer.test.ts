import { describe, expect, it } from "vitest";
import {
  compilePointer,
  compilePointers,
  opened,
  pointerProblem,
} from "../../../src/receipts/formats/pointer.ts";

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

describe("pointers through JSON in a string", () => {
  const value = { message: '{"data":"[{\\"code\\":\\"12\\"}]"}', text: "{no", n: 1 };

  it("open it on the way", () => {
    expect(compilePointer("/message/data/0/code")(value)).toBe("12");
  });

  it("lead to the string itself, and to nothing in one that is none", () => {
    expect(compilePointer("/message")(value)).toBe(value.message);
    expect(compilePointer("/text/a")(value)).toBeUndefined();
  });

  it("are followed in their order, to the first that leads to something, be it null", () => {
    expect(compilePointers(["/x", "/n", "/text"])(value)).toBe(1);
    expect(compilePointers(["/a", "/b"])({ a: null, b: 1 })).toBeNull();
    expect(compilePointers([])(value)).toBeUndefined();
  });

  it.each([
    { text: ' {"a":1}\n', value: { a: 1 } },
    { text: "[1]", value: [1] },
    { text: '"[1]"', value: '"[1]"' },
    { text: "{", value: "{" },
    { text: "12", value: "12" },
  ])("open nothing but objects and arrays: $text", ({ text, value }) => {
    expect(opened(text)).toEqual(value);
  });
});
