import { createRandom } from "../lab/random.ts";
import { type Backlog, countWithStops } from "./backlog.ts";
import { Calendar, type Span } from "./calendar.ts";
import { between, poisson, wandering } from "./chance.ts";
import { catchUp, planMonth, type Surge } from "./month.ts";
import { shapeOf } from "./receipts.ts";

const hour = 60;
const day = 24 * hour;

/** Failing categories that share an alert: the ordinary share of each, and what a spike adds. */
const ordinary = {
  power_off: { share: [0.03, 0.06], spike: [0.15, 0.5] },
  account_suspended: { share: [0.00002, 0.0001], spike: [0.15, 1] },
  content_blocked: { share: [0.001, 0.005], spike: [0.06, 0.5] },
  signature_invalid: { share: [0.0005, 0.002], spike: [0.06, 0.5] },
  rate_limited: { share: [0.001, 0.005], spike: [0.06, 0.5] },
  carrier_error: { share: [0.002, 0.01], spike: [0.06, 0.5] },
  network_congestion: { share: [0.001, 0.004], spike: [0.06, 0.5] },
} as const;
export type WatchedCategory = keyof typeof ordinary;
const watched = Object.keys(ordinary).filter((name): name is WatchedCategory => name in ordinary);

/** Of which far more than expected is a page: the sender's own account, signature or text. */
export const paged: readonly WatchedCategory[] = [
  "account_suspended",
  "content_blocked",
  "signature_invalid",
];

export interface CategorySpike extends Span {
  readonly provider: string;
  readonly category: WatchedCategory;
  /** The share of the receipts that fails because of it. */
  readonly share: number;
}

/** A month of providers whose receipts fail in more ways than one. */
export interface CategoryMonth {
  readonly seed: number;
  readonly minutes: number;
  readonly providers: readonly {
    readonly name: string;
    readonly peak: number;
    readonly shares: Readonly<Record<WatchedCategory, number>>;
  }[];
  readonly spikes: readonly CategorySpike[];
  /** Campaigns and bulk sends: all failing categories but power_off are as many times as common. */
  readonly surges: readonly Surge[];
  /** When the exporter is down, so that there is nothing to scrape. */
  readonly downs: readonly Span[];
}

/** Spikes of each category in 30 days; a shorter month has its part, rounded up. */
const spikesPerMonth = 6;

/**
 * Plans a month: the same seed gives the same. Campaigns, bulk sends and stops are those of the ordinary months.
 *
 * @param days at least 2
 */
export function planCategories(seed: number, days: number): CategoryMonth {
  const random = createRandom(seed + 555_555);
  const { minutes, providers, surges, outages } = planMonth(seed, days);
  const calendar = new Calendar(random, minutes);
  const names = ["small", "middle", "large"];
  const spikes = watched.flatMap((category) =>
    Array.from({ length: Math.ceil((spikesPerMonth * days) / 30) }, () => {
      const provider = names[random.below(names.length)] ?? "";
      const span = calendar.place([provider], 20 + random.below(71), 2 * hour, day);
      const [low, high] = ordinary[category].spike;
      return { ...span, provider, category, share: between(random, low, high) };
    }),
  );
  return {
    ...{ seed, minutes, spikes, surges },
    providers: providers
      .filter(({ name }) => names.includes(name))
      .map(({ name, peak }) => ({
        ...{ name, peak },
        shares: Object.fromEntries(
          watched.map((category) => {
            const [low, high] = ordinary[category].share;
            return [category, between(random, low, high)];
          }),
        ) as Record<WatchedCategory, number>,
      })),
    downs: outages.filter(({ down }) => down),
  };
}

export interface DrawnCategories extends CategoryMonth {
  readonly counted: ReadonlyMap<string, ReadonlyMap<WatchedCategory | "delivered", Backlog>>;
  readonly spikes: readonly (CategorySpike & {
    /** Receipts that fail because of it. */
    readonly bad: number;
  })[];
}

/** Draws the receipts of a month: Poisson counts around what each minute is to expect. */
export function drawCategories(month: CategoryMonth): DrawnCategories {
  const bad = new Map<CategorySpike, number>();
  const counted = new Map(
    month.providers.map((provider, index) => {
      const arriving = drawProvider(month, provider, createRandom(month.seed * 1021 + index), bad);
      const late = [...arriving].map(
        ([category, counts]) => [category, countWithStops(counts, month.downs, catchUp)] as const,
      );
      return [provider.name, new Map(late)] as const;
    }),
  );
  return { ...month, counted, spikes: month.spikes.map((spike) => ({ ...spike, bad: bad.get(spike) ?? 0 })) };
}

function drawProvider(
  { minutes, spikes, surges }: CategoryMonth,
  { name, peak, shares }: CategoryMonth["providers"][number],
  random: ReturnType<typeof createRandom>,
  bad: Map<CategorySpike, number>,
): Map<WatchedCategory | "delivered", Uint32Array> {
  const counts = new Map([...watched, "delivered" as const].map((of) => [of, new Uint32Array(minutes)]));
  const add = (of: WatchedCategory | "delivered", minute: number, count: number) => {
    const each = counts.get(of);
    if (each !== undefined) each[minute] = (each[minute] ?? 0) + count;
  };
  const volumeWander = wandering(random, 0.2, 90);
  const wanders = new Map(watched.map((category) => [category, wandering(random, 0.2, 60)]));
  for (let minute = 0; minute < minutes; minute++) {
    const at = ({ start, end, provider }: Span & { readonly provider: string }) =>
      provider === name && start <= minute && minute < end;
    const surge = surges.filter(at).reduce((most, { volume }) => Math.max(most, volume), 1);
    const worse = surges.filter(at).reduce((most, { share }) => Math.max(most, share), 1);
    const volume = peak * shapeOf(minute) * surge * volumeWander();
    // phones are off at night
    const night = 1 + 0.5 * Math.cos((2 * Math.PI * (minute - 3 * hour)) / day);
    let rest = volume;
    for (const [category, wander] of wanders) {
      const mean = volume * shares[category] * wander() * (category === "power_off" ? night : worse);
      add(category, minute, poisson(random, mean));
      rest -= mean;
    }
    for (const spike of spikes.filter(at)) {
      const receipts = poisson(random, volume * spike.share);
      bad.set(spike, (bad.get(spike) ?? 0) + receipts);
      add(spike.category, minute, receipts);
      rest -= volume * spike.share;
    }
    add("delivered", minute, poisson(random, Math.max(0, rest)));
  }
  return counts;
}
