import { checkCounted, median } from "./compare.ts";
import { type Measurement, replayWith } from "./programs.ts";
import type { BenchTopic } from "./topic.ts";

const counts = ["1", "2"];

/**
 * Has one worker thread and two replay a topic in turns, so that a disturbance meets both. The first second or so of
 * each is its start and the groups' joins, which no thread makes shorter: small topics show little.
 *
 * @returns a Markdown table, one number of workers a line
 * @throws Error when a total is wrong
 */
export async function workersTable(
  topic: BenchTopic,
  rounds: number,
  say: (line: string) => void,
): Promise<string> {
  const measured = counts.map((workers) => ({ workers, rounds: [] as Measurement[] }));
  for (let round = 1; round <= rounds; round++) {
    for (const one of measured) {
      const program = replayWith(one.workers);
      const measurement = await program.measure(topic);
      checkCounted(program.name, measurement.counted, topic);
      one.rounds.push(measurement);
      say(`round ${round}: ${one.workers} workers: ${measurement.seconds.toFixed(2)} s`);
    }
  }
  const secondsOf = ({ rounds }: (typeof measured)[number]) => median(rounds.map(({ seconds }) => seconds));
  const [first] = measured.map(secondsOf);
  const rows = measured.map((one) => {
    const cpu = median(one.rounds.map(({ usage }) => usage.cpuUs / topic.workload.messages));
    const seconds = secondsOf(one);
    const against = seconds / (first ?? Number.NaN);
    return `| ${one.workers} | ${seconds.toFixed(1)} | ${against.toFixed(2)} | ${cpu.toFixed(2)} |`;
  });
  return ["| workers | s | against one | CPU µs/receipt |", "|--:|--:|--:|--:|", ...rows].join("\n");
}
