import { createRandom } from "../lab/random.ts";
import { Calendar, type Span } from "./calendar.ts";
import { between, poisson, wandering } from "./chance.ts";
import { shapeOf } from "./receipts.ts";

/** The failing categories of a month with dimensions, with their ordinary shares. */
const ordinary = {
  blacklist: [0.003, 0.01],
  unknown: [0.001, 0.004],
  power_off: [0.03, 0.06],
  carrier_error: [0.002, 0.01],
  content_blocked: [0.001, 0.005],
  signature_invalid: [0.0005, 0.002],
  rate_limited: [0.001, 0.005],
} as const;
export type FailingCategory = keyof typeof ordinary;
const failingCategories = Object.keys(ordinary).filter((name): name is FailingCategory => name in ordinary);

/** The carrier blocks and the part of the receipts that each has. */
const blocks = { mobile: 0.45, unicom: 0.25, telecom: 0.25, broadnet: 0.05 } as const;

/** A sender's signature: its part of the volume, against those that were there from the start. */
interface Signature {
  readonly name: string;
  readonly weight: number;
  /** Of each category, how many times the channel's ordinary share it has. */
  readonly factors: Readonly<Record<FailingCategory, number>>;
  /** The minute from which on it sends. */
  readonly from: number;
}

/** Something that an alert should tell. */
export interface ValueEvent extends Span {
  readonly category: FailingCategory;
  /** The share that fails because of it, of what it hits. */
  readonly share: number;
  /** What it hits; all signatures or blocks where there is none. With neither it is the channel's. */
  readonly signature?: string;
  readonly block?: string;
}

/** A new template of a signature: more receipts, and more of them blacklisted. */
interface Campaign extends Span {
  readonly signature: string;
  readonly template: string;
}

/** A month of one provider whose receipts are counted by signature, template and carrier block. */
export interface ValueMonth {
  readonly seed: number;
  readonly minutes: number;
  readonly provider: string;
  /** Receipts a minute at the height of the day. */
  readonly peak: number;
  readonly shares: Readonly<Record<FailingCategory, number>>;
  readonly signatures: readonly Signature[];
  readonly events: readonly ValueEvent[];
  readonly campaigns: readonly Campaign[];
  /** The failing categories that it has. */
  readonly categories: readonly FailingCategory[];
  /** Whether receipts are counted by template too. */
  readonly templates: boolean;
  /** The time for which the rarest signature is folded into _other. */
  readonly fold: Span & { readonly signature: string };
}

const hour = 60;
const day = 24 * hour;

/** How much a month has of everything. */
interface Size {
  /** Events begin then: before, there is no history to compare with. */
  readonly firstEvent: number;
  readonly weights: readonly number[];
  readonly categories: readonly FailingCategory[];
  readonly templates: boolean;
  /** In 30 days; a shorter month has its part, rounded up. */
  readonly perMonth: typeof perMonth;
}

const perMonth = { onBoth: 12, onSignature: 6, onBlock: 6, onAll: 10, newSignatures: 4, campaigns: 12 };

const whole: Size = {
  firstEvent: day,
  weights: [0.3, 0.2, 0.15, 0.12, 0.1, 0.07, 0.05, 0.01],
  categories: failingCategories,
  templates: true,
  perMonth,
};

/** For most of a day, with one event on a signature and a block and one on all: seconds on a Prometheus. */
export const small: Size = {
  firstEvent: 8 * hour,
  weights: [0.5, 0.3, 0.19, 0.01],
  categories: ["unknown", "carrier_error", "content_blocked"],
  templates: false,
  perMonth: { ...perMonth, onSignature: 0, onBlock: 0 },
};

/**
 * Plans a month: the same seed and size give the same.
 *
 * @param days at least 2; of a small one 0.75
 */
export function planValues(seed: number, days: number, size: Size = whole): ValueMonth {
  const random = createRandom(seed + 424_242);
  const minutes = Math.round(days * day);
  const calendar = new Calendar(random, minutes);
  const repeat = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: Math.ceil((count * days) / 30) }, (_, index) => make(index));
  const one = <T>(of: readonly T[]): T => {
    const chosen = of[random.below(of.length)];
    if (chosen === undefined) throw new Error("there is nothing to choose from");
    return chosen;
  };
  const each = <T>(make: (category: FailingCategory) => T) =>
    Object.fromEntries(failingCategories.map((category) => [category, make(category)])) as Record<
      FailingCategory,
      T
    >;
  const signature = (name: string, weight: number, from: number): Signature => ({
    ...{ name, weight, from },
    factors: each(() => between(random, 0.5, 2)),
  });
  const signatures = size.weights.map((weight, index) => signature(`S${index + 1}`, weight, 0));
  const fresh = repeat(size.perMonth.newSignatures, (index) =>
    signature(
      `N${index + 1}`,
      between(random, 0.02, 0.2),
      size.firstEvent + random.below(minutes - size.firstEvent),
    ),
  );
  const rarest = signatures.at(-1)?.name ?? "";
  const names = signatures.slice(0, -1).map(({ name }) => name);
  const event = (hits: Pick<ValueEvent, "signature" | "block">, low: number, high: number): ValueEvent => ({
    // nothing else is wrong for two hours before and after
    ...calendar.place(["all"], 20 + random.below(71), 2 * hour, size.firstEvent),
    ...{ category: one(size.categories), share: between(random, low, high) },
    ...hits,
  });
  const block = () => one(["mobile", "unicom", "telecom"]);
  const fold = size.firstEvent + random.below(Math.max(1, minutes - size.firstEvent - day));
  return {
    ...{ seed, minutes, categories: size.categories, templates: size.templates },
    ...{ provider: "values", peak: seed % 2 === 0 ? 150 : 600 },
    shares: each((category) => between(random, ordinary[category][0], ordinary[category][1])),
    signatures: [...signatures, ...fresh],
    events: [
      ...repeat(size.perMonth.onBoth, () => event({ signature: one(names), block: block() }, 0.4, 1)),
      ...repeat(size.perMonth.onSignature, () => event({ signature: one(names) }, 0.25, 1)),
      ...repeat(size.perMonth.onBlock, () => event({ block: block() }, 0.25, 1)),
      ...repeat(size.perMonth.onAll, () => event({}, 0.1, 0.5)),
    ],
    campaigns: repeat(size.perMonth.campaigns, (index) => {
      const start = random.below(minutes - 2 * hour);
      return { start, end: start + 2 * hour, signature: one(names), template: `C${index + 1}` };
    }),
    fold: { start: fold, end: Math.min(minutes, fold + day / 2), signature: rarest },
  };
}

