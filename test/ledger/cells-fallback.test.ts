import { describe, expect, it } from "vitest";
import { Cells } from "../../src/ledger/cells.ts";
import { Counts } from "../../src/ledger/counts.ts";
import { Delays } from "../../src/ledger/delays.ts";
import { PartitionLedger } from "../../src/ledger/partition-ledger.ts";
import { mapWithPacks, packOf, smallPack } from "../codes/small-pack.ts";
import { receipt } from "./support.ts";

const carriers = [packOf("cmpp", ["MK:0010", "DB:9999"]), packOf("smgp", ["MK:0010", "705"])];
const map = mapWithPacks(smallPack, ...carriers);

function cellsOf(provider: string, fallback: readonly string[], unknownCodes = 50): Cells {
  return new Cells({ map, provider, fallback, unknownCodes }, new Delays());
}

/** What receipts with these codes count as, one after the other: provider, code, category. */
function placesOf(cells: Cells, ...codes: readonly string[]): string[] {
  return codes.map((code) => {
    const counter = cells.counters[cells.targets.of(receipt(code)).slot];
    return counter?.kind === "receipts" ? `${counter.provider} ${counter.code} ${counter.category}` : "none";
  });
}

describe("a code that the provider of its receipt does not list", () => {
  it("is asked of no other provider's table", () => {
    expect(placesOf(cellsOf("acme", []), "DB:0144", "MK:0010")).toEqual([
      "acme DB:0144 unknown",
      "acme MK:0010 unknown",
    ]);
  });

  it("is judged by a fallback where the topic has one, and stays the provider's own", () => {
    const cells = cellsOf("acme", ["cmpp", "smgp"]);
    expect(placesOf(cells, "1", "mk:0010", "705", "DB:0144", "")).toEqual([
      "acme 1 power_off",
      "acme MK:0010 blacklist",
      "acme 705 blacklist",
      "acme DB:0144 unknown",
      "acme _none unknown",
    ]);
    const borrowed = [...cells.borrowed.values()].map(({ provider, entry }) => [
      provider,
      entry.provider,
      entry.code,
    ]);
    expect(borrowed).toEqual([
      ["acme", "cmpp", "MK:0010"],
      ["acme", "smgp", "705"],
    ]);
    expect([...cells.providers]).toEqual(["acme"]);
  });

  it("is asked of a fallback's table of the same scope alone", () => {
    const cells = cellsOf("acme", ["cmpp"]);
    const counter =
      cells.counters[cells.targets.of(receipt("MK:0010", "failed", { scope: "voice_receipt" })).slot];
    expect(counter).toMatchObject({ category: "unknown" });
  });

  it("takes none of the room for codes that nobody lists when a fallback lists it", () => {
    const cells = cellsOf("acme", ["cmpp"], 1);
    expect(placesOf(cells, "MK:0010", "DB:9999", "NEW:1", "NEW:2")).toEqual([
      "acme MK:0010 blacklist",
      "acme DB:9999 blacklist",
      "acme NEW:1 unknown",
      "acme _other unknown",
    ]);
  });

  it("is the fallback's no longer when another map lists it for the provider", () => {
    const cells = cellsOf("acme", ["cmpp"]);
    placesOf(cells, "MK:0010");
    cells.adopt(mapWithPacks(packOf("acme_two", []), packOf("cmpp", [])));
    expect([...cells.borrowed]).toEqual([]);
    expect(placesOf(cells, "MK:0010")).toEqual(["acme MK:0010 unknown"]);
  });
});

describe("what a fallback has judged", () => {
  const open = (fallback: readonly string[], metadata: string | null) => {
    const counts = new Counts({ map, provider: "acme", fallback, unknownCodes: 50, scopes: ["sms_receipt"] });
    const committed = metadata === null ? { offset: -1, metadata } : { offset: 1, metadata };
    return new PartitionLedger("t", 0, counts, committed, 0, 0);
  };
  const counted = open(["cmpp"], null);
  counted.count([receipt("MK:0010")], undefined, Number.NaN);
  counted.next++;
  const { metadata } = counted.checkpoint(4096, 0);
  const cellsIn = (ledger: PartitionLedger) => [...ledger.counts.cells()];

  it("is what it was after a restart, with the fallback and without", () => {
    const cell = { provider: "acme", code: "MK:0010", category: "blacklist", outcome: "failed", count: 1 };
    expect(cellsIn(open(["cmpp"], metadata))).toEqual([expect.objectContaining(cell)]);
    expect(cellsIn(open([], metadata))).toEqual(cellsIn(open(["cmpp"], metadata)));
  });

  it("is described after a restart as well, while there is the fallback", () => {
    expect([...open(["cmpp"], metadata).counts.met.borrowed.values()]).toMatchObject([
      { entry: { provider: "cmpp" } },
    ]);
    expect([...open([], metadata).counts.met.borrowed]).toEqual([]);
  });
});
