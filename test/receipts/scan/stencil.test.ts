import { describe, expect, it } from "vitest";
import { createDecoder, type Decoder, type RecordShape } from "../../../src/receipts/decode.ts";
import type { Dimension } from "../../../src/receipts/dimensions/dimension.ts";
import { recordOf, writeBatch } from "../../kafka/wire/batches.ts";
import { shapeOf } from "../support.ts";
import { readAtOnce, readEach } from "./read-log.ts";

const receipt = {
  extend: "",
  send_time: "2026-01-01 00:00:00",
  receiver: "13800138000",
  rept_time: "2026-01-01 00:00:03",
  err_code: "DELIVRD",
  state: "1",
  biz_id: "107654321^12",
  sign_name: "分测！é𠀀x",
};
/** Everything in it stands for itself, apart from the description. */
const form =
  "receiver=a&pswd=12345&msgid=1070Ab~1&reportTime=2601010000&mobile=13800138000&status=DELIVRD&notifyTime=260101000010&statusDesc=%E5%B7%B2+x&uid=&length=1";
const items = [
  { c: "A", f: "0", t: "2026-01-01 00:00:03", n: 120 },
  { c: "B", f: "0", t: "2026-01-01 00:00:04", n: 121 },
];
const signature: Dimension = {
  ...{ name: "signature", match: undefined, values: undefined },
  from: { kind: "receipt", at: ["/sign_name"] },
};
const itemsShape: RecordShape = shapeOf({
  formats: ["json"],
  json: [
    {
      when: [[{ has: ["/items"] }]],
      receipts: "/items",
      codes: [{ at: ["/c"], scope: "s" }],
      flag: { at: ["/f"], failed: ["0"] },
      receivedAt: [{ at: "/t" }],
    },
  ],
});

/** Codes are in a member, or in a list that is its text. */
const listShape: RecordShape = shapeOf({
  formats: ["json"],
  json: [{ when: [], codes: [{ at: ["/a/0", "/err_code"], scope: "s" }] }],
});

/** Bytes that make another kind of value of one, or none, or other characters. */
const others = [
  ...Buffer.from('"\\{}[]:, \n0159azAZ-.eu&=%+\u007f'),
  ...[0x1f, 0x80, 0x9f, 0xa0, 0xbf, 0xc0, 0xc3, 0xe0, 0xe1, 0xe4, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xff],
];

const written: { name: string; shape: RecordShape; record: string }[] = [
  { name: "a receipt", shape: shapeOf(), record: JSON.stringify(receipt) },
  { name: "one with blanks", shape: shapeOf(), record: JSON.stringify(receipt, undefined, 1) },
  {
    name: "one with numbers",
    shape: shapeOf(),
    record: JSON.stringify({ ...receipt, a: 120, b: -12, c: 1.25, d: 0, f: true, g: null })
      .replace('"a"', '"h":12e3,"i":1.5E-10,"a"')
      .replace('"2026-01-01 00:00:03"', "1767196803000"),
  },
  {
    name: "one with other texts",
    shape: shapeOf(),
    record: JSON.stringify({ ...receipt, a: 'as "told"\t', b: "\\", c: "{a", d: "[", f: " a", g: "-1" }),
  },
  {
    name: "one with members in members",
    shape: shapeOf(),
    record: JSON.stringify({ ...receipt, a: ["x", { b: "c", n: 12 }, []], o: { state: "2", p: {} } }),
  },
  {
    name: "one with a text that may be a list which codes are in",
    shape: listShape,
    record: JSON.stringify({ a: "x1]", err_code: "E", state: "1" }),
  },
  { name: "a list of receipts", shape: shapeOf(), record: JSON.stringify([receipt, receipt]) },
  { name: "a frame", shape: shapeOf(), record: JSON.stringify({ message: JSON.stringify(receipt) }) },
  { name: "receipts in a member", shape: itemsShape, record: JSON.stringify({ items }) },
  { name: "a form", shape: shapeOf(), record: form },
  { name: "a form with escapes in its code", shape: shapeOf(), record: form.replace("DELIVRD", "DB%3A0141") },
  { name: "a form with escapes in its time", shape: shapeOf(), record: form.replace("26010100", "%3260101") },
  {
    name: "a form with a value of a dimension",
    shape: shapeOf({ dimensions: [{ ...signature, from: { kind: "receipt", at: ["/receiver"] } }] }),
    record: form.replace("receiver=a", "receiver=admin"),
  },
  {
    name: "one with a value of a dimension",
    shape: shapeOf({ dimensions: [signature] }),
    record: JSON.stringify(receipt),
  },
];

