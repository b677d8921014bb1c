import { setImmediate } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { runSchedule } from "./schedule.ts";

// Half of the time would go into packing snapshots. That they can be unpacked again is tested with the snapshots.
vi.mock("node:zlib", async (original) => ({
  ...(await original<typeof import("node:zlib")>()),
  deflateSync: (text: string) => Buffer.from(text),
  inflateSync: (bytes: Buffer) => bytes,
}));

const first = Number(process.env.SEED ?? 1);
const schedules = Number(process.env.SCHEDULES ?? (process.env.SEED === undefined ? 20_000 : 1));

/** How much of what happened is told of a schedule that failed. */
const lastEvents = 40;

function report(seed: number): string {
  const { violation, trace } = runSchedule(seed, true);
  return [
    `schedule ${seed}: ${violation}`,
    `replay it alone: SEED=${seed} npx vitest run test/kafka/simulation/simulation.test.ts`,
    ...trace.slice(-lastEvents),
  ].join("\n");
}

const options = { timeout: 1_800_000 + 100 * schedules };

it(`keeps every promise in ${schedules} schedules of faults`, options, async () => {
  for (let seed = first; seed < first + schedules; seed++) {
    if (runSchedule(seed).violation !== undefined) expect.fail(report(seed));
    // Vitest wants to be heard of now and then.
    if (seed % 1_000 === 0) await setImmediate();
  }
});
