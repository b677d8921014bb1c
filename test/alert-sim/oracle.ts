import { type Episode, firingSpans } from "./firing.ts";
import {
  type DrawnIncident,
  type DrawnMonth,
  ordinaryShares,
  type Receipts,
  shareNoise,
} from "./receipts.ts";
import { type Purpose, type Score, scoreEpisodes } from "./score.ts";

/** What the oracle is there for: what {@link Purpose} the page has. */
const purpose: Purpose = { kind: "spike", category: "blacklist", late: false };

/** How often a spike begins and how soon one ends, a minute: a handful in a month, for about an hour each. */
const begins = 5 / (30 * 24 * 60);
const ends = 1 / 60;

/** Minutes after which receipts count as late, as with the rules. */
const late = 5;

/** The values that the logarithm of the wandering share is taken to have: as many, so many deviations to both sides. */
const steps = 41;
const reach = 3.5;

/** No minute is impossible: the values of the share are few, and none may fit a large provider's counts. */
const leastLikelihood = 1e-200;

/** Minutes for which the page goes on: as the rules'. */
const keep = 15;

/** What the oracle makes of a month: the logarithm of the odds that a spike is on, after each minute, by provider. */
export interface Watched {
  readonly month: DrawnMonth;
  readonly odds: ReadonlyMap<string, Float64Array>;
}

/**
 * Watches over a month as nobody can: it knows each minute's ordinary share, campaigns included, the law by which the
 * share wanders, and by how much the next spike will raise it; not where it has wandered to, nor when the spike comes.
 * Of this, the odds that a spike is on are all that the counts can tell: Bayes' rule minute by minute over what is hidden,
 * which is the sequential likelihood-ratio test with the least delay (Shiryaev, 1963). Late receipts it passes over.
 */
export function watch(month: DrawnMonth): Watched {
  return { month, odds: new Map(month.receipts.map((of) => [of.provider.name, oddsOf(month, of)])) };
}

/**
 * Scores the oracle with the threshold that finds the most of what it could find: the lowest with at most one false
 * page in each of the months. It is chosen afterwards, as no rule's can be.
 *
 * @param providers whose pages and spikes count; all when not given
 * @returns the score of each month
 */
export function scoreOracle(watched: readonly Watched[], providers?: ReadonlySet<string>): Score[] {
  let best: Score[] = watched.map((month) => scoreAbove(month, Number.POSITIVE_INFINITY, providers));
  for (let threshold = 30; threshold > -5; threshold -= 0.5) {
    const scores = watched.map((month) => scoreAbove(month, threshold, providers));
    if (scores.some(({ falseEpisodes }) => falseEpisodes > 1)) break;
    best = scores;
  }
  return best;
}

function scoreAbove({ month, odds }: Watched, threshold: number, providers?: ReadonlySet<string>): Score {
  const judged = (name: string) => providers?.has(name) ?? true;
  const episodes: Episode[] = [...odds].flatMap(([provider, each]) =>
    judged(provider)
      ? firingSpans(
          Uint8Array.from(each, (one) => (one > threshold ? 1 : 0)),
          { wait: 0, keep },
        ).map((span) => ({ ...span, provider }))
      : [],
  );
  const incidents = month.incidents.filter(({ provider }) => judged(provider));
  return scoreEpisodes({ ...month, incidents }, episodes, purpose);
}

function oddsOf(month: DrawnMonth, { provider, counted, newest }: Receipts): Float64Array {
  const spikes = month.incidents
    .filter((one) => one.provider === provider.name && isTarget(one))
    .sort((one, other) => one.start - other.start);
  const ordinary = ordinaryShares(month, provider, purpose.category);
  const belief = new Belief();
  const odds = new Float64Array(month.minutes + 1).fill(Number.NEGATIVE_INFINITY);
  let next = 0;
  for (let minute = 0; minute < month.minutes; minute++) {
    while ((spikes[next]?.end ?? Number.POSITIVE_INFINITY) <= minute) next++;
    const raised = (spikes[next] ?? spikes.at(-1))?.share;
    if (raised === undefined) continue;
    const bad = counted[purpose.category][minute] ?? 0;
    const all = Object.values(counted).reduce((sum, counts) => sum + (counts[minute] ?? 0), 0);
    belief.pass();
    if (minute - (newest[minute] ?? -1) <= late) belief.see(bad, all, ordinary[minute] ?? 0, raised);
    odds[minute + 1] = belief.odds;
  }
  return odds;
}

