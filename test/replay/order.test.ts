import { describe, expect, it } from "vitest";
import { orderMargin, RecordOrder, recordsInOrder, unseen } from "../../src/replay/order.ts";

const until = 1_000_000_000;
const past = until + orderMargin;

function seen(order: RecordOrder, times: readonly number[]): RecordOrder {
  for (const time of times) order.see(time);
  return order;
}

const rows = (count: number, time: number) => Array.from({ length: count }, () => time);

describe("the order of records", () => {
  it("shows that the log has passed a time after many records in a row that have", () => {
    const order = seen(new RecordOrder(until, unseen), rows(recordsInOrder - 1, past));
    expect(order.isPast).toBe(false);
    expect(seen(order, [past]).isPast).toBe(true);
  });

  it.each([
    { name: "an earlier one", time: past - 1 },
    { name: "one without a time", time: Number.NaN },
  ])("begins anew after $name", ({ time }) => {
    const order = seen(new RecordOrder(until, unseen), [...rows(recordsInOrder - 1, past), time]);
    expect(seen(order, rows(recordsInOrder - 1, past)).isPast).toBe(false);
  });

  it("shows nothing where any record may hold what is asked for", () => {
    expect(seen(new RecordOrder(undefined, unseen), rows(2 * recordsInOrder, past)).isPast).toBe(false);
  });

  it("knows how far a record is dated before one in front of it, over all that was read", () => {
    const first = seen(new RecordOrder(until, unseen), [500, 400, 900, 850]).state();
    expect(first).toEqual({ newestAt: 900, lastAt: 850, disorder: 100, run: 0 });
    expect(seen(new RecordOrder(until, first), [700]).state().disorder).toBe(200);
  });
});
