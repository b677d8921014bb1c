import { setTimeout as sleep } from "node:timers/promises";
import { connect, connectProducer, waitFor } from "../integration/harness.ts";
import { grouped, table } from "./markdown.ts";
import { inGroup, startRun } from "./programs.ts";
import type { Section } from "./results.ts";
import { type BenchTopic, withTopics } from "./topic.ts";
import { cpuSoFar } from "./usage.ts";
import { Receipts, type Workload } from "./workload.ts";

/** How often what is committed is asked for, in ms: ages are known no better. */
const askedEveryMs = 100;

/** Batches of ten, as many a second as there are to be sent. */
const perBatch = 10;

/** What to measure: receipts a second, in a topic of so many partitions. */
interface Load {
  readonly perSecond: number;
  readonly partitions: number;
}

/** What a load costs. */
interface Cost {
  /** Share of a core. */
  readonly cpu: number;
  /** How long after it was sent each record's count was committed, in ms; empty where none was sent. */
  readonly ages: readonly number[];
}

/**
 * What `run` costs by the second, as it is started by default: idle, and at a steady rate.
 *
 * @param base its partitions, shape and codes; for the idle `run` with many, a thousand partitions
 * @param seconds how long each is measured in a round, after twice as long
 * @returns the heading and the body of a section
 * @throws Error where the system does not tell what another process uses, or `run` fails
 */
export async function steadyCosts(
  brokers: readonly string[],
  base: Workload,
  rounds: number,
  say: (line: string) => void,
  seconds = 60,
): Promise<Section> {
  const { partitions } = base;
  const loads: Load[] = [
    { perSecond: 0, partitions },
    { perSecond: 0, partitions: 1000 },
    { perSecond: 2000, partitions },
  ];
  const rows: string[][] = [];
  for (const load of loads) {
    const workload = { ...base, messages: 0, partitions: load.partitions };
    const costs: Cost[] = [];
    await withTopics(brokers, [workload], async (topics) => {
      for (const topic of topics) {
        for (let round = 1; round <= rounds; round++) {
          costs.push(await costOf(topic, load, seconds));
          say(`${nameOf(load)}: ${percent(costs.at(-1)?.cpu ?? Number.NaN)} of a core`);
        }
      }
    });
    rows.push(rowOf(load, costs));
  }
  const heading = `Idle, and at a steady rate: commits every 5 s, from ${2 * seconds} to ${3 * seconds} s`;
  return { heading, body: table(["", "of a core (lowest–highest)", "age of counts, median", "p99"], rows) };
}

async function costOf(topic: BenchTopic, load: Load, seconds: number): Promise<Cost> {
  const { cost } = await inGroup(topic, async (bench, group) => {
    const exporter = await startRun(topic, group, bench, []);
    try {
      await waitFor(async () => (await exporter.get("/-/ready")).ok, { what: "the exporter to be ready" });
      // By then what is done often is compiled: that is a part of the start.
      await loaded(topic, load, group, 2 * seconds, () => 0);
      return { cost: await loaded(topic, load, group, seconds, () => cpuSoFar(exporter.pid)) };
    } finally {
      await exporter.stop();
    }
  });
  return cost;
}

/** Sends a load for a while. @param cpu the CPU that was used so far, in s */
async function loaded(
  topic: BenchTopic,
  { perSecond }: Load,
  group: string,
  seconds: number,
  cpu: () => number,
): Promise<Cost> {
  const [start, before] = [performance.now(), cpu()];
  const end = start + seconds * 1000;
  if (perSecond === 0) await sleep(end - start);
  const ages = perSecond === 0 ? [] : await agesOf(topic, group, perSecond, end);
  return { cpu: (cpu() - before) / ((performance.now() - start) / 1000), ages };
}

/** Sends receipts until `end`, and finds how long after that each was committed. */
async function agesOf(topic: BenchTopic, group: string, perSecond: number, end: number): Promise<number[]> {
  const { brokers, name, workload } = topic;
  const [producer, admin] = [await connectProducer(brokers), connect(brokers).admin()];
  await admin.connect();
  /** When each record of a partition was sent, from the first one that is not committed. */
  const sent = Array.from({ length: workload.partitions }, () => ({
    first: Number.NaN,
    times: [] as number[],
  }));
  const ages: number[] = [];
  const note = async () => {
    const [found] = await admin.fetchOffsets({ groupId: group, topics: [name] });
    const now = performance.now();
    for (const { partition, offset } of found?.partitions ?? []) {
      const log = sent[partition];
      if (log === undefined || Number.isNaN(log.first) || Number(offset) <= log.first) continue;
      ages.push(...log.times.splice(0, Number(offset) - log.first).map((time) => now - time));
      log.first = Number(offset);
    }
  };
  // More than are sent: a machine may be late, but not early.
  const messages = Math.ceil((2 * perSecond * (end - performance.now())) / 1000);
  const records = new Receipts({ ...workload, messages }).records();
  const send = async (batch: number) => {
    const partition = batch % workload.partitions;
    const values = Array.from({ length: perBatch }, () => records.next().value?.value ?? "");
    const messages = values.map((value) => ({ value, partition }));
    const [at] = await producer.send({ topic: name, messages });
    const log = sent[partition];
    if (log === undefined) return;
    if (Number.isNaN(log.first)) log.first = Number(at?.baseOffset);
    for (let i = 0; i < perBatch; i++) log.times.push(performance.now());
  };
  const start = performance.now();
  const asking = (async () => {
    while (performance.now() < end) {
      await note();
      await sleep(askedEveryMs);
    }
  })();
  for (let batch = 0; performance.now() < end; batch++) {
    await send(batch);
    await sleep(Math.max(0, start + ((batch + 1) * perBatch * 1000) / perSecond - performance.now()));
  }
  await asking;
  await Promise.all([producer.disconnect(), admin.disconnect()]);
  return ages;
}

function nameOf({ perSecond, partitions }: Load): string {
  return perSecond === 0
    ? `idle, ${grouped(partitions)} partitions`
    : `${grouped(perSecond)} receipts/s in batches of ${perBatch}, ${grouped(partitions)} partitions`;
}

function rowOf(load: Load, costs: readonly Cost[]): string[] {
  const cpu = costs.map((cost) => cost.cpu).sort((a, b) => a - b);
  const ages = costs.flatMap((cost) => cost.ages).sort((a, b) => a - b);
  const age = (share: number) => {
    const ms = ages[Math.floor(share * ages.length)];
    return ms === undefined ? "" : `${(ms / 1000).toFixed(1)} s`;
  };
  const [lowest = Number.NaN, highest = Number.NaN] = [cpu[0], cpu.at(-1)];
  const middle = cpu[Math.floor(cpu.length / 2)] ?? Number.NaN;
  return [nameOf(load), `${percent(middle)} (${percent(lowest)}–${percent(highest)})`, age(0.5), age(0.99)];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
