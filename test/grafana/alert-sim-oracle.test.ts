import { describe, expect, test } from "vitest";
import type { Incident, Month, Provider } from "../alert-sim/month.ts";
import { scoreOracle, watch } from "../alert-sim/oracle.ts";
import { drawMonth, ordinaryShares } from "../alert-sim/receipts.ts";

const hour = 60;
const noon = 12 * hour;
const provider: Provider = {
  ...{ name: "large", partitions: 1, peak: 300 },
  shares: { blacklist: 0.01, empty_number: 0.02, unknown: 0.001 },
};
const other: Provider = { ...provider, name: "other" };
const spike: Incident = {
  ...{ kind: "spike", category: "blacklist", provider: "large", late: false },
  ...{ start: noon, end: noon + hour, share: 0.04 },
};
const plan: Month = {
  ...{ seed: 5, minutes: 24 * hour, providers: [provider, other], incidents: [spike] },
  ...{ surges: [], outages: [], handovers: [] },
};

function oddsOf(month: Month, name = "large"): Float64Array {
  return watch(drawMonth(month)).odds.get(name) ?? new Float64Array();
}

describe("the oracle", () => {
  test("knows within minutes that a spike is on, and that it is over", () => {
    const odds = oddsOf(plan);
    expect(odds.length).toBe(plan.minutes + 1);
    expect(Math.max(...odds.slice(1, noon))).toBeLessThan(5);
    expect(odds.findIndex((one) => one > 5) - noon).toBeLessThanOrEqual(5);
    expect(Math.max(...odds.slice(noon + hour + 10))).toBeLessThan(5);
  });

  test("knows of a campaign that raises the share as a spike would", () => {
    const campaign = { start: noon, end: noon + hour, provider: "large", volume: 1, share: 5 };
    const later = { ...spike, start: 20 * hour, end: 21 * hour };
    const odds = oddsOf({ ...plan, incidents: [later], surges: [campaign] });
    expect(Math.max(...odds.slice(1, 20 * hour))).toBeLessThan(5);
  });

  test("passes over receipts that are late", () => {
    const odds = oddsOf({ ...plan, providers: [{ ...provider, age: 12 }] });
    expect(Math.max(...odds.slice(1))).toBeLessThan(0);
  });

  test("has nothing to say of a provider that has no spike", () => {
    expect(new Set(oddsOf(plan, "other"))).toEqual(new Set([Number.NEGATIVE_INFINITY]));
  });

  test("has the lowest threshold with at most one false page a month", () => {
    const months = [5, 6].map((seed) => watch(drawMonth({ ...plan, seed })));
    const scores = scoreOracle(months);
    expect(scores.map(({ delays, detectable }) => [delays.length, detectable])).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(Math.max(...scores.map(({ falseEpisodes }) => falseEpisodes))).toBe(1);
    expect(scoreOracle(months, new Set(["other"])).map(({ detectable }) => detectable)).toEqual([0, 0]);
  });
});

describe("the ordinary share of a minute", () => {
  const surge = { start: 10, end: 20, provider: "large", volume: 3, share: 2 };

  test("is raised by the provider's own campaigns, but for unknown codes", () => {
    const month = { ...plan, surges: [surge, { ...surge, start: 30, end: 40, provider: "other" }] };
    const at = (category: "blacklist" | "unknown", minute: number) =>
      ordinaryShares(month, provider, category)[minute];
    expect([9, 10, 19, 20, 30].map((minute) => at("blacklist", minute))).toEqual([
      0.01, 0.02, 0.02, 0.01, 0.01,
    ]);
    expect(at("unknown", 10)).toBe(0.001);
  });

  test("has what another code map moves into blacklist, from that minute on", () => {
    const moved = ordinaryShares({ ...plan, mapChange: 50 }, { ...provider, moved: 0.04 }, "blacklist");
    expect([moved[49], moved[50]]).toEqual([0.01, 0.05]);
  });
});
