import { createRandom } from "../lab/random.ts";
import { near } from "./calendar.ts";
import { between } from "./chance.ts";
import { type Incident, type Month, type Provider, planMonth } from "./month.ts";

const hour = 60;
const day = 24 * hour;
const week = 7 * day;

/** What a provider of its own is there to show. */
export interface Dynamic {
  /** As the table calls it. */
  readonly title: string;
  readonly providers: readonly Provider[];
  /** The alert that is judged by it. */
  readonly alert:
    | "DlrBlacklistSpike"
    | "DlrBlacklistSpikeLate"
    | "DlrEventTimesOld"
    | "DlrUnknownCodes"
    | "DlrProviderSilent";
  readonly incidents: readonly Incident[];
}

/** A month, and what it shows. */
export interface DynamicMonth {
  readonly month: Month;
  readonly dynamics: readonly Dynamic[];
}

/** From how many times to how many times its ordinary share a small spike raises a provider's. */
const smallSpikes = [3, 6] as const;

/**
 * Plans a month of what the other kind has not: the same providers with small spikes of blacklist in place of large
 * ones, and more providers, of which each shows one thing that is hard to tell.
 *
 * @param days at least 2; what a shorter month has no time for, it does not have
 */
export function planDynamics(seed: number, days: number): DynamicMonth {
  const plan = planMonth(seed, days);
  const random = createRandom(seed + 77_777);
  const small = plan.incidents.map((incident) => {
    if (incident.category !== "blacklist" || incident.kind !== "spike" || incident.late) return incident;
    const ordinary = plan.providers.find(({ name }) => name === incident.provider)?.shares.blacklist ?? 0;
    return { ...incident, share: ordinary * (between(random, ...smallSpikes) - 1) };
  });
  const dynamics = [
    {
      title: `${smallSpikes.join(" to ")} times the ordinary share`,
      providers: plan.providers,
      alert: "DlrBlacklistSpike",
      incidents: small,
    } as const,
    ...singular(days, random.below),
  ].map((dynamic) => ({ ...dynamic, incidents: dynamic.incidents.filter(({ end }) => end <= plan.minutes) }));
  const incidents = [...new Set(dynamics.flatMap((dynamic) => dynamic.incidents))];
  return {
    month: {
      ...plan,
      providers: [...new Set(dynamics.flatMap(({ providers }) => providers))],
      incidents,
      mapChange: quietMinute(plan.minutes, incidents, random.below),
    },
    dynamics,
  };
}

/** A minute in whose neighbourhood nothing is wrong: for 90 minutes after a change of the map a page is a ticket. */
function quietMinute(
  minutes: number,
  incidents: readonly Incident[],
  below: (bound: number) => number,
): number {
  const afternoon = (today: number) => today * day + 15 * hour + below(2 * hour);
  for (let today = Math.floor(minutes / day / 3); today < minutes / day; today++) {
    const start = afternoon(today);
    if (incidents.every((incident) => !near(incident, { start, end: start + 1 }, 3 * hour))) return start;
  }
  return afternoon(0);
}

