import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { outcomes } from "../../src/codes/verdict.ts";
import { counterKey } from "../../src/ledger/counter.ts";
import {
  decodeSnapshot,
  encodeSnapshot,
  type SnapshotCounter,
  type SnapshotState,
  uncountedSnapshot,
} from "../../src/ledger/snapshot.ts";
import { snapshotDictionary } from "../../src/ledger/snapshot-dictionary.ts";
import { malformedReasons } from "../../src/receipts/receipt.ts";

/** What a label may be: any text without control characters. */
const label = fc
  .string({ unit: "binary", minLength: 1, maxLength: 64 })
  .filter((text) => !/\p{Cc}/u.test(text));

const counter = fc.oneof(
  fc.record({
    kind: fc.constant("receipts" as const),
    provider: label,
    channel: fc.constant("unknown" as const),
    scope: label,
    code: label,
    category: label,
    outcome: fc.constantFrom(...outcomes),
  }),
  fc.record({ kind: fc.constant("malformed" as const), reason: fc.constantFrom(...malformedReasons) }),
  fc.record({ kind: fc.constant("conflicts" as const), scope: label }),
  fc.constant({ kind: "skipped" as const }),
);

const state: fc.Arbitrary<SnapshotState> = fc
  .record({
    next: fc.maxSafeNat(),
    first: fc.maxSafeInteger(),
    logMark: fc.option(fc.maxSafeNat(), { nil: undefined }),
    zerosSeen: fc.boolean(),
    lastEventAt: fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1000),
    counters: fc.uniqueArray(
      fc.record({ counter, count: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), seen: fc.boolean() }),
      { selector: (entry) => counterKey(entry.counter), maxLength: 60 },
    ),
  })
  .map((drawn) => ({
    ...drawn,
    counters: drawn.counters.map((entry) => ({ ...entry, seen: entry.seen && drawn.zerosSeen })),
  }));

const byKey = (a: SnapshotCounter, b: SnapshotCounter) =>
  counterKey(a.counter) < counterKey(b.counter) ? -1 : 1;

