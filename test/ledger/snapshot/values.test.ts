import { expect, it } from "vitest";
import { ByteReader, ByteWriter } from "../../../src/ledger/snapshot/bytes.ts";
import { type CountedValue, readValues, writeValues } from "../../../src/ledger/snapshot/values.ts";

const counted = (dimension: string, value: string, category: string, count: number): CountedValue => ({
  counter: {
    ...{ kind: "receiptsBy", provider: "aliyun", channel: "sms", category, outcome: "failed" },
    ...{ dimension, value },
  },
  count,
});

function bytesOf(entries: readonly CountedValue[]): Buffer {
  const out = new ByteWriter();
  writeValues(out, entries);
  return out.written;
}

it("reads back what it wrote", () => {
  const entries = [
    counted("signature", "阿里云", "blacklist", 7),
    counted("signature", "阿里妈妈", "blacklist", 1),
    counted("signature", "阿里云", "empty_number", 2),
    counted("template", "SMS_1", "empty_number", 3),
  ];
  const from = new ByteReader(bytesOf(entries));
  expect(readValues(from)).toEqual(expect.arrayContaining(entries));
  expect(from.atEnd).toBe(true);
});

it("refuses values that are no labels", () => {
  const bytes = bytesOf([counted("signature", "x".repeat(300), "blacklist", 1)]);
  expect(() => readValues(new ByteReader(bytes))).toThrow("too long for a label");
});
