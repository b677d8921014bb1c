import { beforeEach, describe, expect, it, vi } from "vitest";
import { createDecoder } from "../../../src/receipts/decode.ts";
import { forgetKnown } from "../../../src/receipts/scan/known.ts";
import { recordOf, writeBatch } from "../../kafka/wire/batches.ts";
import { originals } from "../samples/originals.ts";
import { shapeOf } from "../support.ts";
import { readAtOnce, readEach } from "./read-log.ts";

const record = JSON.stringify(originals.tmcSms?.value);

// Other files that run in this process learn too, and would leave less room.
beforeEach(forgetKnown);

describe("the same is read", () => {
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
    expect(atOnce).toBe(6_000);
    // The first ones are not known by their numbers any more.
    const first = writeBatch(["C0", "C2", "C0", "C2"].map((code, i) => recordOf(withCode(code), i)));
    expect(readAtOnce(first, decode).lines).toEqual(readEach(first, each));
  });

  it.each([
    { news: 32, atOnce: 4 },
    { news: 33, atOnce: 3 },
    { news: 64, atOnce: 3 },
    { news: 65, atOnce: 2 },
    { news: 500, atOnce: 0 },
  ])("when a record has $news receipts that are new", ({ news, atOnce }) => {
    const list = `[${Array.from({ length: news }, (_, i) => withCode(`N${i}`)).join(",")}]`;
    const batch = writeBatch([0, 1, 2, 3].map((i) => recordOf(list, i)));
    const log = readAtOnce(batch, createDecoder(shapeOf()));
    expect(log.lines).toEqual(readEach(batch, createDecoder(shapeOf())));
    expect(log.atOnce).toBe(atOnce);
  });

  it.each([1, 9, 40])("when the %i last receipts that are kept are those of a record", (room) => {
    const decode = createDecoder(shapeOf());
    const each = createDecoder(shapeOf());
    const kept = Array.from({ length: 2_048 - room }, (_, i) => withCode(`K${i}`));
    readAtOnce(writeBatch(kept.map((value, i) => recordOf(value, i))), decode);
    const list = `[${Array.from({ length: 30 }, (_, i) => withCode(`N${i}`)).join(",")}]`;
    const batch = writeBatch(
      [kept[0] ?? "", list, list, kept[0] ?? ""].map((value, i) => recordOf(value, i)),
    );
    expect(readAtOnce(batch, decode).lines).toEqual(readEach(batch, each));
    expect(readAtOnce(batch, decode)).toEqual({ lines: readEach(batch, each), atOnce: 4 });
  });

  it("when words fill the memory", () => {
    const decode = createDecoder(shapeOf());
    const each = createDecoder(shapeOf());
    for (let first = 0; first < 8_000; first += 50) {
      const codes = Array.from({ length: 50 }, (_, i) => withCode(`${first + i - (i % 2)}`.padEnd(60, "x")));
      const batch = writeBatch(codes.map((value, i) => recordOf(value, i)));
      const log = readAtOnce(batch, decode);
      expect(log.lines).toEqual(readEach(batch, each));
      expect(log.atOnce).toBe(50);
    }
  });

  it("when other topics take the memory, and all sets of members have the same hash", () => {
    const random = vi.spyOn(Math, "random").mockReturnValue(0);
    const codes = ["/err_code", "/state", "/biz_id", "/send_time"];
    const decoders = Array.from({ length: 400 }, (_, i) => {
      const at = codes[i % codes.length] ?? "";
      const json = [{ when: [], codes: [{ at: [at, `/${"n".repeat(i % 90)}`], scope: `s${i}` }] }];
      return createDecoder(shapeOf({ formats: ["json"], json }));
    });
    random.mockRestore();
    const batch = writeBatch([record, record, record].map((value, i) => recordOf(value, i)));
    const seen = decoders.map((decode) => readEach(batch, decode));
    for (let round = 0; round < 3; round++) {
      for (const [i, decode] of decoders.entries()) expect(readAtOnce(batch, decode).lines).toEqual(seen[i]);
    }
  });

  it("where sets of members have the same hash", () => {
    const random = vi.spyOn(Math, "random").mockReturnValue(0);
    const decode = createDecoder(shapeOf());
    random.mockRestore();
    const values = Object.values(originals).map(({ value }) => JSON.stringify(value));
    const batch = writeBatch([...values, ...values, ...values].map((value, i) => recordOf(value, i)));
    const log = readAtOnce(batch, decode);
    expect(log.lines).toEqual(readEach(batch, createDecoder(shapeOf())));
    expect(log.atOnce).toBeGreaterThan(values.length);
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
