import { describe, expect, it } from "vitest";
import { createDecoder } from "../../../src/receipts/decode.ts";
import { recordOf, writeBatch } from "../../kafka/wire/batches.ts";
import { originals } from "../samples/originals.ts";
import { shapeOf } from "../support.ts";
import { readAtOnce, readEach } from "./read-log.ts";

const record = JSON.stringify(originals.tmcSms?.value);

describe("what is known starts over, and reads the same,", () => {
  const withCode = (code: string, more = "") =>
    record.replace(/"err_code":"[^"]*"/, `"err_code":"${code}"${more}`);

  it("when a topic has more different receipts than are kept", () => {
    const decode = createDecoder(shapeOf());
    const each = createDecoder(shapeOf());
    let atOnce = 0;
    for (let first = 0; first < 6_000; first += 50) {
      const codes = Array.from({ length: 50 }, (_, i) => withCode(`C${first + i - (i % 2)}`));
      const batch = writeBatch(codes.map((value, i) => recordOf(value, i)));
      const log = readAtOnce(batch, decode);
      expect(log.lines).toEqual(readEach(batch, each));
      atOnce += log.atOnce;
    }
    expect(atOnce).toBe(3_000);
  });

  it("when words fill the memory", () => {
    const decode = createDecoder(shapeOf());
    const each = createDecoder(shapeOf());
    for (let first = 0; first < 8_000; first += 50) {
      const codes = Array.from({ length: 50 }, (_, i) => withCode(`${first + i - (i % 2)}`.padEnd(60, "x")));
      const batch = writeBatch(codes.map((value, i) => recordOf(value, i)));
      const log = readAtOnce(batch, decode);
      expect(log.lines).toEqual(readEach(batch, each));
      expect(log.atOnce).toBe(25);
    }
  });

  it("when other topics take the memory", () => {
    const batch = writeBatch([record, record].map((value, i) => recordOf(value, i)));
    const expected = readEach(batch, createDecoder(shapeOf()));
    // Each takes some kilobytes of one megabyte.
    const decoders = Array.from({ length: 200 }, () => createDecoder(shapeOf()));
    for (const decode of [...decoders, ...decoders])
      expect(readAtOnce(batch, decode).lines).toEqual(expected);
  });
});
