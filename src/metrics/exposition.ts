import { Registry } from "prom-client";
import type { CodeMap } from "../codes/code-map.ts";
import type { LastReload } from "../codes/live-map.ts";
import { type DelaySeries, delayBuckets } from "../ledger/delays.ts";
import type { PartitionLedger } from "../ledger/partition-ledger.ts";
import type { View } from "../ledger/view.ts";
import { CodeInfoText, type Described } from "./code-info-text.ts";
import { type CounterFamily, CounterText, counterFamilies, type ShownLedger } from "./counter-text.ts";
import { definitions, type MetricDefinition } from "./definitions.ts";
import { registerProcessMetrics } from "./process-metrics.ts";

/** What a scrape reads. The functions are called once a scrape, in the same turn of the event loop. */
export interface ScrapeSource {
  readonly version: string;
  partitions(): Iterable<ScrapedPartition>;
  topics(): Iterable<ScrapedTopic>;
  delays(): Iterable<DelaySeries>;
  codeMap(): CodeMap;
  /** The providers configured for topics: their codes are described even before the first receipt. */
  providers(): readonly string[];
  lastReload(): LastReload;
  commits(): { readonly accepted: number; readonly failures: Readonly<Record<string, number>> };
  rebalances(): number;
  ready(): boolean;
}

/** A partition that this instance owns, and how far it is read. */
export interface ScrapedPartition {
  readonly topic: string;
  readonly partition: number;
  /** Undefined until its counts are loaded. */
  readonly ledger: PartitionLedger | undefined;
  /** In seconds. */
  readonly fetchAge: number;
  /** Undefined if the log's end is not known. */
  readonly lag: number | undefined;
  readonly unreadable: number;
}

export interface ScrapedTopic {
  readonly topic: string;
  /** Undefined while it is not known. */
  readonly partitions: number | undefined;
  /** Undefined while it is not known. */
  readonly unowned: number | undefined;
}

/** A page of metrics. */
export interface Scrape {
  readonly text: string;
  readonly contentType: string;
  /** To be called only when a scraper has received the whole page: values may then follow its zeros. */
  seen(): void;
}

interface Value {
  readonly value: number;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly metricName?: string;
}

/** One partition at the time of a scrape. */
interface Partition extends ShownLedger {
  readonly labels: { readonly topic: string; readonly partition: number };
  /** Undefined if there is nothing to show yet. */
  readonly view: View | undefined;
  readonly seen: () => void;
}

/** The metrics that prom-client writes: all except those with many series that hardly change. */
type Key = Exclude<keyof typeof definitions, CounterFamily | "delays" | "codeInfo">;
const all = Object.keys(definitions) as (keyof typeof definitions)[];
const isKey = (key: keyof typeof definitions): key is Key =>
  key !== "codeInfo" && key !== "delays" && !counterFamilies.some((family) => family === key);
const codeInfoAt = all.indexOf("codeInfo");

/** The metrics as Prometheus text. */
export class Exposition {
  /** The metrics before `dlr_code_info` on the page, and those after it. */
  readonly #before = new Registry();
  readonly #behind = new Registry();
  readonly #source: ScrapeSource;
  readonly #counters = new CounterText();
  readonly #codeInfo = new CodeInfoText();
  #owned: readonly ScrapedPartition[] = [];
  #partitions: readonly Partition[] = [];

