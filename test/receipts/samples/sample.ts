import type { Receipt } from "../../../src/receipts/receipt.ts";

/** A record as providers and forwarders send it, and what is to be read from it. All numbers are invented. */
export interface Sample {
  readonly name: string;
  /** The one format, besides `auto`, that reads it. */
  readonly format: string;
  readonly value: string;
  /** The API that the record's header names. */
  readonly method?: string;
  readonly receipts: readonly Receipt[];
}

export function one(
  format: Sample["format"],
  receipt: Receipt,
  values: Readonly<Record<string, string>>,
): Sample[] {
  return Object.entries(values).map(([name, value]) => ({ name, format, value, receipts: [receipt] }));
}

export function json(value: unknown): string {
  return JSON.stringify(value);
}

export function frame(content: unknown) {
  const topic = "alibaba_aliqin_FcSmsDR";
  return { topic, id: 4160600490938325, content: { topic, content } };
}

export function without(
  record: Readonly<Record<string, unknown>>,
  ...names: string[]
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}

export function sms(
  flag: Receipt["flag"],
  code: string,
  sent: string | undefined,
  received: string,
): Receipt {
  return {
    scope: "sms_receipt",
    flag,
    code,
    sentAt: chinaTime(sent),
    receivedAt: chinaTime(received),
    provider: undefined,
  };
}

/** The same receipt of a message of so many segments; 0 where it does not say. */
export function inSegments(segments: number, receipt: Receipt): Receipt {
  return { ...receipt, segments };
}

export function voice(code: string, sent: string | undefined, received: string): Receipt {
  return { ...sms("none", code, sent, received), scope: "voice_receipt" };
}

export function answer(scope: string, flag: Receipt["flag"], code: string): Receipt {
  return { scope, flag, code, sentAt: Number.NaN, receivedAt: Number.NaN, provider: undefined };
}

function chinaTime(local: string | undefined): number {
  return local === undefined ? Number.NaN : Date.parse(`${local}+08:00`);
}

/** A receipt of an SMS in UTC or with a zone, as most of these providers write times. */
export function of(
  provider: string,
  flag: Receipt["flag"],
  code: string,
  received?: string,
  sent?: string,
  scope = "sms_receipt",
): Receipt {
  const at = (moment: string | undefined) => (moment === undefined ? Number.NaN : Date.parse(moment));
  return { scope, flag, code, sentAt: at(sent), receivedAt: at(received), provider };
}
