import { type Counter, counterKey } from "../ledger/counter.ts";
import type { PartitionLedger } from "../ledger/partition-ledger.ts";
import type { Shown } from "../ledger/view.ts";
import { definitions } from "./definitions.ts";
import { DelayText } from "./delay-text.ts";
import { escaped, headOf, pairsOf } from "./text.ts";

/** One ledger's part of a scrape. */
export interface ShownLedger {
  readonly ledger: PartitionLedger;
  readonly counters: readonly Shown[];
}

/** A kind of counter is a metric of the same name in {@link definitions}; delays are a histogram. */
export type CounterFamily = Exclude<Counter["kind"], "delays">;

/** In the order of the page. */
export const counterFamilies: readonly CounterFamily[] = [
  "receipts",
  "receiptsBy",
  "segments",
  "segmentReceipts",
  "malformed",
  "ignored",
  "duplicates",
  "unkeyed",
  "conflicts",
  "skipped",
  "unmeasured",
];

/**
 * The ledgers' counters as Prometheus text, byte for byte as prom-client would write it. Of tens of thousands of
 * series only the values change between scrapes, so their labels are formatted once and cached.
 */
export class CounterText {
  /** The labels after the partition of each counter, by slot. */
  readonly #labels = new WeakMap<PartitionLedger, string[]>();

  /** All counter families, with HELP and TYPE; no trailing line break. */
  write(shown: Iterable<ShownLedger>): string {
    const lines: Record<CounterFamily, string[]> = {
      receipts: [],
      receiptsBy: [],
      segments: [],
      segmentReceipts: [],
      malformed: [],
      ignored: [],
      duplicates: [],
      unkeyed: [],
      conflicts: [],
      skipped: [],
      unmeasured: [],
    };
    const delays = new DelayText();
    const written = new Map<string, string>();
    for (const { ledger, counters } of shown) {
      const labels = this.#labelsOf(ledger);
      const place = `{topic="${escaped(ledger.topic)}",partition="${ledger.partition}"`;
      for (const { slot, counter, value } of counters) {
        const own = labels[slot] ?? ownLabels(counter, written);
        labels[slot] = own;
        if (counter.kind === "delays") delays.add(counter, place, own, value);
        else lines[counter.kind].push(`${definitions[counter.kind].name}${place}${own} ${value}`);
      }
    }
    return [
      ...counterFamilies.map((family) => [headOf(definitions[family]), ...lines[family]].join("\n")),
      [headOf(definitions.delays), ...delays.lines].join("\n"),
    ].join("\n\n");
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

/** @param written labels of counters that are new in this scrape; partitions share them */
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

/** A counter's labels, without those of its partition. */
function labelsOf(counter: Counter): Readonly<Record<string, string>> {
  switch (counter.kind) {
    case "receipts": {
      const { provider, channel, scope, code, category, outcome } = counter;
      return { provider, channel, scope, code, category, outcome };
    }
    case "receiptsBy": {
      const { provider, channel, dimension, value, category, outcome } = counter;
      return { provider, channel, dimension, value, category, outcome };
    }
    case "delays": {
      const { provider, channel, outcome, part } = counter;
      return part === "sum"
        ? { provider, channel, outcome }
        : { provider, channel, outcome, le: String(part) };
    }
    case "segments": {
      const { provider, channel, category, outcome } = counter;
      return { provider, channel, category, outcome };
    }
    case "segmentReceipts": {
      const { provider, channel, category, outcome, segments } = counter;
      return { provider, channel, category, outcome, segments };
    }
    case "unmeasured": {
      const { provider, channel, outcome, reason } = counter;
      return { provider, channel, outcome, reason };
    }
    case "duplicates":
    case "unkeyed": {
      const { provider, channel } = counter;
      return { provider, channel };
    }
    case "malformed":
      return { reason: counter.reason };
    case "ignored":
      return { kind: counter.what };
    case "conflicts":
      return { scope: counter.scope };
    case "skipped":
      return {};
  }
}
