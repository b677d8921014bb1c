import { createRandom } from "../lab/random.ts";
import { Calendar, type Span } from "./calendar.ts";
import { between, poisson, wandering } from "./chance.ts";
import { shapeOf } from "./receipts.ts";

const hour = 60;
const day = 24 * hour;

/** A provider and how much of what it delivers takes more than five minutes. */
export interface DelayProvider {
  readonly name: string;
  /** Delivered receipts a minute at the height of the day. */
  readonly peak: number;
  /** The ordinary share of slow ones by day; by night it is half as much again. */
  readonly slow: number;
}

/** A provider that has become slow: so much more of its receipts than usual are. */
export interface Slowing extends Span {
  readonly provider: string;
  /** Of what was in time before, the share that is slow now. */
  readonly share: number;
  /** Whether it lies in an outage: what is counted afterwards says how it was. */
  readonly hidden: boolean;
}

/** A month of delays. */
export interface DelayMonth {
  readonly seed: number;
  readonly minutes: number;
  readonly providers: readonly DelayProvider[];
  readonly slowings: readonly Slowing[];
  /** When nothing of a provider was counted; what came is counted afterwards, eight minutes in one. */
  readonly outages: readonly (Span & { readonly provider: string })[];
  /** When a provider sends five times as much. */
  readonly campaigns: readonly (Span & { readonly provider: string })[];
}

/** From the weakest on, which is below what a page asks for. */
export const slowShares = [0.05, 0.1, 0.15, 0.3, 0.6] as const;

const providers: readonly DelayProvider[] = [
  { name: "large", peak: 600, slow: 0.005 },
  { name: "middle", peak: 150, slow: 0.015 },
  { name: "small", peak: 30, slow: 0.02 },
  { name: "quiet", peak: 3, slow: 0.02 },
  { name: "neverslow", peak: 100, slow: 0.0002 },
  { name: "alwaysslow", peak: 100, slow: 0.3 },
];

/** In 30 days, of each provider; a shorter month has its part, rounded up. */
const perMonth = { ofEachShare: 2, outages: 4, hidden: 2, campaigns: 4 };

/**
 * Plans a month: the same seed gives the same.
 *
 * @param days at least 5, for all of it to have room; of the first, nothing is asked
 */
export function planDelays(seed: number, days: number): DelayMonth {
  const random = createRandom(seed + 777_777);
  const minutes = Math.round(days * day);
  const calendar = new Calendar(random, minutes);
  const repeat = <T>(count: number, make: () => T) =>
    Array.from({ length: Math.ceil((count * days) / 30) }, make);
  const slowings: Slowing[] = [];
  const outages: (Span & { provider: string })[] = [];
  const campaigns: (Span & { provider: string })[] = [];
  for (const { name: provider } of providers) {
    const place = (least: number, most: number) =>
      calendar.place([provider], Math.round(between(random, least, most)), 4 * hour, day);
    for (const share of slowShares)
      slowings.push(
        ...repeat(perMonth.ofEachShare, () => ({ ...place(20, 90), provider, share, hidden: false })),
      );
    outages.push(...repeat(perMonth.outages, () => ({ ...place(20, 180), provider })));
    for (const outage of repeat(perMonth.hidden, () => place(60, 180))) {
      outages.push({ ...outage, provider });
      slowings.push({ start: outage.start + 10, end: outage.end - 10, provider, share: 0.4, hidden: true });
    }
    campaigns.push(...repeat(perMonth.campaigns, () => ({ ...place(60, 180), provider })));
  }
  return { seed, minutes, providers, slowings, outages, campaigns };
}

/** What of a provider was counted in each minute. */
export interface CountedDelays {
  readonly provider: DelayProvider;
  readonly delivered: Uint32Array;
  readonly slow: Uint32Array;
  /** The minute of the newest event that was counted by the end of each minute. */
  readonly newest: Int32Array;
  /** Slow receipts by the minute of their event. */
  readonly slowByEvent: Uint32Array;
}

/** Draws the receipts of a month: Poisson counts, of shares that wander by a third within hours. */
export function drawDelays(month: DelayMonth): CountedDelays[] {
  const random = createRandom(month.seed * 1013 + 19);
  return month.providers.map((provider) => {
    const of = <S extends { readonly provider: string }>(all: readonly S[]) =>
      all.filter((one) => one.provider === provider.name);
    const [slowings, campaigns] = [of(month.slowings), of(month.campaigns)];
    const volumeWander = wandering(random, 0.2, 90);
    const slowWander = wandering(random, provider.slow > 0.1 ? 0.15 : 0.3, 90);
    const events = { fast: new Uint32Array(month.minutes), slow: new Uint32Array(month.minutes) };
    for (let minute = 0; minute < month.minutes; minute++) {
      const now = (spans: readonly Span[]) => spans.some(({ start, end }) => start <= minute && minute < end);
      const volume = provider.peak * shapeOf(minute) * volumeWander() * (now(campaigns) ? 5 : 1);
      const night = 1.25 + 0.25 * Math.cos((2 * Math.PI * (minute - 3 * hour)) / day);
      const usual = Math.min(0.9, provider.slow * night * slowWander());
      const more = slowings.find(({ start, end }) => start <= minute && minute < end)?.share ?? 0;
      const share = usual + (1 - usual) * more;
      events.slow[minute] = poisson(random, volume * share);
      events.fast[minute] = poisson(random, volume * (1 - share));
    }
    return { provider, slowByEvent: events.slow, ...countedOf(month, provider.name, events) };
  });
}

/** Counts events in their minute; after an outage eight minutes of them in one, until it is made up for. */
function countedOf(
  { minutes, outages }: DelayMonth,
  name: string,
  events: { readonly fast: Uint32Array; readonly slow: Uint32Array },
): Pick<CountedDelays, "delivered" | "slow" | "newest"> {
  const [delivered, slow] = [new Uint32Array(minutes), new Uint32Array(minutes)];
  const newest = new Int32Array(minutes);
  let next = 0;
  for (let minute = 0; minute < minutes; minute++) {
    if (!isDown({ outages }, name, minute)) {
      const end = Math.min(minute + 1, next + 8);
      for (; next < end; next++) {
        slow[minute] = (slow[minute] ?? 0) + (events.slow[next] ?? 0);
        delivered[minute] = (delivered[minute] ?? 0) + (events.slow[next] ?? 0) + (events.fast[next] ?? 0);
      }
    }
    newest[minute] = next - 1;
  }
  return { delivered, slow, newest };
}

/** Whether nothing of a provider is counted in a minute, and nothing scraped. */
export function isDown({ outages }: Pick<DelayMonth, "outages">, name: string, minute: number): boolean {
  return outages.some(({ provider, start, end }) => provider === name && start <= minute && minute < end);
}
