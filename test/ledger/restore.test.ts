import { expect, it } from "vitest";
import type { Counter } from "../../src/ledger/counter.ts";
import { Counts } from "../../src/ledger/counts.ts";
import { restoreCounts } from "../../src/ledger/restore.ts";
import { map } from "./partitions.ts";

const column = { provider: "aliyun", channel: "sms", category: "blacklist", outcome: "failed" } as const;
const blacklist: Counter = { kind: "receipts", ...column, scope: "sms_receipt", code: "006" };
const by = (value: string, dimension = "signature"): Counter => ({
  ...{ kind: "receiptsBy", ...column, dimension, value },
});

function restored(counters: readonly (readonly [Counter, number])[], unseen: readonly Counter[] = []) {
  const counts = new Counts({ map, provider: undefined, unknownCodes: 9, dimensions: ["signature"] });
  const entries = counters.map(([counter, count]) => ({ counter, count, seen: !unseen.includes(counter) }));
  const seen = restoreCounts(counts, {
    ...{ next: 9, first: 0, logMark: undefined, zerosSeen: true, lastEventAt: 0, folded: undefined },
    ...{ counters: entries, carried: [] },
  });
  const found = counts.counters.flatMap((counter, slot) =>
    counter.kind === "receiptsBy" ? [[counter.value, counts.bySlot[slot], slot < seen]] : [],
  );
  return found;
}

it("gives _other what the named values leave of the receipts", () => {
  expect(
    restored([
      [blacklist, 9],
      [by("acme"), 5],
    ]),
  ).toEqual([
    ["acme", 5, true],
    ["_other", 4, true],
  ]);
});

it("gives _other nothing where they leave nothing", () => {
  expect(
    restored([
      [blacklist, 5],
      [by("acme"), 5],
    ]),
  ).toEqual([["acme", 5, true]]);
});

it("keeps an _other unseen that no scrape has seen at 0", () => {
  const other = by("_other");
  expect(
    restored(
      [
        [blacklist, 9],
        [by("acme"), 5],
        [other, 4],
      ],
      [other],
    ),
  ).toEqual([
    ["acme", 5, true],
    ["_other", 4, false],
  ]);
});

it("believes no values that are more than the receipts, nor those of another dimension", () => {
  expect(
    restored([
      [blacklist, 3],
      [by("acme"), 5],
      [by("SMS_1", "template"), 3],
    ]),
  ).toEqual([["_other", 3, true]]);
});