  constructor(source: ScrapeSource) {
    this.#source = source;
    for (const [at, key] of all.entries()) {
      const registry = at < codeInfoAt ? this.#before : this.#behind;
      if (isKey(key)) registry.registerMetric(scraped(definitions[key], () => this.#values(key)));
    }
    registerProcessMetrics(this.#behind);
  }

  /** One scrape. Every ledger is read once, so that all its metrics are consistent. */
  async scrape(): Promise<Scrape> {
    this.#owned = [...this.#source.partitions()];
    this.#partitions = this.#owned.flatMap(({ topic, partition, ledger }) =>
      ledger === undefined ? [] : [{ labels: { topic, partition }, ledger, ...ledger.expose() }],
    );
    const notes = this.#partitions.map(({ seen }) => seen);
    const counters = this.#counters.write(this.#partitions);
    const codeInfo = this.#codeInfo.write(this.#source.codeMap(), this.#described());
    const [before, behind] = await Promise.all([this.#before.metrics(), this.#behind.metrics()]);
    return {
      text: `${counters}\n\n${before}\n${codeInfo}\n\n${behind}`,
      contentType: this.#behind.contentType,
      seen: () => {
        for (const note of notes) note();
      },
    };
  }

  /** The providers whose codes are described: those of topics, and those of receipts. */
  #described(): Described {
    const met = this.#owned.flatMap(({ ledger }) => ledger?.counts.met ?? []);
    return {
      providers: new Set([...this.#source.providers(), ...met.flatMap(({ providers }) => [...providers])]),
      borrowed: new Map(met.flatMap(({ borrowed }) => [...borrowed])),
    };
  }

  #values(key: Key): Value[] {
    const source = this.#source;
    switch (key) {
      case "committedOffset":
        return this.#perPartition(({ view }) => view?.next);
      case "lag":
        return this.#perOwned(({ lag }) => lag);
      case "fetchAge":
        return this.#perOwned(({ fetchAge }) => fetchAge);
      case "unreadable":
        return this.#perOwned(({ unreadable }) => unreadable);
      case "topicPartitions":
        return [...source.topics()].flatMap(({ topic, partitions }) =>
          partitions === undefined ? [] : [{ value: partitions, labels: { topic } }],
        );
      case "unowned":
        return [...source.topics()].flatMap(({ topic, unowned }) =>
          unowned === undefined ? [] : [{ value: unowned, labels: { topic } }],
        );
      case "lastEvent":
        return this.#perPartition(({ view }) => view?.lastEventAt).flatMap(({ value, labels }) =>
          value > 0 ? [{ value: value / 1000, labels }] : [],
        );
      case "checkpointBytes":
        return this.#perPartition(({ ledger }) => ledger.checkpointSize);
      case "foldedCodes":
        return this.#perPartition(({ ledger }) => ledger.foldedCodes);
      case "checkpointFailures":
        return Object.entries(source.commits().failures).map(([reason, value]) => ({
          value,
          labels: { reason },
        }));
      case "commits":
        return [{ value: source.commits().accepted, labels: {} }];
      case "rebalances":
        return [{ value: source.rebalances(), labels: {} }];
      case "delay":
        return [...source.delays()].flatMap(histogram);
      case "ready":
        return [{ value: source.ready() ? 1 : 0, labels: {} }];
      case "codeMapInfo":
        return [{ value: 1, labels: { hash: source.codeMap().hash } }];
      case "reloadSuccessful":
        return [{ value: source.lastReload().successful ? 1 : 0, labels: {} }];
      case "reloadTimestamp":
        return [{ value: source.lastReload().succeededAt, labels: {} }];
      case "buildInfo":
        return [{ value: 1, labels: { version: source.version, nodeversion: process.version } }];
    }
  }

  /** @param valueIn undefined if there is nothing to show */
  #perOwned(valueIn: (partition: ScrapedPartition) => number | undefined): Value[] {
    return this.#owned.flatMap((owned) => {
      const value = valueIn(owned);
      const { topic, partition } = owned;
      return value === undefined ? [] : [{ value, labels: { topic, partition } }];
    });
  }

  /** @param valueIn undefined if there is nothing to show */
  #perPartition(valueIn: (partition: Partition) => number | undefined): Value[] {
    return this.#partitions.flatMap((partition) => {
      const value = valueIn(partition);
      return value === undefined ? [] : [{ value, labels: partition.labels }];
    });
  }
}

/** A metric whose values are computed at the scrape: prom-client calls `get`, and stores no values of ours. */
function scraped(
  definition: MetricDefinition,
  values: () => Value[],
): Parameters<Registry["registerMetric"]>[0] {
  const { name, help, type } = definition;
  const metric = {
    name,
    help,
    type,
    get: async () => ({ name, help, type, values: values(), aggregator: "sum" }),
  };
  return metric as unknown as Parameters<Registry["registerMetric"]>[0];
}

function histogram({ channel, outcome, counts, sum }: DelaySeries): Value[] {
  const { name } = definitions.delay;
  const values: Value[] = [];
  let total = 0;
  for (const [index, count] of counts.entries()) {
    total += count;
    const le = delayBuckets[index] ?? "+Inf";
    values.push({ metricName: `${name}_bucket`, value: total, labels: { channel, outcome, le } });
  }
  values.push({ metricName: `${name}_sum`, value: sum, labels: { channel, outcome } });
  values.push({ metricName: `${name}_count`, value: total, labels: { channel, outcome } });
  return values;
}
