import { createHash } from "node:crypto";
import { deflateSync, inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { ByteWriter } from "../../../src/ledger/snapshot/bytes.ts";
import { words } from "../../../src/ledger/snapshot/dictionary2.ts";
import { decodeSnapshot, encodeSnapshot } from "../../../src/ledger/snapshot/snapshot.ts";
import { type IgnoredKind, ignoredKinds, type MalformedReason } from "../../../src/receipts/receipt.ts";

/** A natural number, or a text with its length. */
type Part = number | string;

function bytesOf(parts: readonly Part[]): Buffer {
  const out = new ByteWriter();
  for (const part of parts) {
    if (typeof part === "number") out.natural(part);
    else out.text(part);
  }
  return Buffer.from(out.written);
}

function sectionOf(tag: number, ...body: Part[]): Buffer {
  const out = new ByteWriter();
  out.natural(tag);
  out.block(bytesOf(body));
  return Buffer.from(out.written);
}

/** A snapshot of these sections, as no version has written it. */
function packed(...sections: readonly (readonly [tag: number, ...body: Part[]])[]): string {
  const raw = Buffer.concat(sections.map((section) => sectionOf(...section)));
  return `dlr2:${deflateSync(raw).toString("base64")}`;
}

/** Next offset 10, first 0, zeros seen. */
const head = [1, 10, 0, 0, 1, 0, 0, 0, 0, 0] as const;
const place = (word: string) => words.indexOf(word) + 1;
/** One table with one group of codes. */
const group = (...codes: readonly Part[]) =>
  [3, 1, place("aliyun"), place("sms_receipt"), 1, place("blacklist"), place("failed"), ...codes] as const;

describe("a snapshot of format 2", () => {
  it.each([
    { name: "without a head", text: packed([5, place("not_json"), 3]), why: "the header is missing" },
    { name: "with a short head", text: packed([1, 10, 0]), why: "unexpected end of data" },
    { name: "with a long head", text: packed([...head, 1]), why: "bytes follow the last field" },
    {
      name: "with an offset above 2^53",
      text: (() => {
        const body = Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]);
        const raw = Buffer.concat([Buffer.from([1, body.length]), body]);
        return `dlr2:${deflateSync(raw).toString("base64")}`;
      })(),
      why: "a number exceeds 2^53",
    },
    {
      name: "with a count that is missing",
      text: packed(head, group(0, 1, 0, "006")),
      why: "unexpected end of data",
    },
    {
      name: "with a word beyond the dictionary",
      text: packed(head, group(1, words.length, 0, 7)),
      why: "a word is not in the dictionary",
    },
    {
      name: "with an outcome that is not known",
      text: packed(head, [3, 1, 0, "aliyun", 0, "sms_receipt", 1, 0, "blacklist", 0, "lost", 0, 0]),
      why: 'unknown word "lost"',
    },
    {
      name: "with a reason that is not known",
      text: packed(head, [5, 0, "late", 1]),
      why: 'unknown word "late"',
    },
    {
      name: "with a kind of ignored records that is not known",
      text: packed(head, [13, ignoredKinds.length, 1]),
      why: `unknown kind ${ignoredKinds.length} of ignored records`,
    },
    {
      name: "with ignored records without a count",
      text: packed(head, [13, 0]),
      why: "unexpected end of data",
    },
    {
      name: "with a code longer than any label",
      text: packed(head, group(0, 1, 0, "x".repeat(65), 1)),
      why: "a code is too long for a label",
    },
    {
      name: "with a section inside that belongs outside",
      text: packed(head, [11, 1, "a"]),
      why: "a nested section has a tag that is not allowed there",
    },
  ])("is refused $name, though its packing is whole", ({ text, why }) => {
    expect(decodeSnapshot(text)).toEqual({ kind: "unreadable", why: `it is damaged (${why})` });
  });

  it("is refused when it unpacks to more than a snapshot can be", () => {
    const bomb = `dlr2:${deflateSync(Buffer.alloc(32 << 20)).toString("base64")}`;
    expect(decodeSnapshot(bomb)).toMatchObject({
      kind: "unreadable",
      why: expect.stringContaining("damaged"),
    });
  });

  it("is refused with an odd section that it does not know: a newer version wrote it", () => {
    expect(decodeSnapshot(packed(head, [17, 5]))).toEqual({
      kind: "unreadable",
      why: "it was written by a newer version: section 17 is unknown, and required for correct counts",
    });
  });

  it("has ignored records in a section of their own, which versions before refuse, seen or not", () => {
    const entry = (what: IgnoredKind, count: number, seen: boolean) => ({
      counter: { kind: "ignored" as const, what },
      ...{ count, seen },
    });
    const counters = [entry("uplink", 3, true), entry("recording", 200, true), entry("deleted", 1, false)];
    const state = {
      ...{ next: 204, first: 0, logMark: undefined, zerosSeen: true, lastEventAt: 0 },
      ...{ folded: undefined, counters, carried: [] },
    };
    const text = encodeSnapshot(state);
    const raw = inflateSync(Buffer.from(text.slice("dlr2:".length), "base64"));
    const seen = sectionOf(13, 0, 3, 1, 200);
    const nested = sectionOf(13, 6, 1);
    expect(raw.subarray(-seen.length - nested.length - 2)).toEqual(
      Buffer.concat([seen, Buffer.from([11, nested.length]), nested]),
    );
    expect(decodeSnapshot(text)).toEqual({ kind: "counts", state });
  });

  it("is read as it was before records were ignored", () => {
    const before = "dlr2:eNpj5BRhYGBkAAFWJmt2diY2Jk5GHm4WViZ7RgAJ+wDm";
    const malformed = (reason: MalformedReason) => ({ kind: "malformed" as const, reason });
    const counters = [
      { counter: malformed("not_json"), count: 7, seen: true },
      { counter: { kind: "conflicts", scope: "sms_receipt" }, count: 2, seen: true },
      { counter: { kind: "skipped" }, count: 12, seen: true },
      { counter: malformed("too_large"), count: 1, seen: false },
    ];
    const decoded = decodeSnapshot(before);
    expect(decoded).toMatchObject({ state: { next: 20, first: 0, zerosSeen: true, counters } });
    if (decoded.kind !== "counts") throw new Error(decoded.kind);
    // What holds none is written as it was: the way back is open until the first.
    expect(encodeSnapshot(decoded.state)).toBe(before);
  });

  it("is read with an even section that it does not know, which is carried along", () => {
    const decoded = decodeSnapshot(packed(head, [10, 5, "later"], group(0, 1, 0, "006", 7)));
    if (decoded.kind !== "counts") throw new Error(decoded.kind);
    expect(decoded.state).toMatchObject({
      next: 10,
      counters: [{ counter: { code: "006", category: "blacklist" }, count: 7, seen: true }],
      carried: [{ tag: 10, body: bytesOf([5, "later"]) }],
    });
    expect(decodeSnapshot(encodeSnapshot(decoded.state))).toEqual(decoded);
  });

  it("keeps codes whose common beginning ends inside a character", () => {
    const counters = ["A\u{1f600}", "A\u{1f601}", "A\u{1f601}\u{1f602}"].map((code, at) => ({
      counter: {
        ...{ kind: "receipts" as const, provider: "p", channel: "unknown" as const, scope: "s" },
        ...{ code, category: "c", outcome: "failed" as const },
      },
      count: at + 1,
      seen: false,
    }));
    const state = {
      ...{ next: 6, first: 0, logMark: undefined, zerosSeen: false, lastEventAt: 0 },
      ...{ folded: undefined, counters, carried: [] },
    };
    expect(decodeSnapshot(encodeSnapshot(state))).toEqual({ kind: "counts", state });
  });

  it("keeps the places of ignored kinds as they were published", () => {
    expect(ignoredKinds.slice(0, 9).join(" ")).toBe(
      "uplink recording transcript key_press quality_report statistics deleted template_audit configured",
    );
  });

  it("keeps its dictionary as it was published, each word once", () => {
    expect(new Set(words).size).toBe(words.length);
    const hash = createHash("sha256").update(words.join("\n")).digest("hex");
    expect(hash).toBe("f1b573428405f4d6a99c2468d798a0548ef7ab32fc81302521251772b1f61db8");
  });
});
