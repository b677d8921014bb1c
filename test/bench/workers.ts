import { figuresOn } from "./compare.ts";
import { table } from "./markdown.ts";
import { replayWith } from "./programs.ts";
import type { Section } from "./results.ts";
import { describeWorkload, larger, type Workload } from "./workload.ts";

const counts = ["1", "2"];

/**
 * Has one worker thread and two replay a topic in turns, so that a disturbance meets both. The first half second
 * or so of each is its start, which no thread makes shorter: small topics show little.
 *
 * @param base its messages are a fifth of what is replayed
 * @returns a section with one number of workers a line
 * @throws Error when a total is wrong
 */
export async function workersTable(
  brokers: readonly string[],
  base: Workload,
  rounds: number,
  say: (line: string) => void,
): Promise<Section> {
  const workload = { ...base, messages: larger * base.messages };
  const { messages } = workload;
  const figures = await figuresOn(brokers, workload, counts.map(replayWith), rounds, say);
  const one = figures[0]?.perSecond ?? Number.NaN;
  const body = table(
    ["workers", "s", "against one", "CPU µs/receipt"],
    figures.map(({ perSecond, cpu }, i) => [
      ...[counts[i] ?? "", (messages / perSecond).toFixed(1), (one / perSecond).toFixed(2)],
      cpu.median.toFixed(2),
    ]),
    0,
  );
  return { heading: `Workers of a replay: ${describeWorkload(workload)}`, body };
}
