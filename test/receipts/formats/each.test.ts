import { expect, it } from "vitest";
import { readEach } from "../../../src/receipts/formats/each.ts";
import type { Receipt, Unread } from "../../../src/receipts/receipt.ts";
import { receipt } from "../../ledger/support.ts";

const rows: readonly { elements: readonly (Unread | "receipt")[]; reason: Unread | undefined }[] = [
  { elements: [], reason: "no_receipts" },
  { elements: ["receipt"], reason: undefined },
  { elements: ["receipt", "not_a_receipt"], reason: "bad_element" },
  { elements: ["not_a_receipt", "receipt"], reason: "bad_element" },
  { elements: ["not_a_receipt", "not_a_receipt"], reason: "not_a_receipt" },
  { elements: ["no_receipts", "receipt"], reason: "bad_element" },
  { elements: ["uplink"], reason: "uplink" },
  { elements: ["recording", "uplink"], reason: "recording" },
  { elements: ["uplink", "receipt"], reason: undefined },
  { elements: ["uplink", "not_a_receipt"], reason: "not_a_receipt" },
  { elements: ["uplink", "receipt", "not_a_receipt"], reason: "bad_element" },
];
it.each(rows)("$elements: $reason", ({ elements, reason }) => {
  const before = [receipt("before")];
  const receipts: Receipt[] = [...before];
  const read = (element: unknown) => {
    if (element !== "receipt") return element as Unread;
    receipts.push(receipt("one"));
    return undefined;
  };
  expect(readEach(elements, receipts, read)).toBe(reason);
  expect(receipts.length).toBe(1 + elements.filter((element) => element === "receipt").length);
});