/** Receipts of each minute, by category; delivered ones too. */
type Counts = Map<FailingCategory | "delivered", Uint32Array>;

/** A value of a dimension and its receipts. */
export interface CountedValue {
  readonly dimension: string;
  readonly value: string;
  readonly counts: Counts;
  /** The minute of its first receipt. */
  from: number;
}

/** A month as it came out. */
export interface DrawnValues extends ValueMonth {
  readonly all: Counts;
  readonly values: readonly CountedValue[];
  readonly events: readonly (ValueEvent & {
    /** Receipts that fail because of it. */
    readonly bad: number;
  })[];
}

/** Draws the receipts of a month: Poisson counts of each signature on each block. */
export function drawValues(month: ValueMonth): DrawnValues {
  const random = createRandom(month.seed * 1013 + 7);
  const empty = () => emptyCounts(month);
  const all = empty();
  const values = new Map<string, CountedValue>();
  const countsOf = (dimension: string, value: string, minute: number): Counts => {
    const key = `${dimension} ${value}`;
    const known = values.get(key) ?? { dimension, value, counts: empty(), from: minute };
    values.set(key, known);
    return known.counts;
  };
  const bad = new Map<ValueEvent, number>();
  const volumeWander = wandering(random, 0.2, 90);
  const wanders = new Map(month.categories.map((category) => [category, wandering(random, 0.2, 60)]));
  const own = new Map(month.signatures.map(({ name }) => [name, wandering(random, 0.2, 60)]));
  for (let minute = 0; minute < month.minutes; minute++) {
    const now = month.events.filter(({ start, end }) => start <= minute && minute < end);
    const volume = month.peak * shapeOf(minute) * volumeWander();
    const shares = sharesOf(month, minute, wanders);
    for (const signature of month.signatures) {
      const wander = own.get(signature.name)?.() ?? 1;
      if (minute < signature.from) continue;
      const campaign = month.campaigns.find(
        (one) => one.signature === signature.name && one.start <= minute && minute < one.end,
      );
      const template = campaign?.template ?? `T${signature.name}`;
      for (const [block, part] of Object.entries(blocks)) {
        const cell = volume * signature.weight * part * (campaign === undefined ? 1 : 4);
        const targets = [
          all,
          countsOf("signature", signature.name, minute),
          ...(month.templates ? [countsOf("template", template, minute)] : []),
          countsOf("number_block", block, minute),
        ];
        let rest = cell;
        for (const [category, share] of shares) {
          const doubled = campaign !== undefined && category === "blacklist" ? 2 : 1;
          const mean = cell * share * signature.factors[category] * wander * doubled;
          add(targets, category, minute, poisson(random, mean));
          rest -= mean;
        }
        for (const one of now) {
          if (one.signature !== undefined && one.signature !== signature.name) continue;
          if (one.block !== undefined && one.block !== block) continue;
          const receipts = poisson(random, cell * one.share);
          bad.set(one, (bad.get(one) ?? 0) + receipts);
          add(targets, one.category, minute, receipts);
          rest -= cell * one.share;
        }
        add(targets, "delivered", minute, poisson(random, Math.max(0, rest)));
      }
    }
  }
  const events = month.events.map((one) => ({ ...one, bad: bad.get(one) ?? 0 }));
  return { ...month, all, values: [...values.values()], events };
}

/** The channel's shares in a minute. Phones are off at night. */
function sharesOf(
  { shares, categories }: ValueMonth,
  minute: number,
  wanders: ReadonlyMap<FailingCategory, () => number>,
): (readonly [FailingCategory, number])[] {
  const night = 1 + 0.5 * Math.cos((2 * Math.PI * (minute - 3 * hour)) / day);
  return categories.map((category) => [
    category,
    shares[category] * (wanders.get(category)?.() ?? 1) * (category === "power_off" ? night : 1),
  ]);
}

function add(
  targets: readonly Counts[],
  category: FailingCategory | "delivered",
  minute: number,
  count: number,
) {
  for (const counts of targets) {
    const of = counts.get(category);
    if (of !== undefined) of[minute] = (of[minute] ?? 0) + count;
  }
}

function emptyCounts({ categories, minutes }: ValueMonth): Counts {
  return new Map([...categories, "delivered" as const].map((name) => [name, new Uint32Array(minutes)]));
}