function isTarget({ kind, category, late: hidden }: DrawnIncident): boolean {
  return kind === purpose.kind && category === purpose.category && hidden === purpose.late;
}

/** How likely each wandered share is, without and with a spike: together 1. */
class Belief {
  readonly #factors = Float64Array.from({ length: steps }, (_, step) => Math.exp(deviation(step)));
  readonly #moves = movesOfShare();
  #without: Float64Array = Float64Array.from({ length: steps }, (_, step) =>
    Math.exp(-((deviation(step) / shareNoise.deviation) ** 2) / 2),
  );
  #within: Float64Array = new Float64Array(steps);

  /** A minute passes. */
  pass(): void {
    for (let step = 0; step < steps; step++) {
      const [without, within] = [this.#without[step] ?? 0, this.#within[step] ?? 0];
      this.#without[step] = without * (1 - begins) + within * ends;
      this.#within[step] = within * (1 - ends) + without * begins;
    }
    this.#without = this.#moved(this.#without);
    this.#within = this.#moved(this.#within);
  }

  /** Of `all` receipts `bad` were bad; the ordinary share is as said, and a spike would add `raised` to it. */
  see(bad: number, all: number, ordinary: number, raised: number): void {
    if (all === 0) return;
    // against the likelihood at the share that was seen, which is the largest: no power of it overflows
    const [seen, rest] = [bad / all, 1 - bad / all];
    const likelihood = (share: number) =>
      Math.exp(
        (bad === 0 ? 0 : bad * Math.log(share / seen)) +
          (rest === 0 ? 0 : (all - bad) * Math.log((1 - Math.min(share, 0.999)) / rest)),
      );
    let total = 0;
    for (let step = 0; step < steps; step++) {
      const share = ordinary * (this.#factors[step] ?? 1);
      const without = (this.#without[step] ?? 0) * (likelihood(share) + leastLikelihood);
      const within = (this.#within[step] ?? 0) * (likelihood(share + raised) + leastLikelihood);
      this.#without[step] = without;
      this.#within[step] = within;
      total += without + within;
    }
    for (let step = 0; step < steps; step++) {
      this.#without[step] = (this.#without[step] ?? 0) / total;
      this.#within[step] = (this.#within[step] ?? 0) / total;
    }
  }

  /** The logarithm of the odds that a spike is on. */
  get odds(): number {
    return Math.log(sum(this.#within) / sum(this.#without));
  }

  #moved(from: Float64Array): Float64Array {
    const to = new Float64Array(steps);
    for (let step = 0; step < steps; step++) {
      const { first, chances } = this.#moves[step] ?? { first: 0, chances: [] };
      const here = from[step] ?? 0;
      for (let i = 0; i < chances.length; i++) {
        to[first + i] = (to[first + i] ?? 0) + here * (chances[i] ?? 0);
      }
    }
    return to;
  }
}

function deviation(step: number): number {
  return reach * shareNoise.deviation * ((2 * step) / (steps - 1) - 1);
}

/** From each value of the wandering share, how likely it is a minute later at `first` and the values that follow. */
function movesOfShare(): { readonly first: number; readonly chances: Float64Array }[] {
  const kept = Math.exp(-1 / shareNoise.memory);
  const fresh = shareNoise.deviation * Math.sqrt(1 - kept ** 2);
  return Array.from({ length: steps }, (_, step) => {
    const weights = Float64Array.from({ length: steps }, (_, target) =>
      Math.exp(-(((deviation(target) - kept * deviation(step)) / fresh) ** 2) / 2),
    );
    const total = sum(weights);
    const likely = (weight: number) => weight > 1e-9 * total;
    const first = weights.findIndex(likely);
    return {
      first,
      chances: weights.slice(first, weights.findLastIndex(likely) + 1).map((one) => one / total),
    };
  });
}

function sum(numbers: Float64Array): number {
  let total = 0;
  for (const one of numbers) total += one;
  return total;
}
