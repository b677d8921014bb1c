import { expect, it } from "vitest";
import { columnsOf } from "../../src/receipts/columns.ts";
import { receipt } from "../ledger/support.ts";

it("one receipt in columns is all that it says, until the next one", () => {
  const first = receipt("12", "failed", { sentAt: 1, receivedAt: 2, segments: 3, values: ["a", "b"] });
  const columns = columnsOf(first, 4);
  expect({ ...columns, kinds: [...columns.kinds] }).toEqual({
    kinds: [first],
    numbers: Int32Array.of(0),
    sentAt: Float64Array.of(1),
    receivedAt: Float64Array.of(2),
    recordedAt: Float64Array.of(4),
    values: ["a", "b"],
  });
  const { sentAt, receivedAt, values, kinds } = columnsOf(receipt("13"), 5);
  expect([kinds[0]?.code, sentAt[0], receivedAt[0], values]).toEqual(["13", Number.NaN, Number.NaN, []]);
});
