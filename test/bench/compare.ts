import { type Measurement, replay, run, yardstick } from "./programs.ts";
import type { BenchTopic } from "./topic.ts";

/** The programs, in the order in which each round runs them. */
const programs = { yardstick, run, replay };
type Role = keyof typeof programs;
const roles = Object.keys(programs) as Role[];

/** What each program needed. */
export type Comparison = Readonly<Record<Role, Figures>>;

/** The medians of a program's rounds. */
export interface Figures {
  readonly name: string;
  readonly perSecond: number;
  /** µs a receipt; user and system of the whole process, from its start to its end. */
  readonly cpu: number;
  readonly lowestCpu: number;
  readonly highestCpu: number;
  /** CPU against the yardstick's. */
  readonly ratio: number;
  readonly peakRssMib: number;
}

/**
 * Has each program read the topic, round by round, so that a disturbance meets all of them.
 *
 * @param say told each figure as soon as it is measured
 * @throws Error when a program has counted anything but what was sent
 */
export async function compare(
  topic: BenchTopic,
  rounds: number,
  say: (line: string) => void,
): Promise<Comparison> {
  const measured: Record<Role, Measurement[]> = { yardstick: [], run: [], replay: [] };
  for (let round = 1; round <= rounds; round++) {
    for (const role of roles) {
      const measurement = await programs[role].measure(topic);
      checkCounted(programs[role].name, measurement.counted, topic);
      measured[role].push(measurement);
      const { seconds, usage } = measurement;
      const cpu = (usage.cpuUs / topic.workload.messages).toFixed(3);
      const told = `${seconds.toFixed(2)} s, ${cpu} µs of CPU a receipt, ${Math.round(usage.peakRssMib)} MiB`;
      say(`round ${round}: ${programs[role].name}: ${told}`);
    }
  }
  const figures = (role: Role) => figuresOf(role, measured, topic.workload.messages);
  return { yardstick: figures("yardstick"), run: figures("run"), replay: figures("replay") };
}

function figuresOf(role: Role, measured: Record<Role, Measurement[]>, messages: number): Figures {
  const cpuOf = (other: Role) => measured[other].map(({ usage }) => usage.cpuUs / messages);
  const cpu = cpuOf(role);
  return {
    name: programs[role].name,
    perSecond: messages / median(measured[role].map(({ seconds }) => seconds)),
    cpu: median(cpu),
    lowestCpu: Math.min(...cpu),
    highestCpu: Math.max(...cpu),
    ratio: median(cpu) / median(cpuOf("yardstick")),
    peakRssMib: median(measured[role].map(({ usage }) => usage.peakRssMib)),
  };
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

/** The middle one; of an even number, the mean of the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return (lower + upper) / 2;
}