describe("snapshot", () => {
  it("reads back what it wrote, whatever the labels and counts", () => {
    fc.assert(
      fc.property(state, (written) => {
        const text = encodeSnapshot(written);
        expect(text).toMatch(/^[\x21-\x7e]+$/);
        const decoded = decodeSnapshot(text);
        if (decoded.kind !== "counts") throw new Error(decoded.kind);
        expect({ ...decoded.state, counters: [...decoded.state.counters].sort(byKey) }).toEqual({
          ...written,
          counters: [...written.counters].sort(byKey),
        });
      }),
    );
  });

  it("keeps a first offset below 0, of a ledger that went on in a shorter log", () => {
    const written = {
      next: 3,
      first: -1_234_567,
      logMark: undefined,
      zerosSeen: false,
      lastEventAt: 0,
      counters: [],
    };
    expect(decodeSnapshot(encodeSnapshot(written))).toEqual({ kind: "counts", state: written });
  });

  it("never throws on foreign or damaged metadata, and never takes it for counts", () => {
    const written = encodeSnapshot({
      next: 10,
      first: 0,
      logMark: 77,
      zerosSeen: true,
      lastEventAt: 0,
      counters: [{ counter: { kind: "conflicts", scope: "sms_receipt" }, count: 7, seen: true }],
    });
    fc.assert(
      fc.property(fc.string(), (text) => {
        if (text === "") return;
        expect(decodeSnapshot(text).kind).toBe("unreadable");
      }),
    );
    fc.assert(
      fc.property(fc.nat(written.length - 1), fc.constantFrom(..."AZaz09+/"), (at, replacement) => {
        const damaged = written.slice(0, at) + replacement + written.slice(at + 1);
        const decoded = decodeSnapshot(damaged);
        // The last character of base64 may hold bits that carry nothing.
        if (decoded.kind === "counts") expect(decoded.state.counters[0]?.count).toBe(7);
        else expect(decoded.kind).toBe("unreadable");
      }),
    );
    for (let length = 1; length < written.length; length++) {
      expect(decodeSnapshot(written.slice(0, length)).kind).toBe("unreadable");
    }
  });

  /** A snapshot with this text inside, as no version has written it. */
  const packed = (text: string) =>
    `dlr1:${deflateSync(text, { dictionary: snapshotDictionary }).toString("base64")}`;

  it.each([
    { name: "a count below 0", text: "a 0 1 0\n\x01malformed\nnot_json\t-1", why: '"-1" is no count' },
    { name: "a count that is none", text: "a 0 1 0\n\x01malformed\nnot_json\t", why: '"" is no number' },
    {
      name: "a count too large to be exact",
      text: "a 0 1 0\n\x01malformed\nnot_json\tzzzzzzzzzzz",
      why: '"zzzzzzzzzzz" is no number',
    },
    { name: "a head that is short", text: "a 0 1", why: "its head is short" },
    { name: "an offset that is none", text: "! 0 1 0", why: '"!" is no number' },
    { name: "counts without a group's head", text: "a 0 1 0\n006\t1", why: "a group has no head" },
    {
      name: "a reason that is not known",
      text: "a 0 1 0\n\x01malformed\nlate\t1",
      why: 'it names "late", which this version does not know',
    },
    {
      name: "an outcome that is not known",
      text: "a 0 1 0\n\x01aliyun\tsms_receipt\tblacklist\tlost\n006\t1",
      why: 'it names "lost", which this version does not know',
    },
  ])("refuses $name, though its packing is whole", ({ text, why }) => {
    expect(decodeSnapshot(packed(text))).toEqual({ kind: "unreadable", why: `it is damaged (${why})` });
  });

  it("takes a count of 0, which no version writes", () => {
    expect(decodeSnapshot(packed("a 0 1 0\n\x01malformed\nnot_json\t0"))).toMatchObject({
      state: { next: 10, counters: [{ count: 0 }] },
    });
  });

  it("leaves out counters at 0 and those that were merged", () => {
    const kinds = malformedReasons.slice(0, 3);
    const counters = [0, -1, 1].map((count, at) => ({
      counter: { kind: "malformed" as const, reason: kinds[at] ?? "empty" },
      count,
      seen: true,
    }));
    const text = encodeSnapshot({
      next: 1,
      first: 0,
      logMark: undefined,
      zerosSeen: true,
      lastEventAt: 0,
      counters,
    });
    expect(decodeSnapshot(text)).toMatchObject({ state: { counters: counters.slice(2) } });
  });

  it.each([
    { name: "null", metadata: null, kind: "absent" },
    { name: "empty", metadata: "", kind: "absent" },
    { name: "an offset without counts", metadata: uncountedSnapshot, kind: "uncounted" },
    { name: "another program's words", metadata: "committed by me", kind: "unreadable" },
    { name: "a newer format", metadata: "dlr2:abcd", kind: "unreadable" },
  ])("takes $name for $kind", ({ metadata, kind }) => {
    expect(decodeSnapshot(metadata).kind).toBe(kind);
  });

  it("says which format a newer version wrote", () => {
    expect(decodeSnapshot("dlr2:abcd")).toEqual({
      kind: "unreadable",
      why: "it has snapshot format 2, this version reads format 1",
    });
  });

  it("keeps the dictionary of format 1 as it was published", () => {
    const hash = createHash("sha256").update(snapshotDictionary).digest("hex");
    expect(hash).toBe("a327a6e76bb9bbfb9efb07e3f3d1d7ebc7384b352031c6fc024712b89e436a02");
  });

  it("is no snapshot where a code is longer than any label", () => {
    const named = (code: string) => {
      const place = { provider: "aliyun", channel: "sms", scope: "sms_receipt" } as const;
      const counter = { kind: "receipts", ...place, code, category: "unknown", outcome: "failed" } as const;
      const counters = [{ counter, count: 1, seen: true }];
      return decodeSnapshot(
        encodeSnapshot({ next: 3, first: 0, logMark: 7, zerosSeen: true, lastEventAt: 0, counters }),
      );
    };
    expect(named("x".repeat(64)).kind).toBe("counts");
    expect(named("x".repeat(65)).kind).toBe("unreadable");
  });

  it("reads a time that no clock shows, which version 0.1 could write", () => {
    const written = { next: 3, first: 0, logMark: 7, zerosSeen: true, counters: [] };
    const text = encodeSnapshot({ ...written, lastEventAt: Number(2n ** 63n - 1n) });
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
