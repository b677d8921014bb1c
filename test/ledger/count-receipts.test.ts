import { expect, it } from "vitest";
import { Cells } from "../../src/ledger/cells.ts";
import { addOne, type Counting, countReceipts, openAt0 } from "../../src/ledger/count-receipts.ts";
import { counterKey } from "../../src/ledger/counter.ts";
import { Delays } from "../../src/ledger/delays.ts";
import { LastEvent } from "../../src/ledger/last-event.ts";
import { columnsOf } from "../../src/receipts/columns.ts";
import type { Receipt } from "../../src/receipts/receipt.ts";
import { map } from "./partitions.ts";
import { receipt } from "./support.ts";

const sentAt = Date.parse("2026-01-01T00:00:00+08:00");

function newCounting(dimensions: readonly string[] = []): Counting & { readonly delays: Delays } {
  const delays = new Delays();
  const cells = new Cells(
    { map, provider: undefined, unknownCodes: 2, segments: true, dimensions, dimensionValues: 1 },
    delays,
    true,
  );
  return { cells, bySlot: [], lastEvent: new LastEvent(() => sentAt + 3_600_000), delays };
}

function count(counting: Counting, ...receipts: readonly Receipt[]): void {
  for (const one of receipts) countReceipts(counting, columnsOf(one, sentAt + 60_000), 1);
}

/** What is above 0, by kind and label. */
function counted({ cells, bySlot }: Counting): Record<string, number> {
  const named = cells.counters.map((counter, slot) => [counterKey(counter), bySlot[slot] ?? -1] as const);
  return Object.fromEntries(
    named.filter(([, value]) => value !== 0).map(([key, value]) => [key.replaceAll("\t", " "), value]),
  );
}

it("a receipt counts in its cell, by its segments and by its delay", () => {
  const counting = newCounting();
  count(
    counting,
    receipt("DELIVRD", "delivered", { sentAt, receivedAt: sentAt + 7_400, segments: 3 }),
    receipt("DELIVRD", "delivered", { sentAt, receivedAt: sentAt + 7_600, segments: 1 }),
    receipt("DELIVRD", "delivered", { sentAt, receivedAt: sentAt + 1_000 }),
    receipt("DELIVRD", "delivered", { sentAt, segments: 2 }),
  );
  expect(counted(counting)).toMatchInlineSnapshot(`
    {
      "g aliyun sms delivered delivered": 6,
      "h counted aliyun sms delivered delivered": 3,
      "h not_said aliyun sms delivered delivered": 1,
      "r aliyun sms_receipt DELIVRD delivered delivered": 4,
      "t 15 aliyun sms delivered": 2,
      "t 5 aliyun sms delivered": 1,
      "t sum aliyun sms delivered": 16,
      "u no_event_time aliyun sms delivered": 1,
    }
  `);
  expect(counting.lastEvent.at).toBe(sentAt + 60_000);
  const [delivered] = counting.delays.all();
  expect([delivered?.counts.reduce((a, b) => a + b), delivered?.sum]).toEqual([3, 16]);
});

it("a code that the map judges by its flag is a conflict too", () => {
  const counting = newCounting();
  count(counting, receipt("DELIVRD", "failed"));
  expect(counted(counting)).toMatchInlineSnapshot(`
    {
      "c sms_receipt": 1,
      "h not_said aliyun sms unknown failed": 1,
      "r aliyun sms_receipt DELIVRD unknown failed": 1,
      "u no_sent_time aliyun sms failed": 1,
    }
  `);
});

it("values count beside each receipt, those without room together", () => {
  const counting = newCounting(["signature"]);
  for (const value of ["a", "b", "a"]) count(counting, receipt("DELIVRD", "delivered", { values: [value] }));
  const values = counting.cells.counters.flatMap((counter, slot) =>
    counter.kind === "receiptsBy" ? [[counter.value, counting.bySlot[slot]]] : [],
  );
  expect(values).toMatchInlineSnapshot(`
    [
      [
        "a",
        2,
      ],
      [
        "_other",
        1,
      ],
    ]
  `);
});

it("what is opened begins at 0, and counts at once", () => {
  const counting = newCounting();
  const [skipped, , last] = [
    counting.cells.slot({ kind: "skipped" }),
    counting.cells.slot({ kind: "malformed", reason: "not_json" }),
    counting.cells.slot({ kind: "malformed", reason: "too_large" }),
  ];
  addOne(counting, last);
  addOne(counting, undefined);
  expect(counting.bySlot).toEqual([0, 0, 1]);
  counting.cells.slot({ kind: "conflicts", scope: "sms_receipt" });
  openAt0(counting);
  addOne(counting, skipped);
  expect(counting.bySlot).toEqual([1, 0, 1, 0]);
});
