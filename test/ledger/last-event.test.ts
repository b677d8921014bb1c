import { describe, expect, it } from "vitest";
import { clockTolerance } from "../../src/bounds.ts";
import { LastEvent } from "../../src/ledger/last-event.ts";

const now = Date.parse("2026-01-01T00:00:00Z");
const none = Number.NaN;

describe("the last event is", () => {
  const rows: readonly { name: string; receivedAt: number; recordedAt: number; at: number }[] = [
    { name: "a receipt's own time", receivedAt: now - 5, recordedAt: now, at: now - 5 },
    { name: "its record's, without one", receivedAt: none, recordedAt: now - 1, at: now - 1 },
    {
      name: "its record's, where it is far ahead of that",
      receivedAt: now,
      recordedAt: now - clockTolerance - 1,
      at: now - clockTolerance - 1,
    },
    {
      name: "its own, where it is a little ahead",
      receivedAt: now,
      recordedAt: now - clockTolerance,
      at: now,
    },
    {
      name: "none in the future",
      receivedAt: now + clockTolerance + 1,
      recordedAt: now + clockTolerance + 1,
      at: 0,
    },
    { name: "none without any time", receivedAt: none, recordedAt: none, at: 0 },
  ];
  it.each(rows)("$name", ({ receivedAt, recordedAt, at }) => {
    const last = new LastEvent(() => now);
    last.note(receivedAt, recordedAt);
    expect(last.at).toBe(at);
    last.note(1, 1);
    expect(last.at).toBe(Math.max(at, 1));
  });

  it("restored, but for one in the future", () => {
    const last = new LastEvent(() => now);
    last.restore(now);
    expect(last.at).toBe(now);
    last.restore(now + clockTolerance + 1);
    expect(last.at).toBe(0);
  });
});

it("the clock is only read for times that seem to be in the future", () => {
  let reads = 0;
  const last = new LastEvent(() => now + 1_000 * reads++);
  for (let at = now; at <= now + clockTolerance; at += 60_000) last.note(at, at);
  expect(reads).toBe(1);
  last.note(now + clockTolerance + 500, now + clockTolerance + 500);
  expect(reads).toBe(2);
  expect(last.at).toBe(now + clockTolerance + 500);
});
