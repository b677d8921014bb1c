import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import type { CodeMap } from "../../src/codes/code-map.ts";
import { parseCodeMap } from "../../src/codes/parse.ts";
import { Counts } from "../../src/ledger/counts.ts";
import { Delays } from "../../src/ledger/delays.ts";
import { conflictsIn, ignoredIn, malformedIn } from "../../src/ledger/summary.ts";
import { smallMap } from "../codes/small-map.ts";
import { partsOfReceipts } from "./partitions.ts";
import { packagedMap, receipt } from "./support.ts";

const map = packagedMap();

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** In bytes, without what nobody holds. */
function heapInUse(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

function cells(counts: Counts): Record<string, number> {
  return Object.fromEntries(
    [...counts.cells()].map(({ scope, code, category, outcome, count }) => [
      `${scope} ${code} ${category} ${outcome}`,
      count,
    ]),
  );
}

function parsed(text: string): CodeMap {
  const result = parseCodeMap(text, "map.yaml");
  if ("problems" in result) throw new Error(JSON.stringify(result.problems));
  return result.map;
}

describe("Ledger", () => {
  it("counts each receipt in exactly one cell", () => {
    const counts = new Counts({ map, provider: undefined, unknownCodes: 50 });
    counts.fold([receipt("DELIVRD", "delivered"), receipt("mk:0010"), receipt("MK:0010")], undefined);
    counts.fold([receipt("200010", "none", { scope: "voice_receipt" })], undefined);
    counts.fold([receipt("NEW:1")], undefined);
    expect(cells(counts)).toEqual({
      "sms_receipt DELIVRD delivered delivered": 1,
      "sms_receipt mk:0010 empty_number failed": 2,
      "voice_receipt 200010 power_off failed": 1,
      "sms_receipt NEW:1 unknown failed": 1,
    });
  });

  it("counts a conflict beside the cell that the flag chose", () => {
    const counts = new Counts({ map, provider: undefined, unknownCodes: 50 });
    counts.fold([receipt("DB:0141", "delivered"), receipt("DB:0141", "failed")], undefined);
    expect(cells(counts)).toEqual({
      "sms_receipt DB:0141 delivered delivered": 1,
      "sms_receipt DB:0141 blacklist failed": 1,
    });
    expect(conflictsIn(counts)).toBe(1);
  });

  it("counts malformed records by reason, also beside receipts that could be read", () => {
    const counts = new Counts({ map, provider: undefined, unknownCodes: 50 });
    counts.fold([], "not_json");
    counts.fold([receipt("006")], "bad_element");
    expect(Object.fromEntries(malformedIn(counts))).toEqual({ not_json: 1, bad_element: 1 });
    expect(cells(counts)).toEqual({ "sms_receipt 006 blacklist failed": 1 });
  });

  it("counts records that are no receipts by intent by kind, apart from the malformed", () => {
    const counts = new Counts({ map, provider: undefined, unknownCodes: 50 });
    for (const kind of ["deleted", "uplink", "deleted"] as const) counts.fold([], kind);
    counts.fold([], "not_json");
    counts.fold([receipt("006")], "recording");
    counts.skip(4);
    expect([...ignoredIn(counts)]).toEqual([
      ["uplink", 1],
      ["recording", 1],
      ["deleted", 2],
    ]);
    expect(Object.fromEntries(malformedIn(counts))).toEqual({ not_json: 1 });
    expect(cells(counts)).toEqual({ "sms_receipt 006 blacklist failed": 1 });
    const records = counts.bySlot.filter(
      (_, slot) => !partsOfReceipts.includes(counts.counters[slot]?.kind ?? "conflicts"),
    );
    expect(records.reduce((a, b) => a + b)).toBe(10);
  });

  it("opens a kind of ignored records when it first comes, and none before", () => {
    const counts = new Counts({ map, provider: undefined, unknownCodes: 50 });
    const open = () => counts.counters.flatMap((counter) => (counter.kind === "ignored" ? counter.what : []));
    expect(open()).toEqual([]);
    for (const kind of ["uplink", "uplink"] as const) counts.fold([], kind);
    expect(open()).toEqual(["uplink"]);
  });

  it("keeps unlisted codes up to the limit and counts the rest as _other, whatever their flag", () => {
    const counts = new Counts({ map, provider: undefined, unknownCodes: 2 });
    for (const code of ["A1", "A2", "A3", "A1", "A4"]) counts.fold([receipt(code)], undefined);
    counts.fold([receipt("A5", "delivered"), receipt("", "failed")], undefined);
    expect(cells(counts)).toEqual({
      "sms_receipt A1 unknown failed": 2,
      "sms_receipt A2 unknown failed": 1,
      "sms_receipt _other unknown failed": 2,
      "sms_receipt _other delivered delivered": 1,
      "sms_receipt _none unknown failed": 1,
    });
  });

  it("holds its memory however many distinct codes come", () => {
    const counts = new Counts({ map, provider: undefined, unknownCodes: 50 });
    for (let n = 0; n < 20_000; n++) counts.fold([receipt(`X${n}`)], undefined);
    expect(counts.counters.length).toBeLessThan(100);
    const total = [...counts.cells()].reduce((sum, { count }) => sum + count, 0);
    expect(total).toBe(20_000);
  });

  it("holds its memory however long they are", () => {
    const counts = new Counts({ map, provider: undefined, unknownCodes: 50 });
    const before = heapInUse();
    for (let n = 0; n < 200; n++) counts.fold([receipt(`X${n} ${"x".repeat(1_000_000)}`)], undefined);
    expect(heapInUse() - before).toBeLessThan(20_000_000);
    expect(Object.values(cells(counts))).toHaveLength(51);
  });

  it("finds a listed code in whatever blanks", () => {
    const counts = new Counts({ map, provider: undefined, unknownCodes: 50 });
    const blanks = " ".repeat(1_000);
    counts.fold([receipt(`${blanks}006${blanks}`)], undefined);
    expect(cells(counts)).toEqual({ "sms_receipt 006 blacklist failed": 1 });
  });

  it("opens every listed code of its scopes at 0", () => {
    const counts = new Counts({ map, provider: undefined, unknownCodes: 50, scopes: map.scopes("aliyun") });
    const opened = counts.counters.filter((counter) => counter.kind === "receipts").length;
    const listed = map.scopes("aliyun").flatMap((scope) => map.table("aliyun", scope)?.entries ?? []).length;
    expect(opened).toBe(listed);
    expect([...counts.cells()]).toEqual([]);
  });

  it("moves no count when another map is adopted", () => {
    const text = readFileSync("config/code-map.yaml", "utf8");
    const changed = parsed(text.replaceAll("category: blacklist", "category: content_blocked"));
    const counts = new Counts({ map, provider: undefined, unknownCodes: 50 });
    counts.fold([receipt("006")], undefined);
    counts.adopt(changed);
    counts.fold([receipt("006")], undefined);
    expect(cells(counts)).toEqual({
      "sms_receipt 006 blacklist failed": 1,
      "sms_receipt 006 content_blocked failed": 1,
    });
  });

  it("opens the codes at 0 that another map lists in its scopes", () => {
    const entry = /^ +exp-1: .*$/m.exec(smallMap)?.[0] ?? "";
    const more = smallMap.replace(entry, `${entry}\n${entry.replace("exp-1", "exp-2")}`);
    const options = { provider: "acme", unknownCodes: 50, scopes: ["sms_receipt"] };
    const counts = new Counts({ map: parsed(smallMap), ...options });
    const open = () =>
      counts.counters.flatMap((counter, slot) =>
        counter.kind === "receipts" ? `${counter.code} ${counts.bySlot[slot]}` : [],
      );
    expect(open()).toEqual(["012 0", "exp-1 0"]);
    counts.adopt(parsed(more));
    expect(open()).toEqual(["012 0", "exp-1 0", "exp-2 0"]);
  });

  it("takes the provider of the topic, else of the receipt, else aliyun", () => {
    const tencent = receipt("DELIVRD", "none", { provider: "tencent" });
    const providers = (provider: string | undefined) => {
      const counts = new Counts({ map, provider, unknownCodes: 50 });
      counts.fold([tencent, receipt("DELIVRD", "none")], undefined);
      return [...counts.cells()].map((cell) => `${cell.provider} ${cell.category} ${cell.count}`);
    };
    expect(providers(undefined)).toEqual(["tencent delivered 1", "aliyun delivered 1"]);
    expect(providers("other")).toEqual(["other unknown 2"]);
  });

  it("observes delays, and follows the newest event unless its clock is wrong", () => {
    const delays = new Delays();
    const counts = new Counts({ map, provider: undefined, unknownCodes: 50, delays });
    const now = 1_790_000_000_000;
    const at = (sentAt: number, receivedAt: number) =>
      receipt("DELIVRD", "delivered", { sentAt, receivedAt });
    counts.fold([at(now - 21_000, now), at(now - 5_000, now - 6_000), at(Number.NaN, now)], undefined, now);
    expect(counts.lastEvent.at).toBe(now);
    counts.fold([at(now, now + 86_400_000)], undefined, now + 1_000);
    expect(counts.lastEvent.at).toBe(now + 1_000);
    const [series] = delays.all();
    expect(series?.counts.reduce((a, b) => a + b)).toBe(3);
    expect(series?.sum).toBe(21 + 0 + 86_400);
  });

  const recordedAt = 1_790_000_000_000;
  it.each([
    { name: "an event before its record", receivedAt: recordedAt - 86_400_000, is: recordedAt - 86_400_000 },
    {
      name: "an event ten minutes after its record",
      receivedAt: recordedAt + 600_000,
      is: recordedAt + 600_000,
    },
    {
      name: "the record's time, of an event a little later still",
      receivedAt: recordedAt + 600_001,
      is: recordedAt,
    },
    { name: "the record's time, of an event without one", receivedAt: Number.NaN, is: recordedAt },
  ])("takes for the newest event $name", ({ receivedAt, is }) => {
    const counts = new Counts({ map, provider: undefined, unknownCodes: 50 });
    counts.fold([receipt("006", "failed", { receivedAt })], undefined, recordedAt);
    expect(counts.lastEvent.at).toBe(is);
  });

  describe("does not believe in the future", () => {
    const dated = (receivedAt: number, at: number) => {
      const delays = new Delays();
      const counts = new Counts({
        map,
        provider: undefined,
        unknownCodes: 50,
        delays,
        clock: () => recordedAt,
      });
      counts.fold([receipt("006", "failed", { sentAt: recordedAt, receivedAt })], undefined, at);
      const [series] = delays.all();
      return { lastEventAt: counts.lastEvent.at, delay: series?.sum };
    };
    const tenMinutes = 600_000;
    const year9999 = Date.parse("9999-12-31T23:59:59Z");
    it.each([
      { name: "a record in microseconds", receivedAt: Number.NaN, at: recordedAt * 1_000, is: 0, delay: 0 },
      { name: "the largest number", receivedAt: Number.NaN, at: Number(2n ** 63n - 1n), is: 0, delay: 0 },
      { name: "a receipt and its record", receivedAt: year9999, at: year9999, is: 0, delay: 0 },
      { name: "a receipt", receivedAt: year9999, at: recordedAt, is: recordedAt, delay: 0 },
      { name: "a record", receivedAt: recordedAt, at: year9999, is: recordedAt, delay: 0 },
      {
        name: "no more than ten minutes",
        receivedAt: recordedAt + tenMinutes + 1,
        at: recordedAt + tenMinutes + 1,
        ...{ is: 0, delay: 0 },
      },
      {
        name: "more than a clock may be fast",
        receivedAt: recordedAt + tenMinutes,
        at: recordedAt + tenMinutes,
        ...{ is: recordedAt + tenMinutes, delay: 600 },
      },
    ])("of $name", ({ receivedAt, at, is, delay }) => {
      expect(dated(receivedAt, at)).toEqual({ lastEventAt: is, delay });
    });

    it("as its clock goes on", () => {
      let now = recordedAt;
      const counts = new Counts({ map, provider: undefined, unknownCodes: 50, clock: () => now });
      const event = (at: number) =>
        counts.fold([receipt("006", "failed", { receivedAt: at })], undefined, at);
      event(recordedAt + 3_600_000);
      expect(counts.lastEvent.at).toBe(0);
      now += 3_600_000;
      event(recordedAt + 3_600_000);
      expect(counts.lastEvent.at).toBe(recordedAt + 3_600_000);
    });
  });

  it("observes no delay of more than a month", () => {
    const delays = new Delays();
    const counts = new Counts({ map, provider: undefined, unknownCodes: 50, delays });
    const month = 30 * 86_400_000;
    const late = (delay: number) =>
      receipt("006", "failed", { sentAt: recordedAt - delay, receivedAt: recordedAt });
    counts.fold([late(recordedAt), late(month + 1), late(month)], undefined, recordedAt);
    expect([...delays.all()].map(({ sum }) => sum)).toEqual([month / 1_000]);
  });

  it("keeps the newest event when older ones come after it", () => {
    const counts = new Counts({ map, provider: undefined, unknownCodes: 50 });
    const at = (receivedAt: number) => receipt("006", "failed", { receivedAt });
    counts.fold([at(recordedAt), at(recordedAt - 1)], undefined, recordedAt);
    counts.fold([at(recordedAt - 2)], undefined, recordedAt);
    expect(counts.lastEvent.at).toBe(recordedAt);
  });
});