/** The providers of which each shows one thing. */
function singular(days: number, below: (bound: number) => number): Dynamic[] {
  const provider = (name: string, blacklist: number, rest: Partial<Provider> = {}): Provider => ({
    ...{ name, partitions: 1, peak: 60, shares: { blacklist, empty_number: 0.025, unknown: 0.0002 } },
    ...rest,
  });
  const spike = (of: Provider, start: number, share: number, length = hour, late = false): Incident => ({
    ...{ kind: "spike", category: "blacklist", provider: of.name, start, end: start + length, late },
    share: share - of.shares.blacklist,
  });
  /** One on each of some days, in its daytime. */
  const spread = (of: Provider, shares: readonly number[], late = false) =>
    shares.map((share, index) => {
      const today = Math.floor(((index + 1) * days) / (shares.length + 1));
      return spike(of, today * day + (8 + below(11)) * hour, share, hour, late);
    });

  const hours = provider("hours", 0.006, { peak: 170, hours: [10, 12] });
  const old = provider("old", 0.006, { age: 12 });
  const twelve = provider("twelve", 0.12);
  const six = provider("six", 0.06);
  const weekly = provider("weekly", 0.01);
  const seldom = provider("seldom", 0.0001, { peak: 150 });
  const high = provider("high", 0.12, { from: 5 * day + 9 * hour });
  const migrated = provider("migrated", 0.006, { from: 8 * day + 9 * hour });
  /** For two days, a provider with a channel that has been there for three, and one that is new. */
  const both = (name: string, known: number, fresh: number, from: number) => [
    provider(`${name}-sms`, known, {
      channel: { provider: name, channel: "sms" },
      ...{ from: from - 3 * day, until: from + 2 * day },
    }),
    provider(`${name}-voice`, fresh, {
      channel: { provider: name, channel: "voice" },
      ...{ from, until: from + 2 * day },
    }),
  ];
  const alike = both("alike", 0.12, 0.12, 5 * day + 9 * hour);
  const clean = both("clean", 0.006, 0.006, 8 * day + 9 * hour);
  const unlike = both("unlike", 0.006, 0.024, 6 * day + 9 * hour);
  const moved = provider("moved", 0.006, { moved: 0.04 });
  const hovering = provider("hovering", 0.006, {
    peak: 600,
    shares: { blacklist: 0.006, empty_number: 0.025, unknown: 0.001 },
  });
  const gone = provider("gone", 0.006, { until: 12 * day + 16 * hour });
  const page = "DlrBlacklistSpike";
  const lateSpikes = spread(old, [0.1, 0.15, 0.2], true);
  return [
    {
      title: "two hours of a weekday, 8 % in weeks 3 to 5",
      providers: [hours],
      alert: page,
      incidents: [16, 23, 29].map((today) => spike(hours, today * day + 10 * hour, 0.08, 2 * hour)),
    },
    {
      title: "event times 12 minutes old",
      providers: [old],
      alert: "DlrBlacklistSpikeLate",
      incidents: lateSpikes,
    },
    { title: "the same", providers: [old], alert: page, incidents: lateSpikes },
    { title: "the same", providers: [old], alert: "DlrEventTimesOld", incidents: [] },
    {
      title: "12 % to 25 and 35 %, 6 % to 15 %",
      providers: [twelve, six],
      alert: page,
      incidents: [...spread(twelve, [0.25, 0.35, 0.25, 0.35]), ...spread(six, [0.15, 0.15, 0.15, 0.15])],
    },
    {
      title: "1 % to 3 and 4 % at an hour that had 6 % twice",
      providers: [weekly],
      alert: page,
      incidents: [0.06, 0.06, 0.03, 0.04].map((share, index) =>
        spike(weekly, index * week + 2 * day + 15 * hour, share),
      ),
    },
    {
      title: "0.01 % to 0.3 and 0.5 %",
      providers: [seldom],
      alert: page,
      incidents: spread(seldom, [0.003, 0.005, 0.003, 0.005]),
    },
    { title: "new, 12 % from its first minute on", providers: [high], alert: page, incidents: [] },
    {
      title: "migrated, 8 % after three hours",
      providers: [migrated],
      alert: page,
      incidents: [8 * day + 12 * hour, 9 * day + 15 * hour].map((start) => spike(migrated, start, 0.08)),
    },
    { title: "new channel, 12 % as the other has", providers: alike, alert: page, incidents: [] },
    { title: "new channel, 2.4 %, the other 0.6 %", providers: unlike, alert: page, incidents: [] },
    {
      title: "new channel, 0.6 % as the other has, 8 % after ten minutes",
      providers: clean,
      alert: page,
      incidents: [8 * day + 9 * hour + 10, 9 * day + 15 * hour].flatMap((start) =>
        clean.slice(1).map((fresh) => spike(fresh, start, 0.08)),
      ),
    },
    { title: "4 % move into blacklist by a reload", providers: [moved], alert: page, incidents: [] },
    { title: "unknown codes at 0.1 %", providers: [hovering], alert: "DlrUnknownCodes", incidents: [] },
    { title: "sends no more from day 13 on", providers: [gone], alert: "DlrProviderSilent", incidents: [] },
  ];
}
