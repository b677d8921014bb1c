import { inTurns } from "./compare.ts";
import { type Figures, figuresOf, type Line, lineThrough } from "./figures.ts";
import { bestAndWorst, grouped, spreadText, table } from "./markdown.ts";
import { replay, run, yardstick } from "./programs.ts";
import type { Section } from "./results.ts";
import { type ShapeName, shapes } from "./shapes.ts";
import { withTopics } from "./topic.ts";
import { larger, type Workload } from "./workload.ts";

/** What a program needs for the larger topic, and for any. */
type Cost = Figures & Line;

interface ShapeCost {
  readonly shape: ShapeName;
  /** Of a record's value, for each receipt in it. */
  readonly bytes: number;
  readonly drain: Cost;
  readonly run: Cost;
  readonly replay: Cost;
}

/**
 * What each shape costs, by two topics of it: all in, as the slope between the two, and what is left as the start.
 *
 * @param base all but the shape; its messages are the smaller topic's
 * @returns the heading and the body of a section, the cheapest shape first
 * @throws Error when a total is wrong
 */
export async function shapeCosts(
  brokers: readonly string[],
  names: readonly ShapeName[],
  base: Workload,
  rounds: number,
  say: (line: string) => void,
): Promise<Section> {
  const costs: ShapeCost[] = [];
  for (const shape of names) costs.push(await costOf(brokers, { ...base, shape }, rounds, say));
  costs.sort((a, b) => a.run.cpu.median - b.run.cpu.median);
  const { messages, partitions, codes } = base;
  const sizes = `${grouped(messages)} and ${grouped(larger * messages)}`;
  return {
    heading: `Shapes: ${sizes} receipts, ${partitions} partitions, ${grouped(codes)} codes`,
    body: [cpuTable(costs), otherTable(costs), extremes(costs)].join("\n\n"),
  };
}

async function costOf(
  brokers: readonly string[],
  workload: Workload,
  rounds: number,
  say: (line: string) => void,
): Promise<ShapeCost> {
  const from = workload.messages;
  const to = larger * from;
  say(`sending ${workload.shape}`);
  return withTopics(brokers, [workload, { ...workload, messages: to }], async (topics) => {
    const contestants = [yardstick, run, replay].flatMap((program) =>
      topics.map((topic) => ({ program, topic })),
    );
    const measured = await inTurns(contestants, rounds, say);
    const costOfProgram = (index: number): Cost => {
      const [small = [], large = []] = measured.slice(2 * index);
      return { ...figuresOf(large, to), ...lineThrough(small, large, from, to) };
    };
    const bytes = (topics.at(-1)?.bytes ?? Number.NaN) / to;
    const [drain, ofRun, ofReplay] = [costOfProgram(0), costOfProgram(1), costOfProgram(2)];
    return { shape: workload.shape, bytes, drain, run: ofRun, replay: ofReplay };
  });
}

function cpuTable(costs: readonly ShapeCost[]): string {
  return table(
    [
      ...["shape", "", "bytes", "`run` µs", "slope", "`replay` µs", "slope", "kafkajs µs", "slope"],
      "`run` / kafkajs",
    ],
    costs.map(({ shape, bytes, drain, run, replay }) => [
      ...[`\`${shape}\``, shapes[shape].about, bytes.toFixed(0)],
      ...[run, replay, drain].flatMap(({ cpu, slope }) => [spreadText(cpu), slope.median.toFixed(2)]),
      (run.cpu.median / drain.cpu.median).toFixed(2),
    ]),
    2,
  );
}

function otherTable(costs: readonly ShapeCost[]): string {
  return table(
    [
      ...["shape", "`run` receipts/s", "`replay` receipts/s", "`run` start ms", "`replay` start ms"],
      ...["`run` MiB: peak, end", "`replay` MiB: peak, end"],
    ],
    costs.map(({ shape, run, replay }) => [
      `\`${shape}\``,
      ...[run, replay].map(({ perSecond }) => grouped(Math.round(perSecond / 1000) * 1000)),
      ...[run, replay].map(({ start }) => start.toFixed(0)),
      ...[run, replay].map(
        ({ peakRssMib, endRssMib }) => `${peakRssMib.toFixed(0)}, ${endRssMib.toFixed(0)}`,
      ),
    ]),
  );
}

function extremes(costs: readonly ShapeCost[]): string {
  return (["run", "replay"] as const)
    .map((program) =>
      bestAndWorst(
        `\`${program}\``,
        costs.map((cost) => ({ name: `\`${cost.shape}\``, cpu: cost[program].cpu.median })),
      ),
    )
    .join(" ");
}
