import { type Counter, counterKey } from "../ledger/counter.ts";
import type { PartitionLedger, Shown } from "../ledger/partition-ledger.ts";
import { definitions } from "./definitions.ts";
import { escaped, headOf, pairsOf } from "./text.ts";

/** What one ledger shows at a scrape. */
export interface ShownLedger {
  readonly ledger: PartitionLedger;
  readonly counters: readonly Shown[];
}

/** A kind of counter is a metric of the same name in {@link definitions}. */
export type CounterFamily = Counter["kind"];

/** In the order of the page. */
export const counterFamilies: readonly CounterFamily[] = ["receipts", "malformed", "conflicts", "skipped"];

/**
 * The ledgers' counters as Prometheus text, to the letter as prom-client would write it. Of tens of thousands of
 * series only the numbers change between two scrapes, so the labels of each are written out once and kept.
 */
export class CounterText {
  /** What stands behind the partition in each counter's labels, by slot. */
  readonly #labels = new WeakMap<PartitionLedger, string[]>();

  /** All families of counters, with their heads; no line break at the end. */
  write(shown: Iterable<ShownLedger>): string {
    const lines: Record<CounterFamily, string[]> = {
      receipts: [],
      malformed: [],
      conflicts: [],
      skipped: [],
    };
    const written = new Map<string, string>();
    for (const { ledger, counters } of shown) {
      const labels = this.#labelsOf(ledger);
      const place = `{topic="${escaped(ledger.topic)}",partition="${ledger.partition}"`;
      for (const { slot, counter, value } of counters) {
        labels[slot] ??= ownLabels(counter, written);
        lines[counter.kind].push(`${definitions[counter.kind].name}${place}${labels[slot]} ${value}`);
      }
    }
    return counterFamilies
      .map((family) => [headOf(definitions[family]), ...lines[family]].join("\n"))
      .join("\n\n");
  }

  #labelsOf(ledger: PartitionLedger): string[] {
    let labels = this.#labels.get(ledger);
    if (labels === undefined) {
      labels = [];
      this.#labels.set(ledger, labels);
    }
    return labels;
  }
}

/** @param written the labels of counters that this scrape has met for the first time: partitions share them */
function ownLabels(counter: Counter, written: Map<string, string>): string {
  const key =
    counter.kind === "receipts" ? `${counter.channel}\t${counterKey(counter)}` : counterKey(counter);
  let text = written.get(key);
  if (text === undefined) {
    const pairs = pairsOf(labelsOf(counter));
    text = pairs === "" ? "}" : `,${pairs}}`;
    written.set(key, text);
  }
  return text;
}

/** The labels of a counter beside those of its partition. */
function labelsOf(counter: Counter): Readonly<Record<string, string>> {
  switch (counter.kind) {
    case "receipts": {
      const { provider, channel, scope, code, category, outcome } = counter;
      return { provider, channel, scope, code, category, outcome };
    }
    case "malformed":
      return { reason: counter.reason };
    case "conflicts":
      return { scope: counter.scope };
    case "skipped":
      return {};
  }
}
