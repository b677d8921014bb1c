import { expect, it } from "vitest";
import { Cells } from "../../src/ledger/cells.ts";
import { Delays } from "../../src/ledger/delays.ts";
import { sumPlace } from "../../src/ledger/receipt-delays.ts";
import { addSum, type DelaySums, DelaySummer } from "../../src/replay/delay-sums.ts";
import { Rows } from "../../src/replay/rows.ts";
import { stepsBySlot, Timeline } from "../../src/replay/timeline.ts";
import { createRandom } from "../lab/random.ts";
import { receipt } from "../ledger/support.ts";
import { map } from "./tallying.ts";

/** Delivered and failed with one segment, many, none and a wrong number of them; an API answer has no delay. */
const kinds = [
  receipt("DELIVERED", "delivered", { segments: 1 }),
  receipt("DELIVERED", "delivered", { segments: 3 }),
  receipt("12", "failed", { segments: 1 }),
  receipt("12", "failed"),
  receipt("13", "failed", { segments: -1 }),
  receipt("isv.BUSINESS_LIMIT_CONTROL", "failed", { scope: "sms_api" }),
];

function newRows() {
  const cells = new Cells({ map, provider: undefined, unknownCodes: 10, segments: true }, new Delays(), true);
  const [timeline, sums] = [new Timeline(), new DelaySummer()];
  return { cells, timeline, sums, rows: new Rows(cells, timeline, sums) };
}

/** Every slot's steps. */
function stepsOf(timeline: Timeline, { counters }: Cells) {
  return stepsBySlot(timeline.blocks(), counters.length, (slot) => slot).map(({ steps, counts }) =>
    [...steps].map((step, index) => [step, counts[index]]),
  );
}

it("point to where the counters of a receipt count, in whatever order kinds and blocks come, and after a move", () => {
  const { below } = createRandom(11);
  const { cells, timeline, sums, rows } = newRows();
  const expected = new Timeline();
  const expectedSums: DelaySums = new Map();
  const byNumber = [...kinds];
  for (let i = 0; i < 5_000; i++) {
    const number = below(byNumber.length);
    // A number may be given to another receipt.
    if (below(20) === 0) byNumber[number] = kinds[below(kinds.length)] ?? receipt("12");
    const one = byNumber[number] ?? receipt("12");
    const block = below(8) === 0 ? below(200) : 40 + below(3);
    const [place, bucket, seconds] = [below(16), below(sumPlace), below(100)];
    const target = cells.targets.of(one);
    const own = timeline.position(target.slot, block);
    const row = rows.find(number, one, block) ?? rows.open(number, one, target, block, own);

    timeline.addAt(row.own + place);
    expected.add(target.slot, block * 16 + place);
    if (row.state !== -1) timeline.addAt(row.state + place);
    if (row.segments !== -1) timeline.addAt(row.segments + place, one.segments);
    if (target.segments !== undefined) {
      const state = cells.receiptSegments?.receiptsSlot(target.segments, one.segments) ?? -1;
      expected.add(state, block * 16 + place);
      const { segments = 0 } = one;
      if (segments >= 1) expected.addAt(expected.position(target.segments.segments, block) + place, segments);
    }
    if (row.sums !== undefined) {
      timeline.addAt(rows.bucket(row, bucket) + place);
      row.sums[place] = (row.sums[place] ?? 0) + seconds;
    }
    if (target.measured !== undefined) {
      expected.add(target.measured.first + bucket, block * 16 + place);
      const slot = target.measured.first + sumPlace;
      if (seconds > 0) addSum(expectedSums, slot, block * 16 + place, seconds);
    }

    if (below(500) !== 0) continue;
    timeline.move((slot) => slot);
    rows.forget();
  }
  expect(stepsOf(timeline, cells)).toEqual(stepsOf(expected, cells));
  expect(sums.sums()).toEqual(expectedSums);
});

it("are found by kind, receipt and block, and again after the blocks beside them", () => {
  const { cells, rows } = newRows();
  const [one = receipt("12"), other] = kinds;
  const opened = [7, 8, 9, 10].map((block) => rows.open(3, one, cells.targets.of(one), block, 0));
  expect([7, 8, 9, 10].map((block) => rows.find(3, one, block))).toEqual(opened);
  expect(rows.find(3, one, 11)).toBeUndefined();
  expect(rows.find(2, one, 7)).toBeUndefined();
  expect(rows.find(3, other, 7)).toBeUndefined();
  rows.forget();
  expect(rows.find(3, one, 7)).toBeUndefined();
});
