import { describe, expect, it } from "vitest";
import { checkCode, checkName, inShort, readWords } from "../../src/codes/names.ts";
import { readerOf } from "../../src/codes/parse.ts";

/** What is said of one value of a file: the messages alone. */
function toldOf(value: string, look: (reader: ReturnType<typeof readerOf>, value: string) => void): string[] {
  const reader = readerOf(`version: ${JSON.stringify(value)}\n`, "f.yaml");
  look(reader, value);
  return reader.problems.map(({ message }) => message);
}

const at = { start: 9, end: 10 };

describe("what stands in a code map", () => {
  it.each(["DB:0141", "-103", "123456789", "isv.OUT_OF_SERVICE", "mk:0010"])("may be the code %s", (code) => {
    expect(toldOf(code, (reader) => checkCode(reader, code, at))).toEqual([]);
  });

  it.each(["", " ", "_other", "a\u200bb", "x".repeat(65), "1234567890"])("is no code: %j", (code) => {
    expect(toldOf(code, (reader) => expect(checkCode(reader, code, at)).toBe(false))).toHaveLength(1);
  });

  it.each([
    { name: "sms_receipt", told: 0 },
    { name: "8x8", told: 1 },
    { name: "Acme", told: 1 },
    { name: "a1234567890", told: 1 },
  ])("has names of a-z, 0-9 and _: $name", ({ name, told }) => {
    const look = (reader: ReturnType<typeof readerOf>) =>
      checkName(reader, { key: name, keyAt: at, node: undefined, at }, "scope");
    expect(toldOf(name, look)).toHaveLength(told);
  });

  it("has words without a phone number", () => {
    const words = (text: string) => {
      const reader = readerOf(`note: ${JSON.stringify(text)}\n`, "f.yaml");
      const { note } = reader.record(reader.root, "it", ["note"]);
      return { read: readWords(reader, note, "note"), problems: reader.problems.length };
    };
    expect(words("since 2024-12-01")).toEqual({ read: "since 2024-12-01", problems: 0 });
    expect(words("call 13900000000")).toEqual({ read: undefined, problems: 1 });
  });

  it("is shown in short where it is long", () => {
    expect([inShort("a"), inShort("a".repeat(70)).length]).toEqual(["a", 65]);
  });
});
