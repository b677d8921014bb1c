import { describe, expect, it } from "vitest";
import { compilePointer, compilePointers, opened } from "../../../src/receipts/formats/pointer.ts";
import { compileTests } from "../../../src/receipts/formats/recognise.ts";
import { openText } from "../../../src/receipts/open-text.ts";
import { described } from "../packaged-formats.ts";
import { samples } from "../samples.ts";
import { originals } from "../samples/originals.ts";

/** The invented numbers of the samples. */
const phoneNumber = /(?<!\d)(?:(?:86)?13[09]0{6}\d\d|447700900000|14150000000|22500000000)(?!\d)/;

/** Shapes whose receipts have no number, or none of their own. */
const without = ["smpp: /err", "tmc-voice: /status_code", "sinch: /statuses", "smgp: /stat"];

const records = [
  ...samples.map(({ format, name, value }) => ({ format, name, value })),
  ...Object.entries(originals).map(([name, { format, value }]) => ({
    ...{ format, name, value: JSON.stringify(value) },
  })),
];

/** A value, and all that lies in it or in JSON that was put into a string of it. */
function* within(value: unknown): Generator<unknown> {
  const inside = opened(value);
  yield inside;
  if (typeof inside === "object" && inside !== null)
    for (const member of Object.values(inside)) yield* within(member);
}

const shapes = described.flatMap(({ name, descriptions }) =>
  descriptions.map(({ when, receipts, codes, number }) => {
    const isOfIt = compileTests(when);
    const elements = records
      .filter(({ format }) => format === name)
      .flatMap(({ value }) => [...within(openText(value, undefined)?.value)])
      .filter((value) => isOfIt(value))
      .map((value) => (receipts === undefined ? value : opened(compilePointer(receipts)(value))))
      .flatMap((found) => (Array.isArray(found) ? found : [found]));
    return { name: `${name}: ${receipts ?? codes[0]?.at[0]}`, number, elements };
  }),
);

describe("where the number of a receipt is", () => {
  it.each(shapes)("$name", ({ name, number, elements }) => {
    expect(elements).not.toEqual([]);
    const numbers = elements.flatMap((element) => phoneNumber.exec(JSON.stringify(element))?.[0] ?? []);
    if (number === undefined) {
      expect(without).toContain(name);
      expect(numbers).toEqual([]);
      return;
    }
    const resolve = compilePointers(number);
    const found = elements.map(resolve).filter((value) => value !== undefined);
    expect(found).not.toEqual([]);
    expect(found.map((value) => phoneNumber.exec(String(value))?.[0])).toEqual(numbers);
  });

  it("is said of all shapes but those", () => {
    const silent = shapes.filter(({ number }) => number === undefined).map(({ name }) => name);
    expect(silent.sort()).toEqual([...without].sort());
  });
});
