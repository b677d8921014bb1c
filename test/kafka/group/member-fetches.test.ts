import { describe, expect, it } from "vitest";
import { Brokers } from "./brokers.ts";
import { Driver } from "./driver.ts";

/** A log that grows by a record a fetch, which is less than a broker answers at once. */
function trickle(commitIntervalMs: number): Driver {
  const driver = new Driver(new Brokers({ t: [0] }), ["t"], { commitIntervalMs });
  driver.brokers.on.fetch = (ask) => {
    driver.brokers.log("t", 0).high++;
    return { ...driver.brokers.fetch(ask), afterMs: Math.max(1, ask.waitMs) };
  };
  return driver.start().run(10_000);
}

describe("GroupMember, where few records come", () => {
  it.each([100, 250, 1_000, 1_700, 5_000, 60_000])(
    "has them just before each commit, with one every %i ms",
    (commitIntervalMs) => {
      const driver = trickle(commitIntervalMs);
      const late: number[] = [];
      const asked: number[] = [];
      const onFetch = driver.brokers.on.fetch;
      driver.brokers.on.fetch = (ask) => {
        asked.push(driver.now);
        return onFetch(ask);
      };
      driver.witness = ({ kind }) => {
        // A fetch is asked as soon as the one before is answered.
        if (kind === "commit") late.push(driver.now - (asked.at(-1) ?? 0));
      };
      driver.run(20 * commitIntervalMs);
      expect(late.length).toBeGreaterThanOrEqual(19);
      expect(Math.max(...late)).toBeLessThanOrEqual(60);
    },
  );

  it("asks once a second, whatever trickles in", () => {
    const driver = trickle(5_000);
    const before = driver.all("fetch").length;
    driver.run(60_000);
    expect(driver.all("fetch").length - before).toBeLessThanOrEqual(61);
  });

  it("knows at once how far the log goes, where it was never told", () => {
    const driver = new Driver(new Brokers({ t: [0, 0] })).start();
    const [first, second] = driver.all("fetch");
    expect(first?.waitMs).toBe(0);
    expect(second?.waitMs).toBeGreaterThan(0);
  });
});
