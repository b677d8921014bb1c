import { type Codec, findProducer } from "../lab/producers.ts";
import { inTurns } from "./compare.ts";
import { type Figures, figuresOf } from "./figures.ts";
import { bestAndWorst, grouped, spreadText, table } from "./markdown.ts";
import { replay, run, yardstick } from "./programs.ts";
import type { Section } from "./results.ts";
import { withTopics } from "./topic.ts";
import type { ProducerName, Workload } from "./workload.ts";

/** Which batches are measured: all that can be made of these. */
export interface BatchChoice {
  readonly producers: readonly ProducerName[];
  readonly codecs: readonly Codec[];
  /** Bytes of a batch before it is compressed. */
  readonly sizes: readonly number[];
}

interface BatchCost {
  readonly workload: Workload;
  readonly drain: Figures;
  readonly run: Figures;
  readonly replay: Figures;
}

/**
 * What batches cost as different producers write them. The codecs of one producer and size take turns, for they are held
 * against each other.
 *
 * @param base all but what is chosen
 * @returns the heading and the body of a section
 * @throws Error when a total is wrong, or a producer can't be run here
 */
export async function batchCosts(
  brokers: readonly string[],
  { producers, codecs, sizes }: BatchChoice,
  base: Workload,
  rounds: number,
  say: (line: string) => void,
): Promise<Section> {
  const descriptions = await descriptionsOf(producers);
  const costs: BatchCost[] = [];
  for (const producer of producers) {
    for (const batchBytes of sizes) {
      say(`sending by ${producer} in batches of ${batchBytes} bytes`);
      const workloads = codecs.map((codec) => ({ ...base, producer, batchBytes, codec }));
      costs.push(...(await costsOf(brokers, workloads, rounds, say)));
    }
  }
  const { shape, messages, partitions, codes } = base;
  const what = `${grouped(messages)} receipts of the shape ${shape}`;
  return {
    heading: `Batches: ${what}, ${partitions} partitions, ${grouped(codes)} codes`,
    body: [`Sent by ${descriptions.join(", ")}.`, costTable(costs), extremes(costs)].join("\n\n"),
  };
}

/**
 * What the producers are, with their versions.
 *
 * @throws Error that says which of them can't be run here, and why
 */
export async function descriptionsOf(producers: readonly ProducerName[]): Promise<string[]> {
  const descriptions: string[] = [];
  for (const name of producers) {
    if (name === "kafkajs") continue;
    const found = await findProducer(name);
    if (typeof found === "string")
      throw new Error(`${name} can't send: ${found}; --producers chooses the others`);
    descriptions.push(found.description);
  }
  return producers.includes("kafkajs") ? ["kafkajs", ...descriptions] : descriptions;
}

function costsOf(
  brokers: readonly string[],
  workloads: readonly Workload[],
  rounds: number,
  say: (line: string) => void,
): Promise<BatchCost[]> {
  return withTopics(brokers, workloads, async (topics) => {
    const contestants = topics.flatMap((topic) =>
      [yardstick, run, replay].map((program) => ({ program, topic })),
    );
    const measured = await inTurns(contestants, rounds, say);
    return workloads.map((workload, i) => {
      const [drain = [], ofRun = [], ofReplay = []] = measured.slice(3 * i);
      const figures = (rounds: typeof drain) => figuresOf(rounds, workload.messages);
      return { workload, drain: figures(drain), run: figures(ofRun), replay: figures(ofReplay) };
    });
  });
}

function costTable(costs: readonly BatchCost[]): string {
  return table(
    [
      ...["producer", "codec", "batch KiB", "`run` µs", "over none", "`replay` µs", "over none"],
      ...["kafkajs µs", "`run` / kafkajs", "`run` MiB: peak, end", "`replay` MiB: peak, end"],
    ],
    costs.map(({ workload, drain, run, replay }) => {
      const { producer, codec, batchBytes } = workload;
      const none = costs.find(
        ({ workload: other }) =>
          other.producer === producer && other.batchBytes === batchBytes && other.codec === "none",
      );
      const against = (own: Figures, other?: Figures) => [
        spreadText(own.cpu),
        other === undefined || codec === "none" ? "" : (own.cpu.median - other.cpu.median).toFixed(2),
      ];
      return [
        ...[producer, codec, grouped(batchBytes / 1024)],
        ...[...against(run, none?.run), ...against(replay, none?.replay), spreadText(drain.cpu)],
        (run.cpu.median / drain.cpu.median).toFixed(2),
        ...[run, replay].map(
          ({ peakRssMib, endRssMib }) => `${peakRssMib.toFixed(0)}, ${endRssMib.toFixed(0)}`,
        ),
      ];
    }),
    2,
  );
}

function extremes(costs: readonly BatchCost[]): string {
  return (["run", "replay"] as const)
    .map((program) =>
      bestAndWorst(
        `\`${program}\``,
        costs.map(({ workload: { producer, codec, batchBytes }, [program]: { cpu } }) => ({
          name: `${codec} by ${producer} in ${grouped(batchBytes / 1024)} KiB`,
          cpu: cpu.median,
        })),
      ),
    )
    .join(" ");
}
