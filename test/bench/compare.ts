import { type Figures, figuresOf } from "./figures.ts";
import type { Measurement, Program } from "./programs.ts";
import { type BenchTopic, withTopics } from "./topic.ts";
import { describeWorkload, type Workload } from "./workload.ts";

/** A program, and what it reads. */
export interface Contestant {
  readonly program: Program;
  readonly topic: BenchTopic;
}

/**
 * Has each program read its topic, round by round, so that a disturbance meets all of them.
 *
 * @param say told each figure as soon as it is measured
 * @returns the measurements of each contestant, one a round
 * @throws Error when a program has counted anything but what was sent
 */
export async function inTurns(
  contestants: readonly Contestant[],
  rounds: number,
  say: (line: string) => void,
): Promise<Measurement[][]> {
  const measured = contestants.map((): Measurement[] => []);
  for (let round = 1; round <= rounds; round++) {
    for (const [i, { program, topic }] of contestants.entries()) {
      const measurement = await program.measure(topic);
      checkCounted(program.name, measurement.counted, topic);
      measured[i]?.push(measurement);
      const { seconds, usage } = measurement;
      const cpu = (usage.cpuUs / topic.workload.messages).toFixed(3);
      const told = `${seconds.toFixed(2)} s, ${cpu} µs of CPU a receipt, ${Math.round(usage.peakRssMib)} MiB`;
      say(`round ${round}: ${program.name}: ${describeWorkload(topic.workload)}: ${told}`);
    }
  }
  return measured;
}

/**
 * Sends a workload, and has programs read it in turns.
 *
 * @returns the figures of each program
 * @throws Error when a program has counted anything but what was sent
 */
export async function figuresOn(
  brokers: readonly string[],
  workload: Workload,
  programs: readonly Program[],
  rounds: number,
  say: (line: string) => void,
): Promise<Figures[]> {
  say(`sending ${describeWorkload(workload)}`);
  const measured = await withTopics(brokers, [workload], (topics) =>
    inTurns(
      topics.flatMap((topic) => programs.map((program) => ({ program, topic }))),
      rounds,
      say,
    ),
  );
  return measured.map((rounds) => figuresOf(rounds, workload.messages));
}

/**
 * Totals come first: a figure of a program that counts wrong is none.
 *
 * @param counted records, or receipts by code
 * @throws Error that says what is wrong
 */
export function checkCounted(name: string, counted: Measurement["counted"], topic: BenchTopic): void {
  if (typeof counted === "number") {
    if (counted === topic.records) return;
    throw new Error(`${name} has read ${counted} records, but ${topic.records} were sent`);
  }
  const wrong = [...new Set([...topic.expected.keys(), ...counted.keys()])]
    .map((code) => ({ code, sent: topic.expected.get(code) ?? 0, got: counted.get(code) ?? 0 }))
    .filter(({ sent, got }) => sent !== got);
  if (wrong.length === 0) return;
  const told = wrong.slice(0, 5).map(({ code, sent, got }) => `${got} of ${code}, but ${sent} were sent`);
  throw new Error(`${name} has counted ${told.join("; ")}${wrong.length > told.length ? "; …" : ""}`);
}
