/** The period that a replay fills, and the records needed for it. All times in ms since the epoch. */
export interface ReplayWindow {
  /** The start, inclusive. */
  readonly from: number;
  /** The end, exclusive; a whole number of steps after {@link from}. */
  readonly to: number;
  /** The resolution of the result: one sample per step, in ms. */
  readonly step: number;
  /**
   * How late receipts may come: records later than this after {@link to}, in ms, may be left unread; undefined if
   * none may.
   */
  readonly slack: number | undefined;
  /** Whether a receipt is counted at the time of its event or of its record. */
  readonly by: "event" | "record";
}

/**
 * When a receipt counts.
 *
 * @param receivedAt, recordedAt its own time, NaN when unknown, and its record's; this and the result in ms since the
 *   epoch
 */
export function countedAt(receivedAt: number, recordedAt: number, by: ReplayWindow["by"]): number {
  return by === "record" || Number.isNaN(receivedAt) ? recordedAt : receivedAt;
}

const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** @returns a duration such as `90s`, `1m`, `6h` or `30d` in ms; undefined when it is invalid */
export function parseDuration(text: string): number | undefined {
  const [, number, unit = ""] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const scale = units[unit];
  return number === undefined || scale === undefined ? undefined : Number(number) * scale;
}

const dateTime =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?$/;

/**
 * Parses a time: `now`, an offset from now (`-3h`, `-30d`), an RFC 3339 time, or a date or time without zone, which
 * is interpreted at `utcOffsetMinutes`.
 *
 * @param now ms since the epoch
 * @returns ms since the epoch; undefined when it is invalid, or no such day exists
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
