/** The page's texts in one language. Metrics, labels, reasons and commands have the same names in all languages. */
export interface Words {
  /** The language tag for HTML. */
  readonly tag: string;
  readonly ready: string;
  readonly notReady: string;
  /** Introduces the problems that no restart would fix. */
  readonly remarks: string;
  readonly asOf: (time: string, started: string) => string;
  readonly again: string;
  readonly headings: {
    readonly topics: string;
    readonly partitions: string;
    readonly recent: string;
    readonly unknown: string;
    readonly malformed: string;
    readonly ignored: string;
    readonly map: string;
    readonly links: string;
  };
  readonly facts: {
    readonly lag: string;
    readonly lagUnknown: (partitions: string) => string;
    readonly newestEvent: string;
    readonly partitions: string;
    readonly share: (span: string) => string;
    readonly receipts: (span: string) => string;
    readonly group: string;
  };
  readonly columns: {
    readonly topic: string;
    readonly provider: string;
    readonly partition: string;
    readonly owned: string;
    readonly unowned: string;
    readonly lag: string;
    readonly committed: string;
    readonly newestEvent: string;
    readonly state: string;
    readonly category: string;
    readonly outcome: string;
    readonly scope: string;
    readonly code: string;
    readonly count: string;
    readonly sinceStart: string;
    readonly firstSeen: string;
    readonly lastSeen: string;
    readonly reason: string;
    readonly kind: string;
    readonly lastHour: string;
    readonly file: string;
    readonly digest: string;
    readonly codes: string;
  };
  /** How far the sources of a suggestion agree, by `agreement`. */
  readonly agreements: Readonly<Record<string, (sources: string) => string>>;
  /** How closely related a table is, by `kind`. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly confidences: Readonly<Record<string, string>>;
  readonly outcomes: Readonly<Record<string, string>>;
  /** State of a partition or topic that is read. */
  readonly isRead: string;
  readonly notKnown: string;
  readonly none: string;
  readonly before: string;
  readonly noPartition: string;
  readonly noReceipt: string;
  readonly noUnknown: string;
  readonly noMalformed: string;
  readonly noIgnored: string;
  readonly allReceipts: string;
  readonly share: string;
  readonly andMore: (rows: string) => string;
  readonly more: {
    readonly partitions: string;
    readonly recent: string;
    readonly unknown: string;
    readonly yaml: string;
    readonly codeless: (count: string, labels: string) => string;
    readonly malformed: string;
    readonly ignored: string;
  };
  /** The period that counts cover. */
  readonly span: (seconds: number) => string;
  readonly sinceStart: (seconds: number) => string;
  readonly ago: (seconds: number) => string;
  readonly map: {
    readonly hash: string;
    readonly codes: (codes: string, providers: string) => string;
    readonly read: string;
    readonly failed: string;
    readonly files: (files: string) => string;
  };
  readonly links: {
    readonly metrics: string;
    readonly ready: string;
    readonly healthy: string;
    readonly status: string;
    readonly manual: string;
    readonly reload: string;
  };
}

type Unit = "s" | "min" | "h" | "d";
type SizedUnit = readonly [Unit, number];
const secondUnit: SizedUnit = ["s", 1];
const units: readonly SizedUnit[] = [["d", 86_400], ["h", 3_600], ["min", 60], secondUnit];

/**
 * A duration in its largest unit and, unless it is a whole number of them, the next smaller one: `5 min 32 s`.
 *
 * @param seconds whole seconds
 * @param names of the units
 */
export function spanOf(seconds: number, names: Readonly<Record<Unit, string>>): string {
  const largest = units.findIndex(([, size]) => seconds >= size);
  const [head, next] = largest === -1 ? [secondUnit] : units.slice(largest);
  const [unit, size] = head ?? secondUnit;
  const whole = `${Math.floor(seconds / size)} ${names[unit]}`;
  const rest = next === undefined ? 0 : Math.floor((seconds % size) / next[1]);
  return next === undefined || rest === 0 ? whole : `${whole} ${rest} ${names[next[0]]}`;
}
