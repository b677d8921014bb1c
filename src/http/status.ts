/**
 * The exporter's state, as shown by `GET /` to people and by `GET /-/status` to programs, member by member. Members
 * may be added, but are never renamed or removed. Times are RFC 3339 in UTC. {@link mostRows} limits the lists, and
 * {@link Status.more} says how many rows were left out of each.
 */
export interface Status {
  readonly version: string;
  /** The time of this status, and when the process started. */
  readonly now: string;
  readonly started: string;
  /** As in `/-/ready`. */
  readonly ready: boolean;
  /** One sentence on why it is not ready; null when it is. */
  readonly obstacle: string | null;
  /** Problems that no restart would fix: one sentence each. */
  readonly remarks: readonly string[];
  /** The consumer group. */
  readonly group: string;
  readonly lag: LagStatus;
  /** The newest event time counted; null before the first. */
  readonly newest_event: string | null;
  /** The configured topics, in their order. */
  readonly topics: readonly TopicStatus[];
  /** The partitions that this instance owns: those that are not read first, then the largest lag first. */
  readonly partitions: readonly PartitionStatus[];
  /** Recent counts, the shortest period first. */
  readonly recent: readonly RecentStatus[];
  /** Codes that the map does not list, the most recent first. */
  readonly unknown_codes: readonly UnknownCodeStatus[];
  /**
   * Receipts of category `unknown` that have no code to show, by label: `_none` for no code, `_redacted` for one that
   * looks like a number or an id, `_other` for one beyond the limit.
   */
  readonly unknown_without_code: Readonly<Record<string, number>>;
  /** Malformed records: most in the last hour first. */
  readonly malformed: readonly MalformedStatus[];
  /** Records that are not meant to be receipts: most in the last hour first. */
  readonly ignored: readonly IgnoredStatus[];
  readonly code_map: CodeMapStatus;
  /** How many rows were left out of each list. */
  readonly more: Readonly<Record<Exclude<keyof typeof mostRows, "suggestions" | "said_by">, number>>;
}

/** How far this instance's partitions are behind. */
export interface LagStatus {
  /** Offsets between the committed offset and the end of the log, summed over partitions where both are known. */
  readonly records: number;
  /** How many partitions this instance owns. */
  readonly partitions: number;
  /** How many of them have an unknown lag. */
  readonly unknown: number;
}

export interface TopicStatus {
  readonly topic: string;
  readonly provider: string;
  /** Number of partitions, 0 when the topic does not exist; null while that is not known. */
  readonly partitions: number | null;
  /** How many of them this instance owns. */
  readonly owned: number;
  /** How many of them no member of the group owns; null while that is not known. */
  readonly unowned: number | null;
  /** Of the owned partitions with a known lag; null when there are none. */
  readonly lag: number | null;
  /** One sentence on why the topic can't be read; null when it can. */
  readonly waits: string | null;
}

export interface PartitionStatus {
  readonly topic: string;
  readonly partition: number;
  /** The offset of the next record to count, as committed; null until its counts are loaded. */
  readonly committed_offset: number | null;
  /** Null if the log's end is not known. */
  readonly lag: number | null;
  readonly newest_event: string | null;
  /** Why it is not read: the words after "partition 3 of topic x "; null while it is. */
  readonly waits: string | null;
}

/** What was counted and committed in the current minute and the `minutes` before it. */
export interface RecentStatus {
  readonly minutes: number;
  /** The length of that period: less than `minutes` if the process started later. */
  readonly seconds: number;
  readonly receipts: number;
  readonly delivered: number;
  readonly failed: number;
  /** Delivered / (delivered + failed), 0 to 1; null when there is neither. */
  readonly delivered_share: number | null;
  /** Most first. */
  readonly categories: readonly CategoryStatus[];
  /** Malformed records, and records that are not meant to be receipts. */
  readonly malformed: number;
  readonly ignored: number;
}

export interface CategoryStatus {
  readonly category: string;
  readonly name: { readonly en: string; readonly zh: string };
  readonly outcome: string;
  readonly count: number;
}

export interface UnknownCodeStatus {
  readonly provider: string;
  readonly scope: string;
  readonly code: string;
  /** How many receipts of this instance's partitions have it. */
  readonly count: number;
  /** How many came since the process started. */
  readonly since_start: number;
  /** Null if it was counted before the process started, or by another instance. */
  readonly first_seen: string | null;
  /** Null if it has not come since the process started. */
  readonly last_seen: string | null;
  /**
   * How far other tables agree on the code, as in `codes unknown --output json`: `agreed`, `single`, `contradicted`,
   * `hint`, or `none` if no table has a similar code. It has no effect on the counts.
   */
  readonly agreement: string;
  /** The one with the most sources first. */
  readonly suggestions: readonly SuggestionStatus[];
  /** How many suggestions were left out. */
  readonly more_suggestions: number;
  /**
   * A map with this code, to use as a layer once someone has reviewed it; commented out if it would be a guess. Null
   * if there is no suggestion, or the code can't be listed in a file.
   */
  readonly yaml: string | null;
}

/** A verdict, and its sources. */
export interface SuggestionStatus {
  readonly category: string;
  readonly name: { readonly en: string; readonly zh: string };
  readonly outcome: string;
  /** The number of independent sources. */
  readonly sources: number;
  readonly said_by: readonly SourceStatus[];
  /** How many of its sources were left out. */
  readonly more: number;
}

/** The reading of one table. */
export interface SourceStatus {
  /** How closely related the table is: `contested`, `other_scope`, `carrier`, `other_provider` or `near_miss`. */
  readonly kind: string;
  readonly provider: string;
  readonly scope: string;
  /** As the table spells it. */
  readonly code: string;
  readonly title: string;
  readonly edition: string;
  /** `high`, `medium` or `low`. */
  readonly confidence: string;
  /** False for weak evidence, such as a near miss. */
  readonly weighs: boolean;
  readonly description: { readonly zh: string; readonly en: string };
}

export interface MalformedStatus {
  readonly topic: string;
  readonly reason: string;
  readonly count: number;
  readonly last_hour: number;
  /** Shows where they are and what they look like. */
  readonly command: string;
}

export interface IgnoredStatus {
  readonly kind: string;
  readonly count: number;
  readonly last_hour: number;
}

export interface CodeMapStatus {
  readonly hash: string;
  readonly providers: number;
  /** Number of listed codes, counted per provider and scope. */
  readonly codes: number;
  /** When it was last read successfully, and whether the last attempt succeeded. */
  readonly read: string;
  readonly last_reload_successful: boolean;
  /** Its files in order: later ones take precedence. */
  readonly files: readonly CodeMapFileStatus[];
}

export interface CodeMapFileStatus {
  readonly file: string;
  /** 12 hex digits of its SHA-256. */
  readonly digest: string;
  /** Number of listed codes, including those that a later file overrides. */
  readonly codes: number;
}

/** Row limits of the lists: as much as anyone would scroll through, and as can be built in a millisecond. */
export const mostRows = {
  remarks: 20,
  topics: 50,
  partitions: 100,
  categories: 50,
  unknown_codes: 20,
  suggestions: 3,
  said_by: 3,
  malformed: 30,
  ignored: 20,
  files: 100,
} as const;
