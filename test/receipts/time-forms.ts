import fc from "fast-check";

/** A moment, and what the runtime's own calendar says of it in a zone. */
export interface Moment {
  readonly ms: number;
  readonly utcOffsetMinutes: number;
  /** Padded except for the year; the names of month and weekday in English, three letters. */
  readonly shown: Readonly<
    Record<"year" | "month" | "name" | "day" | "weekday" | "time" | "fraction", string>
  >;
}

/** A form that times are written in, and to how many ms. */
interface TimeForm {
  readonly name: string;
  readonly precision: number;
  readonly write: (moment: Moment) => string | number;
}

/** Zones that have had one offset since 2015, so that Intl and an offset say the same. */
const zones = [
  { timeZone: "Asia/Shanghai", utcOffsetMinutes: 480 },
  { timeZone: "UTC", utcOffsetMinutes: 0 },
  { timeZone: "Asia/Kolkata", utcOffsetMinutes: 330 },
  { timeZone: "America/Phoenix", utcOffsetMinutes: -420 },
  { timeZone: "Pacific/Kiritimati", utcOffsetMinutes: 840 },
].map(({ timeZone, utcOffsetMinutes }) => ({
  utcOffsetMinutes,
  digits: new Intl.DateTimeFormat("en-GB", {
    ...{ timeZone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", weekday: "short" },
    ...{ hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 },
  }),
  name: new Intl.DateTimeFormat("en-US", { timeZone, month: "short" }),
}));

/** Any moment of these years, in one of some zones. */
export function momentIn(firstYear: number, lastYear: number): fc.Arbitrary<Moment> {
  const ms = fc.integer({ min: Date.UTC(firstYear, 0, 2), max: Date.UTC(lastYear, 11, 30) });
  return fc.tuple(ms, fc.constantFrom(...zones)).map(([ms, { utcOffsetMinutes, digits, name }]) => {
    const parts = new Map(digits.formatToParts(ms).map(({ type, value }) => [type, value]));
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? "";
    return {
      ms,
      utcOffsetMinutes,
      shown: {
        ...{ year: part("year"), month: part("month"), day: part("day") },
        ...{ name: name.format(ms), weekday: part("weekday") },
        time: `${part("hour")}:${part("minute")}:${part("second")}`,
        fraction: part("fractionalSecond"),
      },
    };
  });
}

function zoneOf({ utcOffsetMinutes }: Moment, colon: string): string {
  const minutes = Math.abs(utcOffsetMinutes);
  const pair = (part: number) => String(part).padStart(2, "0");
  return `${utcOffsetMinutes < 0 ? "-" : "+"}${pair(Math.floor(minutes / 60))}${colon}${pair(minutes % 60)}`;
}

/** All digits of a moment on the wall, to the millisecond. */
function wallDigits({ shown }: Moment): string {
  return `${shown.year}${shown.month}${shown.day}${shown.time}${shown.fraction}`.replaceAll(":", "");
}

function form(name: string, precision: number, write: TimeForm["write"]): TimeForm {
  return { name, precision, write };
}

export const timeForms: readonly TimeForm[] = [
  form("the common form", 1000, ({ shown: { year, month, day, time } }) => `${year}-${month}-${day} ${time}`),
  form("T and a zone", 1, (moment) => {
    const { year, month, day, time, fraction } = moment.shown;
    return `${year}-${month}-${day}T${time}.${fraction}${zoneOf(moment, ":")}`;
  }),
  form("toISOString", 1, ({ ms }) => new Date(ms).toISOString()),
  form("toUTCString", 1000, ({ ms }) => new Date(ms).toUTCString()),
  form("a comma", 1, ({ shown: { year, month, day, time, fraction } }) => {
    return `${year}-${month}-${day} ${time},${fraction}`;
  }),
  form("no seconds", 60_000, ({ shown: { year, month, day, time } }) => {
    return `${year}-${month}-${day}T${time.slice(0, 5)}`;
  }),
  form("slashes, not padded", 1000, ({ shown: { year, month, day, time } }) => {
    return `${year}/${Number(month)}/${Number(day)} ${time.replace(/^0/, "")}`;
  }),
  form("年月日", 1000, ({ shown: { year, month, day, time } }) => {
    return `${year}年${Number(month)}月${Number(day)}日 ${time}`;
  }),
  form("RFC 2822", 1000, (moment) => {
    const { year, name, day, weekday, time } = moment.shown;
    return `${weekday}, ${Number(day)} ${name} ${year} ${time} ${zoneOf(moment, "")}`;
  }),
  form("Java", 1000, (moment) => {
    const { year, name, day, weekday, time } = moment.shown;
    return `${weekday} ${name} ${day} ${time} GMT${zoneOf(moment, ":")} ${year}`;
  }),
  form("C", 1000, ({ shown: { year, name, day, weekday, time } }) => {
    return `${weekday} ${name} ${String(Number(day)).padStart(2)} ${time} ${year}`;
  }),
  form("yyMMddHHmm", 60_000, (moment) => wallDigits(moment).slice(2, 12)),
  form("yyMMddHHmm as a number", 60_000, (moment) => Number(wallDigits(moment).slice(2, 12))),
  form("yyMMddHHmmss", 1000, (moment) => wallDigits(moment).slice(2, 14)),
  form("yyyyMMddHHmm", 60_000, (moment) => wallDigits(moment).slice(0, 12)),
  form("yyyyMMddHHmmss", 1000, (moment) => wallDigits(moment).slice(0, 14)),
  form("yyyyMMddHHmmss as a number", 1000, (moment) => Number(wallDigits(moment).slice(0, 14))),
  form("yyyyMMddHHmmssSSS", 1, wallDigits),
  form("epoch seconds", 1000, ({ ms }) => String(Math.floor(ms / 1000))),
  form("epoch seconds with a fraction", 1, ({ ms }) => ms / 1000),
  form("epoch milliseconds", 1, ({ ms }) => ms),
  form("epoch milliseconds with an exponent", 1, ({ ms }) => ms.toExponential()),
  form("epoch microseconds", 1, ({ ms }) => `${ms}999`),
  form("epoch nanoseconds", 1, ({ ms }) => `${ms}999999`),
];
