export type Period = "hour" | "day";

/** How long a period is, in ms. */
export const periodMs: Readonly<Record<Period, number>> = { hour: 3_600_000, day: 86_400_000 };

/** @returns the start of a time's local hour or day; both in ms since the epoch */
export function periodStart(at: number, period: Period, utcOffsetMinutes: number): number {
  const shift = utcOffsetMinutes * 60_000;
  return Math.floor((at + shift) / periodMs[period]) * periodMs[period] - shift;
}

/** @returns the starts of all local hours or days that overlap the time from `from` up to, not including, `to` */
export function periodsBetween(from: number, to: number, period: Period, utcOffsetMinutes: number): number[] {
  const first = periodStart(from, period, utcOffsetMinutes);
  const count = Math.ceil((to - first) / periodMs[period]);
  return Array.from({ length: count }, (_, index) => first + index * periodMs[period]);
}

/** @returns a time in ms since the epoch as RFC 3339, such as `2026-10-03T08:00:00+08:00` */
export function localTime(at: number, utcOffsetMinutes: number): string {
  const wallClock = new Date(at + utcOffsetMinutes * 60_000).toISOString().slice(0, 19);
  return `${wallClock}${zoneText(utcOffsetMinutes)}`;
}

/** @returns a time in ms since the epoch to the minute, such as `2026-10-03 08:00` */
export function localMinute(at: number, utcOffsetMinutes: number): string {
  return localTime(at, utcOffsetMinutes).slice(0, 16).replace("T", " ");
}

/** @returns minutes east of UTC as `+08:00` */
export function zoneText(utcOffsetMinutes: number): string {
  const minutes = Math.abs(utcOffsetMinutes);
  const twoDigits = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, "0"));
  return `${utcOffsetMinutes < 0 ? "-" : "+"}${twoDigits.join(":")}`;
}
