import fc from "fast-check";
import { expect, it } from "vitest";
import { channels, outcomes } from "../../../src/codes/verdict.ts";
import { counterKey } from "../../../src/ledger/counter.ts";
import { ByteReader, ByteWriter } from "../../../src/ledger/snapshot/bytes.ts";
import { type CountedSegments, readSegments, writeSegments } from "../../../src/ledger/snapshot/segments.ts";
import { segmentStates } from "../../../src/receipts/segments.ts";

const of = {
  provider: fc.constantFrom("aliyun", "mine"),
  channel: fc.constantFrom(...channels),
  category: fc.constantFrom("delivered", "blacklist", "_other", "of my own"),
  outcome: fc.constantFrom(...outcomes),
};
const counter = fc.oneof(
  fc.record({ kind: fc.constant("segments" as const), ...of }),
  fc.record({
    kind: fc.constant("segmentReceipts" as const),
    ...of,
    segments: fc.constantFrom(...segmentStates),
  }),
);

it("segments read back as they were written", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.record({ counter, count: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }) }), {
        selector: (entry) => counterKey(entry.counter),
        maxLength: 40,
      }),
      (entries) => {
        const out = new ByteWriter();
        writeSegments(out, entries);
        const from = new ByteReader(Buffer.from(out.written));
        const sorted = (list: readonly CountedSegments[]) =>
          list.toSorted((a, b) => (counterKey(a.counter) < counterKey(b.counter) ? -1 : 1));
        expect(sorted(readSegments(from))).toEqual(sorted(entries));
        from.end();
      },
    ),
  );
});

it("a state of a later version is refused", () => {
  const out = new ByteWriter();
  writeSegments(out, [
    {
      counter: { kind: "segments", provider: "p", channel: "sms", category: "c", outcome: "failed" },
      count: 1,
    },
  ]);
  // As many states as there are, and one more.
  const written = Buffer.from([
    ...out.written.subarray(0, -1),
    segmentStates.length + 1,
    ...new Array(9).fill(1),
  ]);
  expect(() => readSegments(new ByteReader(written))).toThrow("a state of segments");
});
