import { describe, expect, it } from "vitest";
import { createDecoder } from "../../src/receipts/decode.ts";
import type { Receipt } from "../../src/receipts/receipt.ts";
import { forwarded, forwardedElse } from "./samples/forwarded.ts";
import { originals } from "./samples/originals.ts";
import { encodingSamples, frameSamples } from "./samples/ways.ts";
import { rawRecord, shapeOf } from "./support.ts";

const timestamp = Date.parse("2026-01-01T00:00:10+08:00");

describe("a receipt on its way is read as it was sent", () => {
  it.each([...forwarded, ...forwardedElse])("$name", ({ value, receipts, shape }) => {
    const found: Receipt[] = [];
    const reason = createDecoder(shapeOf(shape))(rawRecord(value, { timestamp }), found);
    expect({ reason, found }).toEqual({ reason: undefined, found: receipts });
  });
});

it("is tried in so many ways", () => {
  const formats = Object.keys(originals).length;
  expect(formats * (Object.keys(frameSamples).length + 2 * Object.keys(encodingSamples).length)).toBe(
    forwarded.length,
  );
  expect(forwarded.length).toBeGreaterThan(800);
});
