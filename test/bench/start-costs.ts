import { waitFor } from "../integration/harness.ts";
import { spreadOf } from "./figures.ts";
import { table } from "./markdown.ts";
import { type Bench, measured, outputOf } from "./measured.ts";
import { inGroup, replay, startRun } from "./programs.ts";
import type { Section } from "./results.ts";
import { type BenchTopic, withTopics } from "./topic.ts";
import { cpuSoFar, type Usage } from "./usage.ts";
import type { Workload } from "./workload.ts";

/** What a start took: the usage of the whole process, or its CPU as far as it was ready. */
type Start = Partial<Usage> & Pick<Usage, "cpuUs">;

/**
 * What is spent before the first receipt: on a topic that has none.
 *
 * @returns the heading and the body of a section
 * @throws Error when a program fails
 */
export async function startCosts(
  brokers: readonly string[],
  base: Workload,
  rounds: number,
  say: (line: string) => void,
): Promise<Section> {
  return withTopics(brokers, [{ ...base, messages: 0 }], async (topics) => {
    const starts = new Map<string, Start[]>();
    const note = (name: string, start: Start) => {
      starts.set(name, [...(starts.get(name) ?? []), start]);
      say(`${name}: ${(start.cpuUs / 1000).toFixed(0)} ms of CPU`);
    };
    for (let round = 1; round <= rounds; round++) {
      for (const topic of topics) {
        const { usage } = await measured(topic, ({ env }) => outputOf(["--eval", ""], env));
        note("Node.js that does nothing", usage);
        const shipped = await runUntilReady(topic, ({ packaged }) => packaged);
        note("`run` with the packaged code map, until it is ready", { cpuUs: shipped.ready * 1e6 });
        const { ready, usage: whole } = await runUntilReady(topic, ({ flags }) => flags);
        note("`run` until it is ready", { cpuUs: ready * 1e6 });
        note("`run` until it is ready, and its end", whole);
        note("`replay` of nothing, and its end", (await replay.measure(topic)).usage);
      }
    }
    return {
      heading: `Start: ${base.partitions} empty partitions, ${base.codes} codes`,
      body: startTable(starts),
    };
  });
}

/** @returns beside the usage of the whole process the CPU that it had used when it was ready, in s */
function runUntilReady(
  topic: BenchTopic,
  flagsOf: (bench: Bench) => readonly string[],
): Promise<{ ready: number; usage: Usage }> {
  return inGroup(topic, async (bench, group) => {
    const exporter = await startRun(topic, group, { ...bench, flags: flagsOf(bench) });
    try {
      await waitFor(async () => (await exporter.get("/-/ready")).ok, { what: "the exporter to be ready" });
      return { ready: cpuSoFar(exporter.pid) };
    } finally {
      await exporter.stop();
    }
  });
}

function startTable(starts: ReadonlyMap<string, readonly Start[]>): string {
  return table(
    ["", "CPU ms (lowest–highest)", "peak RSS MiB"],
    [...starts].map(([name, rounds]) => {
      const cpu = spreadOf(rounds.map(({ cpuUs }) => cpuUs / 1000));
      const rss = spreadOf(rounds.map(({ peakRssMib }) => peakRssMib ?? Number.NaN)).median;
      return [
        name,
        `${cpu.median.toFixed(0)} (${cpu.lowest.toFixed(0)}–${cpu.highest.toFixed(0)})`,
        Number.isNaN(rss) ? "" : rss.toFixed(0),
      ];
    }),
  );
}
