import { createRandom, type Random } from "../lab/random.ts";
import { type Backlog, countWithStops } from "./backlog.ts";
import { Calendar, type Span } from "./calendar.ts";
import { between, poisson, wandering } from "./chance.ts";
import { shapeOf } from "./receipts.ts";

const hour = 60;
const day = 24 * hour;

/** Who answers requests and sends receipts of them, through a topic for each. */
interface Channel {
  readonly name: string;
  /** Requests a minute at the height of the day. */
  readonly peak: number;
  /** Receipts that a request has: fewer than 1 where a part is never reported, more where one is of many messages. */
  readonly perRequest: number;
  /** Minutes until a receipt comes, on average, but for one in twenty, which takes hours. */
  readonly lag: number;
  /** Receipts come together, once in so many minutes. */
  readonly every?: number;
  /** Of each night, a bulk send at 3 o'clock: so many times the height of the day for 20 minutes, with slow receipts. */
  readonly nightly?: number;
}

const channels: readonly Channel[] = [
  { name: "large", peak: 120, perRequest: 0.97, lag: 2 },
  { name: "middle", peak: 20, perRequest: 0.97, lag: 3 },
  { name: "small", peak: 4, perRequest: 0.97, lag: 3 },
  { name: "tiny", peak: 0.6, perRequest: 0.97, lag: 3 },
  { name: "batches", peak: 30, perRequest: 0.95, lag: 2, every: 30 },
  { name: "many", peak: 20, perRequest: 2.4, lag: 2 },
  { name: "partly", peak: 40, perRequest: 0.4, lag: 4 },
  { name: "lagging", peak: 30, perRequest: 0.95, lag: 20 },
  { name: "nightly", peak: 30, perRequest: 0.97, lag: 3, nightly: 2 },
];

/** What may happen to a channel. */
const kinds = [
  // receipts are lost
  "half",
  "fifth",
  "most",
  // … and here nothing is
  "slow",
  "bulk",
  "answers stuck",
  "receipts stuck",
] as const;
export type MissingKind = (typeof kinds)[number];

/** Those that the alert is there for, and the part of the receipts that they lose. */
export const lost: Readonly<Partial<Record<MissingKind, number>>> = { half: 0.5, fifth: 0.2, most: 0.8 };

export interface MissingEvent extends Span {
  readonly kind: MissingKind;
  readonly channel: string;
  /** Of a bulk send how many times the volume, of slow receipts how many minutes more; else nothing. */
  readonly size: number;
}

/** A month of requests and of their receipts. */
export interface MissingMonth {
  readonly seed: number;
  readonly minutes: number;
  readonly channels: readonly Channel[];
  readonly events: readonly MissingEvent[];
  /** When the exporter is down, so that there is nothing to scrape. */
  readonly downs: readonly Span[];
}

/** How many of each kind a busy month of 30 days has; a shorter one its part, rounded. */
const perMonth: Readonly<Record<MissingKind, number>> = {
  half: 14,
  fifth: 8,
  most: 6,
  slow: 10,
  bulk: 40,
  "answers stuck": 5,
  "receipts stuck": 5,
};
const downsPerMonth = 4;

/** Events begin after so many days: before, little is usual. */
const firstEvent = 1.5 * day;

/**
 * Plans a month: the same seed gives the same.
 *
 * @param days at least 3
 */
export function planMissing(seed: number, days: number): MissingMonth {
  const names = channels.map(({ name }) => name);
  const random = createRandom(seed + 313_131);
  const minutes = days * day;
  const calendar = new Calendar(random, minutes);
  const downs = Array.from({ length: Math.round((downsPerMonth * days) / 30) }, () =>
    calendar.place(names, Math.round(between(random, 20, 180)), 6 * hour, firstEvent),
  );
  const events = kinds.flatMap((kind) =>
    Array.from({ length: Math.round((perMonth[kind] * days) / 30) }, () => {
      const channel = names[random.below(names.length)] ?? "";
      const [length, size] = extentOf(kind, random);
      return { ...calendar.place([channel], length, 5 * hour, firstEvent), kind, channel, size };
    }),
  );
  return { seed, minutes, events, downs, channels };
}

/** @returns how many minutes it takes, and its size */
function extentOf(kind: MissingKind, random: Random): readonly [number, number] {
  switch (kind) {
    case "half":
    case "most":
      return [3 * hour + random.below(5 * hour), 0];
    case "fifth":
      return [6 * hour + random.below(6 * hour), 0];
    case "slow":
      return [hour + random.below(2 * hour), between(random, 5, 40)];
    case "bulk":
      return [Math.round(between(random, 5, 60)), between(random, 4, 20)];
    default:
      return [30 + random.below(90), 0];
  }
}

