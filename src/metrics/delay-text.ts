import type { DelayCounter } from "../ledger/counter.ts";
import { delayParts } from "../ledger/delay-parts.ts";
import { definitions } from "./definitions.ts";

const { name } = definitions.delays;
const [firstPart] = delayParts;

/**
 * The ledgers' delays as a Prometheus histogram. A ledger holds each receipt in one bucket; a histogram's buckets hold
 * all that took no longer, too.
 */
export class DelayText {
  readonly lines: string[] = [];
  #last: string | undefined;
  #total = 0;

  /**
   * Adds one part; those of a series come one after the other, as they lie in {@link delayParts}.
   *
   * @param place the labels of the partition, from the opening brace
   * @param labels what stands behind them, to the closing brace
   */
  add(
    { provider, channel, outcome, part }: DelayCounter,
    place: string,
    labels: string,
    value: number,
  ): void {
    const series = `${place}${provider}\t${channel}\t${outcome}`;
    // Buckets that were given away and held nothing are not shown, be it the first.
    if (part === firstPart || series !== this.#last) this.#total = 0;
    this.#last = series;
    if (part !== "sum") {
      this.#total += value;
      this.lines.push(`${name}_bucket${place}${labels} ${this.#total}`);
      return;
    }
    this.lines.push(`${name}_sum${place}${labels} ${value}`, `${name}_count${place}${labels} ${this.#total}`);
  }
}
