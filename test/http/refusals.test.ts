import { pino } from "pino";
import { expect, it } from "vitest";
import { Refusals } from "../../src/http/refusals.ts";

it("logs each reason once a minute, with how often it was since", () => {
  const lines: { reason: string; times: number; level: number }[] = [];
  let now = 5;
  const log = pino({ base: null }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const refusals = new Refusals(log, () => now);
  for (let n = 0; n < 1_000; n++) refusals.note("reloads");
  refusals.note("body");
  now += 59_999;
  refusals.note("reloads");
  now += 1;
  refusals.note("reloads");
  refusals.note("reloads");
  expect(lines.map(({ reason, times, level }) => [reason, times, level])).toEqual([
    ["reloads", 1, 40],
    ["body", 1, 40],
    ["reloads", 1_001, 40],
  ]);
});