/** A channel as it came out. */
export interface DrawnChannel {
  readonly channel: Channel;
  readonly answers: Backlog;
  readonly receipts: Backlog;
  /** Of the receipts those that took more than five minutes, which their times tell. */
  readonly slow: Backlog;
}

export interface DrawnMissing extends MissingMonth {
  readonly drawn: readonly DrawnChannel[];
  readonly events: readonly (MissingEvent & {
    /** Receipts that were lost in its first hour. */
    readonly lostAtOnce: number;
  })[];
}

/** Draws a month's requests and receipts: what chance makes of each minute. */
export function drawMissing(month: MissingMonth): DrawnMissing {
  const lostAtOnce = new Map<MissingEvent, number>();
  const drawn = month.channels.map((channel, index) => {
    const random = createRandom(month.seed * 1019 + channels.findIndex(({ name }) => name === channel.name));
    const events = month.events.filter((event) => event.channel === channel.name);
    const { answers, receipts, slow } = happening(month, channel, events, random, lostAtOnce);
    const stuck = (kind: MissingKind) => [...month.downs, ...events.filter((event) => event.kind === kind)];
    // one topic is read sooner than the other
    const speeds = index % 2 === 0 ? ([8, 5] as const) : ([5, 8] as const);
    return {
      channel,
      answers: countWithStops(answers, stuck("answers stuck"), speeds[0]),
      receipts: countWithStops(receipts, stuck("receipts stuck"), speeds[1]),
      slow: countWithStops(slow, stuck("receipts stuck"), speeds[1]),
    };
  });
  const events = month.events.map((event) => ({ ...event, lostAtOnce: lostAtOnce.get(event) ?? 0 }));
  return { ...month, drawn, events };
}

/** Requests, receipts, and slow ones of these by the minute in which they reach Kafka. */
function happening(
  { minutes }: MissingMonth,
  channel: Channel,
  events: readonly MissingEvent[],
  random: Random,
  lostAtOnce: Map<MissingEvent, number>,
): { answers: Uint32Array; receipts: Uint32Array; slow: Uint32Array } {
  const answers = new Uint32Array(minutes);
  const receipts = new Uint32Array(minutes);
  const slow = new Uint32Array(minutes);
  const volumeWander = wandering(random, 0.2, 90);
  const ratioWander = wandering(random, 0.02, 4 * hour);
  const eventAt = (minute: number, among: (kind: MissingKind) => boolean) =>
    events.find(({ kind, start, end }) => among(kind) && start <= minute && minute < end);
  for (let minute = 0; minute < minutes; minute++) {
    const bulk = eventAt(minute, (kind) => kind === "bulk");
    const campaign = Math.floor(minute / day) % 7 === 3 && Math.floor((minute % day) / hour) === 15;
    const ordinary = channel.peak * shapeOf(minute) * volumeWander() * (campaign ? 3 : 1);
    const more = (bulk?.size ?? 1) * ordinary - ordinary;
    const nightly = minute % day >= 3 * hour && minute % day < 3 * hour + 20;
    const many = poisson(random, more + (nightly ? (channel.nightly ?? 0) * channel.peak : 0));
    const few = poisson(random, ordinary);
    answers[minute] = few + many;
    const delay = eventAt(minute, (kind) => kind === "slow")?.size ?? 0;
    const perRequest = channel.perRequest * ratioWander();
    const come = (count: number, lag: () => number) => {
      for (let receipt = 0; receipt < count; receipt++) {
        const late = random.fraction() < 0.05 ? exponential(random, 4 * hour) : 0;
        const at = comingAt(minute + lag() + late + delay, channel.every);
        const losing = eventAt(at, (kind) => lost[kind] !== undefined);
        if (losing !== undefined && random.fraction() < (lost[losing.kind] ?? 0)) {
          if (at < losing.start + hour) lostAtOnce.set(losing, (lostAtOnce.get(losing) ?? 0) + 1);
        } else if (at < minutes) {
          receipts[at] = (receipts[at] ?? 0) + 1;
          if (at - minute > 5) slow[at] = (slow[at] ?? 0) + 1;
        }
      }
    };
    come(poisson(random, few * perRequest), () => exponential(random, channel.lag));
    // what was sent at once comes within the hour, when it comes
    come(poisson(random, many * perRequest), () => random.fraction() * hour);
  }
  return { answers, receipts, slow };
}

function comingAt(minute: number, every = 1): number {
  return Math.floor(Math.ceil(minute / every) * every);
}

function exponential(random: Random, mean: number): number {
  return -mean * Math.log(1 - random.fraction());
}
