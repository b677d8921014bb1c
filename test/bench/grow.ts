import { type Comparison, compare } from "./compare.ts";
import { describeWorkload, grouped } from "./results.ts";
import { createBenchTopic, removeBenchTopic } from "./topic.ts";
import { codecs, type Workload } from "./workload.ts";

interface Variation {
  readonly name: string;
  readonly workload: Workload;
}

/** The workload itself, and all that differ from it in one thing. */
export function variationsOf(base: Workload): Variation[] {
  const vary = (name: string, change: Partial<Workload>) => ({ name, workload: { ...base, ...change } });
  const others = [
    ...[1, 4, 16, 64].map((partitions) => vary(`partitions: ${partitions}`, { partitions })),
    ...[1, 10, 100].map((perRecord) => vary(`receipts a record: ${perRecord}`, { perRecord })),
    ...codecs.map((codec) => vary(`codec: ${codec}`, { codec })),
    ...[10, 100, 1000].map((codes) =>
      vary(`codes in the map: ${grouped(codes)}`, { codes, distinct: Math.min(codes, base.distinct) }),
    ),
  ].filter(({ workload }) => describeWorkload(workload) !== describeWorkload(base));
  return [{ name: "as in the heading", workload: base }, ...others];
}

/**
 * Measures each variation on a topic of its own.
 *
 * @returns a Markdown table, one variation a line
 * @throws Error when a total is wrong
 */
export async function growth(
  brokers: readonly string[],
  base: Workload,
  rounds: number,
  say: (line: string) => void,
): Promise<string> {
  const rows: string[] = [];
  for (const { name, workload } of variationsOf(base)) {
    say(name);
    const topic = await createBenchTopic(brokers, workload);
    try {
      rows.push(growthRow(name, await compare(topic, rounds, say)));
    } finally {
      await removeBenchTopic(topic);
    }
  }
  return [
    "| | kafkajs µs | `run` µs | `replay` µs | `run` / kafkajs | `replay` / kafkajs | `run` receipts/s | `run` MiB | `replay` MiB |",
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ...rows,
  ].join("\n");
}

function growthRow(name: string, { yardstick, run, replay }: Comparison): string {
  const cells = [
    ...[yardstick, run, replay].map(({ cpu }) => cpu.toFixed(2)),
    ...[run, replay].map(({ ratio }) => ratio.toFixed(2)),
    grouped(Math.round(run.perSecond / 1000) * 1000),
    ...[run, replay].map(({ peakRssMib }) => Math.round(peakRssMib)),
  ];
  return `| ${[name, ...cells].join(" | ")} |`;
}
