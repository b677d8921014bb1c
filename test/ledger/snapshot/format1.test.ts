import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { snapshotDictionary } from "../../../src/ledger/snapshot/dictionary1.ts";
import { decodeSnapshot } from "../../../src/ledger/snapshot/snapshot.ts";
import { encodeFormat1, packed1 } from "./format1-writer.ts";
import { byKey, state } from "./states.ts";

describe("a snapshot of format 1", () => {
  it("is read back, whatever the labels and counts", () => {
    fc.assert(
      fc.property(state, (drawn) => {
        // It was written before records were ignored, and before there were dimensions and delays.
        const later = ["ignored", "receiptsBy", "delays", "unmeasured", "segments", "segmentReceipts"];
        const counters = drawn.counters.filter(({ counter }) => !later.includes(counter.kind));
        const written = { ...drawn, counters, folded: undefined, carried: [] };
        const decoded = decodeSnapshot(encodeFormat1(written));
        if (decoded.kind !== "counts") throw new Error(decoded.kind);
        expect({ ...decoded.state, counters: [...decoded.state.counters].sort(byKey) }).toEqual({
          ...written,
          counters: [...written.counters].sort(byKey),
        });
      }),
    );
  });

  it.each([
    { name: "a count below 0", text: "a 0 1 0\n\x01malformed\nnot_json\t-1", why: '"-1" is not a count' },
    { name: "a count that is none", text: "a 0 1 0\n\x01malformed\nnot_json\t", why: '"" is not a number' },
    {
      name: "a count too large to be exact",
      text: "a 0 1 0\n\x01malformed\nnot_json\tzzzzzzzzzzz",
      why: '"zzzzzzzzzzz" is not a number',
    },
    { name: "a head that is short", text: "a 0 1", why: "the header is incomplete" },
    { name: "an offset that is none", text: "! 0 1 0", why: '"!" is not a number' },
    { name: "counts without a group's head", text: "a 0 1 0\n006\t1", why: "a group has no header" },
    {
      name: "a reason that is not known",
      text: "a 0 1 0\n\x01malformed\nlate\t1",
      why: 'unknown word "late"',
    },
    {
      name: "an outcome that is not known",
      text: "a 0 1 0\n\x01aliyun\tsms_receipt\tblacklist\tlost\n006\t1",
      why: 'unknown word "lost"',
    },
  ])("refuses $name, though its packing is whole", ({ text, why }) => {
    expect(decodeSnapshot(packed1(text))).toEqual({ kind: "unreadable", why: `it is damaged (${why})` });
  });

  it("takes a count of 0, which no version writes", () => {
    expect(decodeSnapshot(packed1("a 0 1 0\n\x01malformed\nnot_json\t0"))).toMatchObject({
      state: { next: 10, counters: [{ count: 0 }] },
    });
  });

  it("keeps the dictionary of format 1 as it was published", () => {
    const hash = createHash("sha256").update(snapshotDictionary).digest("hex");
    expect(hash).toBe("a327a6e76bb9bbfb9efb07e3f3d1d7ebc7384b352031c6fc024712b89e436a02");
  });

  it("reads a time that no clock shows, which version 0.1 could write", () => {
    const written = { next: 3, first: 0, logMark: 7, zerosSeen: true, counters: [] };
    const text = encodeFormat1({ ...written, lastEventAt: Number(2n ** 63n - 1n) });
    const decoded = decodeSnapshot(text);
    expect(decoded).toMatchObject({ kind: "counts", state: written });
  });

  it("reads a snapshot that an earlier build of format 1 wrote", () => {
    const decoded = decodeSnapshot("dlr1:ePkyogn2K0zPyVIoKlYwVCjJLzAqMyEudGCBYmiGPG4OGxrnNAYA4XEcOg");
    expect(decoded).toEqual({
      kind: "counts",
      state: {
        next: 1234567,
        first: 1000,
        zerosSeen: true,
        lastEventAt: 1_795_000_000_000,
        carried: [],
        counters: [
          {
            counter: {
              kind: "receipts",
              provider: "aliyun",
              channel: "unknown",
              scope: "sms_receipt",
              code: "DB:0141",
              category: "blacklist",
              outcome: "failed",
            },
            count: 42,
            seen: true,
          },
          { counter: { kind: "malformed", reason: "not_json" }, count: 3, seen: true },
        ],
      },
    });
  });
});
