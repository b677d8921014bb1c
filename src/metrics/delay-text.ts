import type { DelayCounter } from "../ledger/counter.ts";
import { delayParts } from "../ledger/delay-parts.ts";
import { definitions } from "./definitions.ts";

const { name } = definitions.delays;
const [firstPart] = delayParts;

/**
 * The ledgers' delays as a Prometheus histogram. A ledger counts each receipt in one bucket; a histogram's buckets
 * are cumulative.
 */
export class DelayText {
  readonly lines: string[] = [];
  #last: string | undefined;
  #total = 0;

  /**
   * Adds one part; those of a series follow one another, in the order of {@link delayParts}.
   *
   * @param place the partition's labels, from the opening brace
   * @param labels the labels after them, to the closing brace
   */
  add(
    { provider, channel, outcome, part }: DelayCounter,
    place: string,
    labels: string,
    value: number,
  ): void {
    const series = `${place}${provider}\t${channel}\t${outcome}`;
    // Buckets that were dropped when they were empty are not shown, not even the first.
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
