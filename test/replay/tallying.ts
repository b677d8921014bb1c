import type { CodeMap } from "../../src/codes/code-map.ts";
import type { ShareState } from "../../src/replay/share.ts";
import { Tally } from "../../src/replay/tally.ts";
import type { ReplayWindow } from "../../src/replay/window.ts";
import { packagedMap } from "../ledger/support.ts";

export const minute = 60_000;
export const hour = 60 * minute;
export const map = packagedMap();

/** Two hours of China's 3rd of October, from 23:00. */
export const window: ReplayWindow = {
  from: Date.parse("2026-10-03T23:00:00+08:00"),
  to: Date.parse("2026-10-04T01:00:00+08:00"),
  step: minute,
  slack: hour,
  by: "event",
};

/** A tally of a topic in China by the packaged map. */
export function tallyOf(rest: Partial<ReplayWindow> = {}, compare?: CodeMap, topic = "dlr.receipts"): Tally {
  return new Tally({
    topic,
    window: { ...window, ...rest },
    cells: { map, provider: undefined, unknownCodes: 10_000 },
    compare,
    utcOffsetMinutes: 480,
  });
}

/** What a share has counted that read these tallies' records. */
export function stateOf(...tallies: readonly Tally[]): ShareState {
  return { stretches: [], tallies: tallies.map((tally) => tally.state()) };
}
