/** The stretch of time that a replay fills, and the records that can fill it. All times in ms since the epoch. */
export interface ReplayWindow {
  /** The first moment that counts. */
  readonly from: number;
  /** The first moment that no longer counts; a whole number of steps after {@link from}. */
  readonly to: number;
  /** The grain of the result: one sample a step, in ms. */
  readonly step: number;
  /**
   * Receipts come late: records later than so long after {@link to}, in ms, may be left unread; undefined when none may.
   */
  readonly slack: number | undefined;
  /** Whether a receipt is placed by the time of its event or by that of its record. */
  readonly by: "event" | "record";
}

const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** @returns a duration such as `90s`, `1m`, `6h` or `30d` in ms; undefined when it is none */
export function parseDuration(text: string): number | undefined {
  const [, number, unit = ""] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const scale = units[unit];
  return number === undefined || scale === undefined ? undefined : Number(number) * scale;
}

const dateTime =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?$/;

/**
 * Reads a moment: `now`, an offset from now (`-3h`, `-30d`), an RFC 3339 time, or a date or time without zone,
 * which is meant at `utcOffsetMinutes`.
 *
 * @param now ms since the epoch
 * @returns ms since the epoch; undefined when it is none of these, or no such day exists
 */
export function parseMoment(text: string, now: number, utcOffsetMinutes: number): number | undefined {
  if (text === "now") return now;
  if (text.startsWith("-")) {
    const ago = parseDuration(text.slice(1));
    return ago === undefined ? undefined : now - ago;
  }
  const match = dateTime.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = "00", minute = "00", second = "00", zone] = match;
  const utc = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  const sameDay = Number.isFinite(utc) && new Date(utc).getUTCDate() === Number(day);
  if (!sameDay) return undefined;
  return utc - (zone === undefined ? utcOffsetMinutes : zoneMinutes(zone)) * 60_000;
}

function zoneMinutes(zone: string): number {
  if (zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4));
  return zone.startsWith("-") ? -minutes : minutes;
}
