import { createRandom } from "../lab/random.ts";
import { Calendar, type Span } from "./calendar.ts";
import { between } from "./chance.ts";

/** The categories whose spikes have an alert. */
export const categories = ["blacklist", "empty_number", "unknown"] as const;
export type Category = (typeof categories)[number];

/** Who delivers receipts, through a topic of its own. */
export interface Provider {
  readonly name: string;
  /** The provider and the channel that its receipts have, where they are not `name` and sms: a provider has several. */
  readonly channel?: { readonly provider: string; readonly channel: string };
  readonly partitions: number;
  /** Receipts a minute at the height of an ordinary day. */
  readonly peak: number;
  /** The share of its receipts that is of the category on an ordinary day. */
  readonly shares: Readonly<Record<Category, number>>;
  /** Of each weekday, the hours in which it sends, always at its peak; else as a day goes. */
  readonly hours?: readonly [from: number, to: number];
  /** Minutes of the month from which on it sends, and until which. */
  readonly from?: number;
  readonly until?: number;
  /** How many minutes old a receipt's event time is when it comes. */
  readonly age?: number;
  /** The share that is blacklist besides once the code map has changed, of a code that was in another category before. */
  readonly moved?: number;
}

/** Something that an alert should tell, or a slow burn's ticket. */
export interface Incident extends Span {
  readonly kind: "spike" | "slow burn";
  readonly provider: string;
  readonly category: Category;
  /** The share of the receipts that is of the category because of it, on top of the ordinary ones. */
  readonly share: number;
  /** Whether it hides in a backlog, so that the page is to be withheld. */
  readonly late: boolean;
}

/** More receipts than ordinary. */
export interface Surge extends Span {
  readonly provider: string;
  readonly volume: number;
  /** What it does to the shares of blacklist and empty numbers. */
  readonly share: number;
}

/** Receipts of these providers are not counted, and afterwards {@link catchUp} minutes' worth in each minute. */
export interface Outage extends Span {
  readonly providers: readonly string[];
  /** Whether the exporter is down, so that there is nothing to scrape; else the receipts do not come. */
  readonly down: boolean;
}

/** All that is decided of a month before its receipts are drawn. */
export interface Month {
  readonly seed: number;
  readonly minutes: number;
  readonly providers: readonly Provider[];
  readonly incidents: readonly Incident[];
  readonly surges: readonly Surge[];
  readonly outages: readonly Outage[];
  /** Minutes in which partitions move to the other instance; every second time it is a restart, which takes 2. */
  readonly handovers: readonly number[];
  /** The minute in which another code map is loaded. */
  readonly mapChange?: number;
}

/** Minutes' worth of receipts that are counted in each minute after an outage. */
export const catchUp = 8;

const hour = 60;
const day = 24 * hour;
/** Incidents begin after a day: before, there is no history to compare with. */
const firstIncident = day;

/** A busy month: how much of everything it has. A shorter one has its part of it, rounded up. */
const perMonth = {
  spikes: { blacklist: 24, empty_number: 8, unknown: 8 },
  slowBurns: 3,
  lateSpikes: 2,
  bulkSends: 8,
  extraCampaigns: 10,
  outages: 6,
  handovers: 20,
};

/** From the smallest to the largest spike. Dead numbers come by the list, so they are many or few. */
const spikeShares: Readonly<Record<Category, readonly [number, number]>> = {
  blacklist: [0.04, 0.3],
  empty_number: [0.1, 0.5],
  unknown: [0.04, 0.3],
};

const peaks = [
  { name: "tiny", peak: 0.6, partitions: 1 },
  { name: "small", peak: 5, partitions: 1 },
  { name: "middle", peak: 30, partitions: 2 },
  { name: "large", peak: 150, partitions: 2 },
  { name: "huge", peak: 600, partitions: 4 },
];

/**
 * Plans a month: the same seed gives the same month.
 *
 * @param days at least 2
 */
export function planMonth(seed: number, days: number): Month {
  const random = createRandom(seed);
  const minutes = days * day;
  const calendar = new Calendar(random, minutes);
  const part = (count: number) => Math.ceil((count * days) / 30);
  const repeat = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: part(count) }, (_, i) => make(i));
  const providers = peaks.map((provider) => ({
    ...provider,
    shares: {
      blacklist: between(random, 0.003, 0.01),
      empty_number: between(random, 0.015, 0.04),
      unknown: between(random, 0.001, 0.004),
    },
  }));
  const names = providers.map(({ name }) => name);
  const anyone = () => names[random.below(names.length)] ?? "";
  /** One of the three whose slow burns and backlogs hold enough receipts to tell. */
  const anyoneBig = () => names[2 + random.below(names.length - 2)] ?? "";

  const hidden = repeat(perMonth.lateSpikes, () => {
    const provider = anyoneBig();
    const span = calendar.place([provider], 3 * hour, 4 * hour, day);
    const spike = { start: span.start + 30, end: span.start + 120, share: between(random, 0.1, 0.3) };
    return {
      outage: { ...span, providers: [provider], down: false },
      incident: { ...spike, kind: "spike", provider, category: "blacklist", late: true } as const,
    };
  });
  const outages = repeat(perMonth.outages, (index) => {
    const down = index % 2 === 0;
    const hit = down ? names : [anyone()];
    const span = calendar.place(hit, Math.round(between(random, 20, 180)), 3 * hour, firstIncident);
    return { ...span, providers: hit, down };
  });
  const slowBurns = repeat(perMonth.slowBurns, () => {
    const provider = anyoneBig();
    const span = calendar.place([provider], (6 + random.below(7)) * hour, 3 * hour, day);
    const ordinary = providers.find(({ name }) => name === provider)?.shares.blacklist ?? 0;
    const share = ordinary * between(random, 1.5, 3);
    return { ...span, kind: "slow burn", provider, category: "blacklist", share, late: false } as const;
  });
  const spikes = categories.flatMap((category) =>
    repeat(perMonth.spikes[category], () => {
      const provider = anyone();
      const span = calendar.place([provider], 20 + random.below(71), 2 * hour, firstIncident);
      return {
        ...span,
        kind: "spike",
        provider,
        category,
        share: between(random, ...spikeShares[category]),
        late: false,
      } as const;
    }),
  );

  const campaigns = names.flatMap((provider) => {
    const usualStart = (8 + random.below(11)) * hour;
    return Array.from({ length: days }, (_, today) => {
      const start = today * day + usualStart + random.below(31) - 15;
      const held = today % 7 < 5 && random.fraction() < 0.85;
      return held ? [{ start, end: start + 2 * hour, provider, volume: 3, share: 2 }] : [];
    }).flat();
  });
  const anytime = (length: number) => {
    const start = random.below(minutes - length);
    return { start, end: start + length };
  };
  const extraCampaigns = repeat(perMonth.extraCampaigns, () => ({
    ...anytime(60 + random.below(61)),
    ...{ provider: anyone(), volume: 3, share: 2 },
  }));
  const bulkSends = repeat(perMonth.bulkSends, () => ({
    ...anytime(15 + random.below(46)),
    ...{ provider: anyone(), volume: 5 + random.fraction(), share: between(random, 0.8, 1.5) },
  }));

  return {
    ...{ seed, minutes, providers },
    incidents: [...hidden.map(({ incident }) => incident), ...slowBurns, ...spikes],
    surges: [...campaigns, ...extraCampaigns, ...bulkSends],
    outages: [...hidden.map(({ outage }) => outage), ...outages],
    handovers: repeat(perMonth.handovers, () => random.below(minutes)).sort((one, other) => one - other),
  };
}
