import type { Measurement } from "./programs.ts";

/** The rounds of one figure. */
export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** What a program needed for a topic; CPU is user and system time of the whole process, from its start to its end. */
export interface Figures {
  /** µs a receipt. */
  readonly cpu: Spread;
  readonly perSecond: number;
  readonly peakRssMib: number;
  readonly endRssMib: number;
}

/** What a program's CPU time is made of: so much at its start, and so much for each receipt after that. */
export interface Line {
  /** µs a receipt. */
  readonly slope: Spread;
  /** In ms: what is left of the smaller topic's CPU without the slope. A cold start's slower receipts are in it. */
  readonly start: number;
}

/** The middle one; of an even number, the mean of the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return (lower + upper) / 2;
}

export function spreadOf(numbers: readonly number[]): Spread {
  return { median: median(numbers), lowest: Math.min(...numbers), highest: Math.max(...numbers) };
}

/** @param messages how many receipts were read in each round */
export function figuresOf(rounds: readonly Measurement[], messages: number): Figures {
  return {
    cpu: spreadOf(rounds.map(({ usage }) => usage.cpuUs / messages)),
    perSecond: messages / median(rounds.map(({ seconds }) => seconds)),
    peakRssMib: median(rounds.map(({ usage }) => usage.peakRssMib)),
    endRssMib: median(rounds.map(({ usage }) => usage.endRssMib)),
  };
}

/**
 * The line through two sizes, each round's own.
 *
 * @param small the rounds with `from` receipts
 * @param large as many rounds with `to` receipts
 */
export function lineThrough(
  small: readonly Measurement[],
  large: readonly Measurement[],
  from: number,
  to: number,
): Line {
  const slopes = large.map(
    ({ usage }, round) => (usage.cpuUs - (small[round]?.usage.cpuUs ?? Number.NaN)) / (to - from),
  );
  const starts = small.map(({ usage }, round) => (usage.cpuUs - (slopes[round] ?? Number.NaN) * from) / 1000);
  return { slope: spreadOf(slopes), start: median(starts) };
}
