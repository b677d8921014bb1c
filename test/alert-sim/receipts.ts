import { createRandom, type Random } from "../lab/random.ts";
import { poisson, wandering } from "./chance.ts";
import { type Category, catchUp, categories, type Incident, type Month, type Provider } from "./month.ts";

/** A category that is counted: those with an alert, and everything else. */
export type Counted = Category | "delivered";

/** What is counted of a provider, minute by minute. */
export interface Receipts {
  readonly provider: Provider;
  /** Receipts counted in each minute, by category. */
  readonly counted: Readonly<Record<Counted, Uint32Array>>;
  /** The minute of the newest receipt counted up to each minute; -1 before the first. */
  readonly newest: Int32Array;
}

/** An incident as it came out. */
export interface DrawnIncident extends Incident {
  /** Receipts that are of the category because of it. */
  readonly bad: number;
}

export interface DrawnMonth extends Month {
  readonly receipts: readonly Receipts[];
  readonly incidents: readonly DrawnIncident[];
}

const hour = 60;
const day = 24 * hour;

/** Volume wanders within the hour, and shares do as well. */
const volumeNoise = { deviation: 0.2, memory: 90 };
export const shareNoise = { deviation: 0.2, memory: 60 };

/** Draws the receipts of a planned month: Poisson counts around what each minute is to expect. */
export function drawMonth(month: Month): DrawnMonth {
  const bad = new Map<Incident, number>();
  // Each provider draws from numbers of its own, so that a change to one leaves the others as they are.
  const receipts = month.providers.map((provider, index) =>
    delay(month, drawProvider(month, provider, createRandom(month.seed * 1009 + index), bad)),
  );
  const incidents = month.incidents.map((incident) => ({ ...incident, bad: bad.get(incident) ?? 0 }));
  return { ...month, receipts, incidents };
}

/** Receipts by the minute in which they happen. */
function drawProvider(
  month: Month,
  provider: Provider,
  random: Random,
  bad: Map<Incident, number>,
): Receipts {
  const of = <T extends { readonly provider: string }>(all: readonly T[]) =>
    all.filter((one) => one.provider === provider.name);
  const surges = of(month.surges);
  const incidents = of(month.incidents);
  const shares = categories.map((category) => [category, ordinaryShares(month, provider, category)] as const);
  const counted = emptyCounts(month.minutes);
  const newest = new Int32Array(month.minutes).fill(-1);
  const volumeWander = wandering(random, volumeNoise.deviation, volumeNoise.memory);
  const shareWander = wandering(random, shareNoise.deviation, shareNoise.memory);

  for (let minute = 0; minute < month.minutes; minute++) {
    const now = surges.filter(({ start, end }) => start <= minute && minute < end);
    const surge = now.reduce((most, { volume }) => Math.max(most, volume), 1);
    const volume = provider.peak * activity(provider, minute) * surge * volumeWander();
    const wander = shareWander();
    let rest = volume;
    for (const [category, ofMinute] of shares) {
      const ordinary = (ofMinute[minute] ?? 0) * wander;
      counted[category][minute] = poisson(random, volume * ordinary);
      rest -= volume * ordinary;
    }
    for (const incident of incidents) {
      if (minute < incident.start || incident.end <= minute) continue;
      const receipts = poisson(random, volume * incident.share);
      bad.set(incident, (bad.get(incident) ?? 0) + receipts);
      counted[incident.category][minute] = (counted[incident.category][minute] ?? 0) + receipts;
      rest -= volume * incident.share;
    }
    counted.delivered[minute] = poisson(random, rest);
    const any = Object.values(counted).some((counts) => counts[minute] !== 0);
    newest[minute] = any ? Math.max(-1, minute - (provider.age ?? 0)) : (newest[minute - 1] ?? -1);
  }
  return { provider, counted, newest };
}

/**
 * The share of a provider's receipts that is of a category in each minute, but for incidents and what is left to chance:
 * campaigns raise it, and a changed code map may.
 */
export function ordinaryShares(month: Month, provider: Provider, category: Category): Float64Array {
  const shares = new Float64Array(month.minutes).fill(provider.shares[category]);
  if (category === "blacklist" && month.mapChange !== undefined) {
    shares.fill(provider.shares.blacklist + (provider.moved ?? 0), month.mapChange);
  }
  if (category === "unknown") return shares;
  const surges = new Float64Array(month.minutes).fill(1);
  for (const { start, end, share } of month.surges.filter((surge) => surge.provider === provider.name)) {
    for (let minute = start; minute < Math.min(end, month.minutes); minute++) {
      surges[minute] = Math.max(surges[minute] ?? 1, share);
    }
  }
  return shares.map((share, minute) => share * (surges[minute] ?? 1));
}

/** The ordinary volume of a provider's minute against its peak. */
function activity({ hours, from = 0, until = Number.POSITIVE_INFINITY }: Provider, minute: number): number {
  if (minute < from || until <= minute) return 0;
  if (hours === undefined) return shapeOf(minute);
  const hourOfDay = (minute % day) / hour;
  const weekend = Math.floor(minute / day) % 7 >= 5;
  return !weekend && hours[0] <= hourOfDay && hourOfDay < hours[1] ? 1 : 0;
}

/** The ordinary volume of a minute against the peak: a quiet night, a long day, less at the weekend. */
export function shapeOf(minute: number): number {
  const hourOfDay = (minute % day) / hour;
  const weekend = Math.floor(minute / day) % 7 >= 5;
  const light = Math.max(0, Math.sin((Math.PI * (hourOfDay - 6)) / 17)) ** 0.7;
  return (0.06 + 0.94 * (hourOfDay > 6 && hourOfDay < 23 ? light : 0)) * (weekend ? 0.6 : 1);
}

/** Moves receipts to the minute in which they are counted: what an outage held back comes {@link catchUp} times as fast. */
function delay(month: Month, { provider, counted, newest }: Receipts): Receipts {
  const outages = month.outages.filter(({ providers }) => providers.includes(provider.name));
  const later = { provider, counted: emptyCounts(month.minutes), newest: new Int32Array(month.minutes) };
  let next = 0;
  for (let minute = 0; minute < month.minutes; minute++) {
    const out = outages.some(({ start, end }) => start <= minute && minute < end);
    const until = out ? next : Math.min(minute + 1, next + catchUp);
    for (; next < until; next++) {
      for (const [category, counts] of Object.entries(counted)) {
        const target = later.counted[category as Counted];
        target[minute] = (target[minute] ?? 0) + (counts[next] ?? 0);
      }
    }
    later.newest[minute] = newest[next - 1] ?? -1;
  }
  return later;
}

function emptyCounts(minutes: number): Record<Counted, Uint32Array> {
  const zeros = () => new Uint32Array(minutes);
  return { delivered: zeros(), blacklist: zeros(), empty_number: zeros(), unknown: zeros() };
}
