import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it, vi } from "vitest";
import { mostOpened } from "../../src/bounds.ts";
import { createDecoder } from "../../src/receipts/decode.ts";
import type { Receipt } from "../../src/receipts/receipt.ts";
import { rawRecord, shapeOf } from "./support.ts";

const decode = createDecoder(shapeOf());

afterEach(() => {
  vi.restoreAllMocks();
});

/** What JSON.parse is given while a record is read: how often, and how much. */
function parsedOf(value: string) {
  const parse = vi.spyOn(JSON, "parse");
  const receipts: Receipt[] = [];
  const reason = decode(rawRecord(value), receipts);
  const calls = parse.mock.calls.length;
  const units = parse.mock.calls.reduce((sum, [text]) => sum + text.length, 0);
  vi.restoreAllMocks();
  return { reason, receipts: receipts.length, calls, units };
}

function listOf(element: string, count: number): string {
  return `[${Array.from({ length: count }, () => element).join(",")}]`;
}

const bomb = gzipSync(`[${" ".repeat(8 * 1024 * 1024)}]`).toString("base64");

describe("what is opened of a record is in proportion to it", () => {
  /** All three members hold the next level, as text. */
  const fan = (count: number) => {
    let text = "x".repeat(count * 8);
    for (let level = 0; level < 5; level++) {
      text = JSON.stringify({ content: text, data: text, message: text });
    }
    return text;
  };
  const rows: readonly { name: string; write: (count: number) => string }[] = [
    { name: "texts in several members at each level", write: fan },
    { name: "texts that are nearly JSON", write: (count) => listOf('"[x]"', count) },
    {
      name: "JSON in a member that many pointers lead into",
      write: (count) => listOf('{"Data":"[1]"}', count),
    },
    { name: "lines that are nearly JSON", write: (count) => '{"a":x}\n'.repeat(count) },
    { name: "objects cut off", write: (count) => '[{"message":"['.repeat(count) },
    { name: "lines cut off", write: (count) => 'x {"a":1\n'.repeat(count) },
  ];
  it.each(rows)("$name", ({ write }) => {
    const small = write(100);
    const large = write(400);
    const ratio = large.length / small.length;
    const [few, many] = [parsedOf(small), parsedOf(large)];
    expect(many.calls).toBeLessThanOrEqual(few.calls * ratio * 1.5 + 8);
    expect(many.units).toBeLessThanOrEqual(few.units * ratio * 1.5 + 64);
    expect(many.units).toBeLessThanOrEqual(large.length * 16);
  });
});

describe("a record that holds more to look into than is opened", () => {
  const rows = [
    { name: "gzip that unpacks to far more", value: listOf(`"${bomb}"`, 50) },
    { name: "texts that JSON.parse refuses", value: listOf('"[x]"', 100_000) },
    { name: "objects of no format", value: listOf("{}", 200_000) },
  ];
  it.each(rows)("is too large: $name", ({ value }) => {
    const { reason, receipts, units } = parsedOf(value);
    expect({ reason, receipts }).toEqual({ reason: "too_large", receipts: 0 });
    expect(units).toBeLessThanOrEqual(2 * mostOpened);
  });

  it("keeps the receipts before", () => {
    const value = `[{"state":"1","err_code":"0"},${listOf("{}", 200_000).slice(1)}`;
    expect(parsedOf(value)).toMatchObject({ reason: "bad_element", receipts: 1 });
  });

  it("leaves all of it to the next record", () => {
    parsedOf(listOf("{}", 200_000));
    expect(parsedOf('{"message":"{\\"state\\":\\"1\\",\\"err_code\\":\\"0\\"}"}')).toMatchObject({
      reason: undefined,
      receipts: 1,
    });
  });
});
