import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeSnapshot, encodeSnapshot } from "../../../src/ledger/snapshot/snapshot.ts";
import { malformedReasons } from "../../../src/receipts/receipt.ts";
import { byKey, state } from "./states.ts";

describe("a snapshot", () => {
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
      folded: undefined,
      counters: [],
      carried: [],
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
      folded: undefined,
      carried: [],
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
      folded: undefined,
      counters,
      carried: [],
    });
    expect(decodeSnapshot(text)).toMatchObject({ state: { counters: counters.slice(2) } });
  });

  it.each([
    { name: "null", metadata: null, kind: "absent" },
    { name: "empty", metadata: "", kind: "absent" },
    { name: "an offset without counts", metadata: "dlr1!", kind: "uncounted" },
    { name: "another program's words", metadata: "committed by me", kind: "unreadable" },
    { name: "a newer format", metadata: "dlr3:abcd", kind: "unreadable" },
  ])("takes $name for $kind", ({ metadata, kind }) => {
    expect(decodeSnapshot(metadata).kind).toBe(kind);
  });

  it("says which format a newer version wrote", () => {
    expect(decodeSnapshot("dlr3:abcd")).toEqual({
      kind: "unreadable",
      why: "it has snapshot format 3, this version reads formats 1 and 2",
    });
  });

  it("is no snapshot where a code is longer than any label", () => {
    const named = (code: string) => {
      const place = { provider: "aliyun", channel: "sms", scope: "sms_receipt" } as const;
      const counter = { kind: "receipts", ...place, code, category: "unknown", outcome: "failed" } as const;
      const counters = [{ counter, count: 1, seen: true }];
      return decodeSnapshot(
        encodeSnapshot({
          next: 3,
          first: 0,
          logMark: 7,
          zerosSeen: true,
          lastEventAt: 0,
          folded: undefined,
          counters,
          carried: [],
        }),
      );
    };
    expect(named("x".repeat(64)).kind).toBe("counts");
    expect(named("x".repeat(65)).kind).toBe("unreadable");
  });
});
