import type { Random } from "../lab/random.ts";

/** Below this mean, e to its negative is still a number well above 0. */
const largestStep = 500;

/**
 * Draws a Poisson count, exactly: how many steps of a mean wait of 1 fit into `mean`.
 *
 * @param mean at least 0
 */
export function poisson(random: Random, mean: number): number {
  let count = 0;
  for (let rest = mean; rest > 0; rest -= largestStep) {
    const floor = Math.exp(-Math.min(rest, largestStep));
    for (let product = random.fraction(); product > floor; product *= random.fraction()) count++;
  }
  return count;
}

/** Draws from the normal distribution of mean 0 and deviation 1. */
function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.fraction()));
  return radius * Math.cos(2 * Math.PI * random.fraction());
}

/** A value between two others, each ratio as likely: as often between 4 and 8 as between 8 and 16. */
export function between(random: Random, low: number, high: number): number {
  return low * (high / low) ** random.fraction();
}

/**
 * A factor that wanders around 1, minute by minute: autoregressive noise of its logarithm.
 *
 * @param deviation of the logarithm
 * @param memory minutes after which about a third of a deviation is left
 */
export function wandering(random: Random, deviation: number, memory: number): () => number {
  const kept = Math.exp(-1 / memory);
  const fresh = deviation * Math.sqrt(1 - kept ** 2);
  let level = deviation * normal(random);
  return () => {
    level = kept * level + fresh * normal(random);
    return Math.exp(level);
  };
}
