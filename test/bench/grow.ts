import { inTurns } from "./compare.ts";
import { figuresOf } from "./figures.ts";
import { grouped, table } from "./markdown.ts";
import { replay, run, yardstick } from "./programs.ts";
import type { Section } from "./results.ts";
import { withTopics } from "./topic.ts";
import { describeWorkload, type Workload } from "./workload.ts";

interface Variation {
  readonly name: string;
  readonly workload: Workload;
}

/** The workload itself, and all that differ from it in one thing. */
export function variationsOf(base: Workload): Variation[] {
  const vary = (name: string, change: Partial<Workload>) => ({ name, workload: { ...base, ...change } });
  const others = [
    ...[1, 4, 16, 64].map((partitions) => vary(`partitions: ${partitions}`, { partitions })),
    ...[10, 100, 1000].map((codes) =>
      vary(`codes in the map: ${grouped(codes)}`, { codes, distinct: Math.min(codes, base.distinct) }),
    ),
  ].filter(({ workload }) => describeWorkload(workload) !== describeWorkload(base));
  return [{ name: "as in the heading", workload: base }, ...others];
}

/**
 * Measures each variation on a topic of its own.
 *
 * @returns a section with one variation a line
 * @throws Error when a total is wrong
 */
export async function growth(
  brokers: readonly string[],
  base: Workload,
  rounds: number,
  say: (line: string) => void,
): Promise<Section> {
  const rows: string[][] = [];
  for (const { name, workload } of variationsOf(base)) {
    say(name);
    const measured = await withTopics(brokers, [workload], (topics) =>
      inTurns(
        topics.flatMap((topic) => [yardstick, run, replay].map((program) => ({ program, topic }))),
        rounds,
        say,
      ),
    );
    rows.push([name, ...growthCells(measured.map((rounds) => figuresOf(rounds, workload.messages)))]);
  }
  const head = [
    ...["", "kafkajs µs", "`run` µs", "`replay` µs", "`run` / kafkajs", "`replay` / kafkajs"],
    ...["`run` receipts/s", "`run` MiB", "`replay` MiB"],
  ];
  return { heading: `How cost grows: ${describeWorkload(base)}`, body: table(head, rows) };
}

/** @param figures of the yardstick, `run` and `replay` */
function growthCells(figures: readonly ReturnType<typeof figuresOf>[]): string[] {
  const [drain, run] = figures;
  const exporters = figures.slice(1);
  return [
    ...figures.map(({ cpu }) => cpu.median.toFixed(2)),
    ...exporters.map(({ cpu }) => (cpu.median / (drain?.cpu.median ?? Number.NaN)).toFixed(2)),
    grouped(Math.round((run?.perSecond ?? Number.NaN) / 1000) * 1000),
    ...exporters.map(({ peakRssMib }) => peakRssMib.toFixed(0)),
  ];
}
