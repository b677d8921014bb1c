import { Violation } from "./exporter.ts";
import { heal, produce, strike } from "./faults.ts";
import { World } from "./world.ts";

/** What became of one schedule. */
export interface Outcome {
  /** The rule that was broken; undefined when none was. */
  readonly violation: string | undefined;
  /** What happened, if it was traced. */
  readonly trace: readonly string[];
  /** How long it took after the last fault until all was well, in ms. */
  readonly recoveryMs: number;
  readonly steps: number;
  readonly commits: number;
}

/** Runs the schedule of a seed: faults for a while, then none until all is well. */
export function runSchedule(seed: number, traced = false): Outcome {
  const world = new World(seed, traced);
  const { timeline } = world;
  let violation: string | undefined;
  let recoveryMs = 0;
  try {
    const calmAt = plan(world);
    while (timeline.now < calmAt && timeline.next());
    world.isCalm = true;
    heal(world);
    recoveryMs = settle(world);
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    violation = error.message;
    world.note(`VIOLATION: ${violation}`);
  }
  const steps = world.exporters.reduce((sum, exporter) => sum + exporter.steps, 0);
  return { violation, trace: world.trace?.lines ?? [], recoveryMs, steps, commits: world.counts.commits };
}

/** Plans everything that goes wrong. @returns when the last of it is over, in ms */
function plan(world: World): number {
  const { random, timeline } = world;
  const long = random.below(12) === 0;
  const length = long ? 60_000 + random.below(60_000) : 8_000 + random.below(20_000);
  for (const topic of world.topics) {
    const later = random.below(8) === 0 ? random.below(length) : 0;
    const partitions = 1 + random.below(3);
    timeline.at(later, () => world.createTopic(topic, partitions));
  }
  const exporters = 1 + random.below(3);
  const apart = exporters > 1 && world.topics.length > 1 && random.below(4) === 0;
  for (let index = 0; index < exporters; index++) {
    const topics = apart ? [world.topics[index % 2] ?? "a"] : world.topics;
    timeline.at(random.below(3) * random.below(3_000), () => world.start(topics));
  }
  const records = 2 + random.below(8);
  for (let index = 0; index < records; index++) timeline.at(random.below(length), () => produce(world));
  const strikes = 1 + random.below(long ? 12 : 6);
  for (let index = 0; index < strikes; index++) {
    const lasts = 200 + random.below(long ? 60_000 : 8_000);
    const at = random.below(length);
    timeline.at(at, () => strike(world, Math.min(lasts, length - at)));
  }
  return length;
}

/** Waits until all is well. @returns how long it took, in ms */
function settle(world: World): number {
  const { timeline, settings } = world;
  const since = timeline.now;
  const longest = 3 * settings.sessionTimeoutMs + 30_000;
  for (let lookAt = since; ; lookAt += 500) {
    while (timeline.now < lookAt && timeline.next());
    const unfinished = world.unfinished();
    if (unfinished === undefined) return timeline.now - since;
    if (timeline.now - since > longest)
      throw new Violation(`${longest} ms after the last fault ${unfinished}`);
  }
}
