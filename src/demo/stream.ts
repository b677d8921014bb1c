import { createRandom, type Random } from "../../test/lab/random.ts";
import * as mix from "./mix.ts";
import { type Event, shapes } from "./shapes.ts";

export interface StreamOptions {
  readonly seed: number;
  /** Receipts a second. */
  readonly rate: number;
  /** Length in seconds; then it starts over. */
  readonly seconds: number;
  /** Start and end of the blacklist spike, in seconds; by default half-way through, for a tenth of the length. */
  readonly spike?: { readonly from: number; readonly until: number };
}

/** What was sent so far, counted at the source by what the receipts mean, without the exporter's code. */
export interface Sent {
  records: number;
  receipts: number;
  /** By scope and code: `sms_receipt 12`. */
  readonly codes: Map<string, number>;
  readonly categories: Map<string, number>;
  /** By the reason that the exporter must report. */
  readonly malformed: Map<string, number>;
}

export interface Stream {
  readonly sent: Sent;
  /** Whether the last tick was part of the spike. */
  readonly spiking: boolean;
  /**
   * The records of the next tenth of a second.
   *
   * @param now the latest event time, in ms since the epoch
   * @returns record values, UTF-8, without line breaks
   */
  tick(now: number): string[];
}

/** Ticks of {@link Stream.tick} in a second. */
export const ticksPerSecond = 10;

/** An endless stream of receipts in every provider's shape. The same seed and times give the same records. */
export function createStream({ seed, rate, seconds, spike }: StreamOptions): Stream {
  const { from, until } = spike ?? { from: 0.45 * seconds, until: 0.55 * seconds };
  const random = createRandom(seed);
  const sent: Sent = {
    records: 0,
    receipts: 0,
    codes: new Map(),
    categories: new Map(),
    malformed: new Map(),
  };
  let ticks = 0;
  let spiking = false;
  return {
    sent,
    get spiking() {
      return spiking;
    },
    tick(now) {
      const second = (ticks / ticksPerSecond) % seconds;
      spiking = second >= from && second < until;
      const draft = new Draft(random, sent, now, spiking);
      ticks++;
      const due = Math.round((ticks * rate) / ticksPerSecond);
      const records: string[] = [];
      while (sent.receipts < due) records.push(random.pick(sources).write(draft));
      sent.records += records.length;
      return records;
    },
  };
}

/** Invents events, and counts each. */
class Draft {
  readonly random: Random;
  readonly #sent: Sent;
  readonly #now: number;
  readonly #spike: boolean;

  constructor(random: Random, sent: Sent, now: number, spike: boolean) {
    this.random = random;
    this.#sent = sent;
    this.#now = now;
    this.#spike = spike;
  }

  /** An event with one of these endings, counted under the scope. */
  event(scope: string, endings: readonly mix.Ending[]): Event {
    const { code, category, sent } = this.random.pick(
      this.#spike ? mix.withBlacklistSpike(endings) : endings,
    );
    this.#sent.receipts++;
    increment(this.#sent.codes, `${scope} ${code}`);
    increment(this.#sent.categories, category);
    const receivedAt = this.#now - this.random.below(100);
    const sentAt = receivedAt - 1000 - Math.floor(30_000 * this.random.fraction() ** 4);
    const last = this.random.below(100);
    const id = this.random.digits(18);
    // In the spike a campaign sends as much as all others together, and one carrier rejects it.
    const isCampaign = this.#spike && (category === "blacklist" || Number(id.slice(-1)) < 3);
    const isHit = isCampaign && category === "blacklist";
    const signature = isCampaign ? mix.campaign : oneOf(mix.signatures, id.slice(1, 3));
    const prefix = isHit ? mix.hitPrefix : oneOf(mix.prefixes, id.slice(3, 5));
    return {
      code: sent ?? code,
      delivered: ["delivered", "delivered_partial", "accepted"].includes(category),
      sentAt,
      receivedAt,
      phone: `${prefix}000000${last.toString().padStart(2, "0")}`,
      id,
      signature,
    };
  }

  malformed(reason: string): void {
    increment(this.#sent.malformed, reason);
  }
}

interface Source {
  readonly weight: number;
  /** Writes one record. */
  write(draft: Draft): string;
}

/** A source that writes one event of a scope into one record. */
function single(
  weight: number,
  scope: string,
  endings: readonly mix.Ending[],
  shape: (event: Event) => string,
): Source {
  return { weight, write: (draft) => shape(draft.event(scope, endings)) };
}

/** A source of records without a receipt. */
function broken(reason: string, value: string): Source {
  return {
    weight: 0.5,
    write: (draft) => {
      draft.malformed(reason);
      return value;
    },
  };
}

const sources: readonly Source[] = [
  single(420, "sms_receipt", mix.tmcSms, shapes.tmcSms),
  single(120, "sms_receipt", mix.tmcSms, shapes.tmcSmsFramed),
  {
    weight: 110,
    write: (draft) =>
      shapes.aliyunSms(
        Array.from({ length: 1 + draft.random.below(5) }, () => draft.event("sms_receipt", mix.aliyunSms)),
      ),
  },
  single(40, "sms_receipt", mix.aliyunSms, shapes.aliyunSmsObject),
  single(60, "voice_receipt", mix.voice, shapes.tmcVoice),
  single(20, "voice_receipt", mix.voiceIntermediate, shapes.tmcVoiceIntermediate),
  single(40, "voice_receipt", mix.voice, shapes.aliyunVoice),
  single(10, "voice_receipt", mix.voiceIntermediate, shapes.aliyunVoiceIntermediate),
  single(30, "sms_send_api", mix.accepted, shapes.topAccepted),
  single(4, "sms_send_api", mix.refused, shapes.topRefused),
  single(20, "api", mix.flat, shapes.topFlat),
  broken("not_json", '{"state":"1","err_code":"DELI'),
  broken("not_a_receipt", '{"heartbeat":"ok"}'),
  broken("no_receipts", "[]"),
];

function oneOf(choices: readonly string[], digits: string): string {
  return choices[Number(digits) % choices.length] ?? "";
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
