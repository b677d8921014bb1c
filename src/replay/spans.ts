const units = [
  { letter: "d", word: "day", ms: 86_400_000 },
  { letter: "h", word: "hour", ms: 3_600_000 },
  { letter: "m", word: "minute", ms: 60_000 },
] as const;

const seconds = { letter: "s", word: "second", ms: 1_000 } as const;

/** @returns a whole number of seconds, given in ms, in the syntax of flags and metric names: `90s`, `1m`, `30d` */
export function spanFlag(ms: number): string {
  const unit = units.find((one) => ms % one.ms === 0) ?? seconds;
  return `${ms / unit.ms}${unit.letter}`;
}

/** @returns a duration in ms in words, to a tenth of its largest unit: `2.3 days`, `1 hour`, `0.4 seconds` */
export function spanWords(ms: number): string {
  const unit = units.find((one) => ms >= one.ms) ?? seconds;
  return counted(Math.round((10 * ms) / unit.ms) / 10, unit.word);
}

/** @returns a number and its noun, such as `1 receipt` or `2 receipts` */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/**
 * @returns an integer with thousands separators: `1,234,567`; not by `toLocaleString`, of which the first call takes as
 *   long as to count 100,000 receipts
 */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}