/** Reads a batch at once and one by one: the same is expected of both. */
function readBoth(
  together: Decoder,
  each: Decoder,
  shape: RecordShape,
  records: readonly (Buffer | string)[],
) {
  const batch = writeBatch(records.map((record, i) => ({ ...recordOf("", i), value: Buffer.from(record) })));
  const log = readAtOnce(batch, together, shape.dimensions.length);
  expect(log.lines).toEqual(readEach(batch, each));
  return log;
}

describe("what fits a receipt before it is what it would be by itself", () => {
  it.each(written)("with any byte of $name changed", ({ shape, record }) => {
    const [together, each] = [createDecoder(shape), createDecoder(shape)];
    const bytes = Buffer.from(record);
    // So many that stencils pay: where most do not fit, none is compared for a while.
    const asItWas = Array.from({ length: 6 }, () => bytes);
    for (let at = 0; at < bytes.length; at++) {
      const changed = others.flatMap((other) => {
        const copy = Buffer.from(bytes);
        copy[at] = other;
        return [copy, ...asItWas];
      });
      readBoth(together, each, shape, [...asItWas, ...changed]);
    }
  });

  it("in whatever order other topics are read", () => {
    // So few that what is known of all has room.
    const few = written.slice(-3).map((topic) => ({
      ...topic,
      together: createDecoder(topic.shape),
      each: createDecoder(topic.shape),
    }));
    for (let round = 0; round < 4; round++) {
      for (const { shape, record, together, each } of few) {
        const later = record.replaceAll("00:00:03", `00:00:1${round}`);
        const { atOnce } = readBoth(together, each, shape, [record, later, record]);
        if (round > 1) expect(atOnce).toBe(3);
      }
    }
  });

  it("unless it ends before", () => {
    const shape = shapeOf();
    const [together, each] = [createDecoder(shape), createDecoder(shape)];
    const text = JSON.stringify(receipt);
    const whole = JSON.stringify({ message: text });
    let atOnce = 0;
    for (let cut = 1; cut < text.length; cut++) {
      // What is behind it in the memory is the rest of the one before.
      atOnce += readBoth(together, each, shape, [whole]).atOnce;
      readBoth(together, each, shape, [JSON.stringify({ message: text.slice(0, -cut) })]);
    }
    expect(atOnce).toBeGreaterThan(text.length - 5);
  });

  it("of forms that end alike, too", () => {
    const shape = shapeOf();
    const [together, each] = [createDecoder(shape), createDecoder(shape)];
    for (let round = 0; round < 4; round++) {
      const { atOnce } = readBoth(together, each, shape, [
        ...[form, form, form, `${form}2`, form, `${form}&x=1`, form.slice(0, -1), form],
        ...["0", "3&status=REJECTD", "%33", "+", '"', "\u00e9"].map((more) => form + more),
      ]);
      if (round > 1) expect(atOnce).toBeGreaterThan(10);
    }
  });

  it.each(["x1]", "!1]", "%211]", "%21[1]", "%5A1]"])(
    "of forms with the text %j that may be a list",
    (text) => {
      const [together, each] = [createDecoder(listShape), createDecoder(listShape)];
      const usual = `err_code=E&a=${text}&state=1`;
      const others = ["[1]", "%5B1]", "%20[1]", "y1]", "%21[2]"].filter(
        ({ length }) => length === text.length,
      );
      for (let round = 0; round < 4; round++)
        for (const other of others)
          readBoth(together, each, listShape, [usual, usual, usual, usual.replace(text, other), usual]);
    },
  );

  it("where it is larger than stencils are, beside others", () => {
    const shape = shapeOf();
    const [together, each] = [createDecoder(shape), createDecoder(shape)];
    const short = JSON.stringify(receipt);
    const long = JSON.stringify({ ...receipt, more: "x".repeat(60_000) });
    for (let round = 0; round < 4; round++) {
      const { atOnce } = readBoth(together, each, shape, [short, short, long, long, long, short, short]);
      if (round > 1) expect(atOnce).toBe(7);
    }
  });

  it("with sizes and codes that change", () => {
    const shape = shapeOf({ dimensions: [signature] });
    const [together, each] = [createDecoder(shape), createDecoder(shape)];
    for (let round = 0; round < 60; round++) {
      const records = Array.from({ length: 40 }, (_, i) =>
        JSON.stringify({
          ...receipt,
          err_code: i % 7 === 0 ? `MK:${round % 10}` : "DELIVRD",
          biz_id: "1".repeat(1 + ((i * round) % (1 + (round % 12)))),
          sign_name: ["", "阿里云", "acme", "12", "é"][(i + round) % 5],
          more: "x".repeat(round % 20 === 0 ? 600 : round % 3),
        }),
      );
      readBoth(together, each, shape, records);
    }
  });
});
