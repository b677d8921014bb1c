import { expect, it } from "vitest";
import type { ReplayCounts } from "../../src/replay/counts.ts";
import { mergeStates } from "../../src/replay/merge.ts";
import { openMetricsText } from "../../src/replay/sinks/openmetrics.ts";
import { Tally } from "../../src/replay/tally.ts";
import { receipt } from "../ledger/support.ts";
import { map, minute, stateOf, window } from "./tallying.ts";

const { from, to } = window;

function tallyBy(topic: string): Tally {
  const cells = { map, provider: undefined, unknownCodes: 10, segments: true };
  return new Tally({ topic, window, cells, compare: undefined, utcOffsetMinutes: 480 });
}

function countAt(tally: Tally, at: number, segments: number | undefined, code = "DELIVRD"): void {
  const flag = code === "DELIVRD" ? "delivered" : "failed";
  tally.count([receipt(code, flag, { receivedAt: at, segments })], undefined, at);
}

function merged(...tallies: Tally[]): ReplayCounts {
  const naming = { isListed: () => true, unknownCodes: 3, dimensions: [], dimensionValues: 30 };
  return mergeStates(
    tallies.map((tally) => stateOf(tally)),
    { window, takenAt: to, ...naming },
  );
}

it("segments are added up by the minute, and the receipts by what they say of them, whoever read them", () => {
  const [one, other, second] = [tallyBy("a"), tallyBy("a"), tallyBy("b")];
  countAt(one, from, 3);
  countAt(one, from, 0);
  countAt(other, from, 4);
  countAt(other, from + 2 * minute, 70, "006");
  countAt(second, from, 1);
  const counts = merged(one, other, second);
  expect(merged(second, other, one).segments).toEqual(counts.segments);
  const { series = [], receipts = [] } = counts.segments ?? {};
  expect(
    series.map(({ labels, steps, counts }) => [labels.topic, labels.category, [...steps], [...counts]]),
  ).toEqual([
    ["a", "blacklist", [2], [70]],
    ["a", "delivered", [0], [7]],
    ["b", "delivered", [0], [1]],
  ]);
  expect(
    receipts.map(({ labels, total }) => `${labels.topic} ${labels.category} ${labels.segments} ${total}`),
  ).toEqual([
    "a blacklist counted 1",
    "a delivered counted 2",
    "a delivered not_said 1",
    "b delivered counted 1",
  ]);
  const written = { samples: 0, series: 0, bytes: 0 };
  const options = { as: "gauge", job: "j", instance: "i" } as const;
  const text = Buffer.concat([...openMetricsText(counts, options, written)]).toString();
  expect(text).toContain(
    'dlr_segments_1m{category="delivered",channel="sms",instance="i",job="j",outcome="delivered",provider="aliyun",topic="a"} 7 ',
  );
  expect(text).toContain('segments="not_said"');
});

it("there are none where no receipt says any", () => {
  const tally = tallyBy("a");
  countAt(tally, from, undefined);
  expect(merged(tally).segments).toBeUndefined();
});
