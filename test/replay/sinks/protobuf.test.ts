import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeLabels, encodeWriteRequest } from "../../../src/replay/sinks/protobuf.ts";
import { decodeWriteRequest } from "./write-request.ts";

test("a request has the bytes that the encoding's rules give", () => {
  const request = encodeWriteRequest([
    { labels: encodeLabels({ __name__: "up" }), samples: [{ at: 1000, value: 1 }] },
  ]);
  const label = ["0a0e", "0a08", Buffer.from("__name__").toString("hex"), "1202", "7570"];
  const sample = ["120c", "09", "000000000000f03f", "10", "e807"];
  expect(request.toString("hex")).toBe(["0a1e", ...label, ...sample].join(""));
});

test("labels are sorted by name, the metric's first", () => {
  const labels = encodeLabels({ topic: "t", code: "空号", __name__: "n" });
  const [series] = decodeWriteRequest(encodeWriteRequest([{ labels, samples: [] }]));
  expect(series?.labels).toEqual([
    ["__name__", "n"],
    ["code", "空号"],
    ["topic", "t"],
  ]);
});

test("whatever is encoded is decoded", () => {
  const sample = fc.record({ at: fc.maxSafeNat(), value: fc.double({ noNaN: true }) });
  const series = fc.record({ text: fc.string({ unit: "grapheme" }), samples: fc.array(sample) });
  fc.assert(
    fc.property(fc.array(series), (all) => {
      const request = encodeWriteRequest(
        all.map(({ text, samples }) => ({ labels: encodeLabels({ a: text }), samples })),
      );
      expect(decodeWriteRequest(request)).toEqual(
        all.map(({ text, samples }) => ({ labels: [["a", text]], samples })),
      );
    }),
  );
});
