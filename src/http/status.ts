/**
 * How an exporter stands: what `GET /` shows to people and `GET /-/status` gives to programs, member by member. Members
 * may be added; none is renamed or taken away. Times are RFC 3339 in UTC. Lists hold at most so many rows as
 * {@link mostRows} says, and {@link Status.more} how many were left out of each.
 */
export interface Status {
  readonly version: string;
  /** When this was so, and when the process began. */
  readonly now: string;
  readonly started: string;
  /** As `/-/ready` says. */
  readonly ready: boolean;
  /** One sentence on why it is not ready; null when it is. */
  readonly obstacle: string | null;
  /** What no restart would mend: one sentence each. */
  readonly remarks: readonly string[];
  /** The consumer group. */
  readonly group: string;
  readonly lag: LagStatus;
  /** The newest event time counted; null before the first. */
  readonly newest_event: string | null;
  /** The configured topics, in their order. */
  readonly topics: readonly TopicStatus[];
  /** The partitions that this instance owns: those that wait first, then by lag, the largest first. */
  readonly partitions: readonly PartitionStatus[];
  /** What was counted of late, the shortest span first. */
  readonly recent: readonly RecentStatus[];
  /** Codes that the map in use does not list: those that came up last first. */
  readonly unknown_codes: readonly UnknownCodeStatus[];
  /**
   * Receipts of category `unknown` of which no code is shown, by label: `_none` had none, `_redacted` had one that looks
   * like a number or an id, `_other` had one too many.
   */
  readonly unknown_without_code: Readonly<Record<string, number>>;
  /** Records that could not be read: most of the last hour first. */
  readonly malformed: readonly MalformedStatus[];
  /** Records that are no receipts by intent: most of the last hour first. */
  readonly ignored: readonly IgnoredStatus[];
  readonly code_map: CodeMapStatus;
  /** How many rows were left out of each list. */
  readonly more: Readonly<Record<Exclude<keyof typeof mostRows, "suggestions" | "said_by">, number>>;
}

/** How far the partitions of this instance are behind. */
export interface LagStatus {
  /** Offsets between the committed ones and the logs' ends, of the partitions of which that is known. */
  readonly records: number;
  /** How many partitions this instance owns. */
  readonly partitions: number;
  /** Of how many of them the lag is not known. */
  readonly unknown: number;
}

export interface TopicStatus {
  readonly topic: string;
  readonly provider: string;
  /** How many partitions it has, 0 when it does not exist; null while that is not known. */
  readonly partitions: number | null;
  /** How many of them this instance owns. */
  readonly owned: number;
  /** How many of them no member of the group owns; null while that is not known. */
  readonly unowned: number | null;
  /** Of the owned partitions of which it is known; null when of none. */
  readonly lag: number | null;
  /** One sentence on why nothing of it can be read; null when it can. */
  readonly waits: string | null;
}

export interface PartitionStatus {
  readonly topic: string;
  readonly partition: number;
  /** The offset of the next record to count, as committed; null before its counts are loaded. */
  readonly committed_offset: number | null;
  /** Null where the log's end is not known. */
  readonly lag: number | null;
  readonly newest_event: string | null;
  /** Why it is not read, as what follows "partition 3 of topic x "; null while it is. */
  readonly waits: string | null;
}

/** What was counted and committed in the running minute and in `minutes` before it. */
export interface RecentStatus {
  readonly minutes: number;
  /** How long that is: less than `minutes` where the process began later. */
  readonly seconds: number;
  readonly receipts: number;
  readonly delivered: number;
  readonly failed: number;
  /** Delivered of delivered and failed, 0 to 1; null when there is neither. */
  readonly delivered_share: number | null;
  /** Most first. */
  readonly categories: readonly CategoryStatus[];
  /** How many records could not be read, and how many were no receipts by intent. */
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
  /** How many came since the process began. */
  readonly since_start: number;
  /** Null where it was counted before the process began, or by another instance. */
  readonly first_seen: string | null;
  /** Null where it has not come since the process began. */
  readonly last_seen: string | null;
  /**
   * How far what other tables say of it agrees, as `codes unknown --output json` has it: `agreed`, `single`,
   * `contradicted`, `hint`, or `none`, where no table has a similar code. Nothing is counted by what they say.
   */
  readonly agreement: string;
  /** That of the most sources first. */
  readonly suggestions: readonly SuggestionStatus[];
  /** How many suggestions were left out. */
  readonly more_suggestions: number;
  /**
   * A map of this code to lie over the map in use, once a person has looked at it: in comments where it would be a guess.
   * Null where nothing is suggested, or no file can list the code.
   */
  readonly yaml: string | null;
}

/** A verdict, and who says so. */
export interface SuggestionStatus {
  readonly category: string;
  readonly name: { readonly en: string; readonly zh: string };
  readonly outcome: string;
  /** How many sources say so independently. */
  readonly sources: number;
  readonly said_by: readonly SourceStatus[];
  /** How many of those that say so were left out. */
  readonly more: number;
}

/** What one table says. */
export interface SourceStatus {
  /** How near the table is: `contested`, `other_scope`, `carrier`, `other_provider` or `near_miss`. */
  readonly kind: string;
  readonly provider: string;
  readonly scope: string;
  /** As the table spells it. */
  readonly code: string;
  readonly title: string;
  readonly edition: string;
  /** `high`, `medium` or `low`. */
  readonly confidence: string;
  /** False where it says little, as a near miss does. */
  readonly weighs: boolean;
  readonly description: { readonly zh: string; readonly en: string };
}

export interface MalformedStatus {
  readonly topic: string;
  readonly reason: string;
  readonly count: number;
  readonly last_hour: number;
  /** Shows where they lie and what they look like. */
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
  /** How many codes it lists, each provider's and scope's counted for itself. */
  readonly codes: number;
  /** When it was read last and found good, and whether the last reading succeeded. */
  readonly read: string;
  readonly last_reload_successful: boolean;
  /** Its files in their order: a later one wins. */
  readonly files: readonly CodeMapFileStatus[];
}

export interface CodeMapFileStatus {
  readonly file: string;
  /** 12 hex digits of its SHA-256. */
  readonly digest: string;
  /** How many codes it lists, those included that a later file overrides. */
  readonly codes: number;
}

/** How many rows a list has at most: what nobody would scroll through, and what is made in a millisecond. */
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
