import type { CodeMap } from "../../codes/code-map.ts";
import { normaliseCode } from "../../codes/normalise.ts";
import { channels, outcomes } from "../../codes/verdict.ts";
import type { TopicSettings } from "../../config/schema.ts";
import { didYouMean } from "../../diagnostics.ts";
import { otherCode } from "../../ledger/cells.ts";
import { readCode, redacted } from "../../masking.ts";
import { ignoredKinds, malformedReasons, type Unread } from "../../receipts/receipt.ts";
import { type CommandFlag, UsageError } from "../command.ts";
import { readMoment, readSpan, refuseBeginning, textOf, type Values } from "../history-flags.ts";
import { explainFlag, stretchFlags, timeoutFlag } from "../search/flags.ts";

/** More than anyone reads; matches are kept in memory until the end. */
const mostFound = 10_000;

/** The flags of `find`, without those of settings. */
export const findFlags: readonly CommandFlag[] = [
  {
    name: "code",
    value: "C",
    about: "Receipts with this code, in any spelling that the map accepts",
    list: true,
  },
  { name: "category", value: "C", about: "Receipts of this category", list: true },
  { name: "outcome", value: "O", about: "Receipts with this outcome", list: true },
  { name: "channel", value: "C", about: "Receipts of this channel: sms, voice or unknown", list: true },
  {
    name: "provider",
    value: "P",
    about: "Receipts of this provider; for the topic's setting use the file or DLR_PROVIDER",
    list: true,
  },
  {
    name: "scope",
    value: "S",
    about: "Receipts of this scope; for the topic's setting use the file or DLR_SCOPE",
    list: true,
  },
  { name: "malformed", value: "REASON", about: "Records that can't be read for this reason", list: true },
  {
    name: "ignored",
    value: "KIND",
    about: "Ignored records of this kind",
    list: true,
  },
  ...stretchFlags,
  { name: "limit", value: "N", about: "Stop after N matches; 20 by default" },
  {
    name: "show",
    value: undefined,
    about: "Print the record too, with everything masked that may identify a person or a message",
  },
  explainFlag,
  { name: "output", value: "O", about: "table, or json (one object per line); table by default" },
  timeoutFlag,
];

/** What to find; times are those of the records, in ms since the epoch. */
export interface WantedRecords {
  readonly from: number;
  /** The end of the period, exclusive; undefined: up to the log's end. */
  readonly to: number | undefined;
  readonly limit: number;
  /** Which receipts; undefined to find records without one. */
  readonly receipts: WantedReceipts | undefined;
  /** Why the records have no receipt. */
  readonly unread: ReadonlySet<Unread>;
}

/** An empty set matches all. */
export interface WantedReceipts {
  readonly codes: ReadonlySet<string>;
  readonly categories: ReadonlySet<string>;
  readonly outcomes: ReadonlySet<string>;
  readonly channels: ReadonlySet<string>;
  readonly providers: ReadonlySet<string>;
  readonly scopes: ReadonlySet<string>;
}

/** The parsed flags of `find`. */
export interface FindRequest {
  readonly wanted: WantedRecords;
  readonly isShown: boolean;
  readonly isExplained: boolean;
  readonly output: "table" | "json";
  readonly timeoutMs: number;
}

/** What the flags are checked against. */
export interface FindSurroundings {
  readonly map: CodeMap;
  readonly topics: readonly TopicSettings[];
  /** In ms since the epoch. */
  readonly now: number;
}

/**
 * Parses the flags. Times without a zone are in the first topic's time zone.
 *
 * @throws UsageError that names the flag and its valid values
 */
export function readFindRequest(
  values: Values,
  switches: ReadonlySet<string>,
  { map, topics, now }: FindSurroundings,
): FindRequest {
  const text = textOf(values);
  const output = text("output") ?? "table";
  if (output !== "table" && output !== "json") throw new UsageError("--output must be table or json");
  const [isShown, isExplained] = [switches.has("show"), switches.has("explain")];
  if (isExplained && output === "json")
    throw new UsageError("--explain can't be combined with --output json");
  const limit = text("limit") ?? "20";
  if (!/^[1-9]\d{0,4}$/.test(limit) || Number(limit) > mostFound)
    throw new UsageError(`--limit must be a number from 1 to ${mostFound}`);
  const utcOffsetMinutes = topics[0]?.shape.utcOffsetMinutes ?? 0;
  const moment = (name: string, given: string) => readMoment(name, given, now, utcOffsetMinutes);
  const from = moment("from", text("from") ?? "-1d");
  refuseBeginning(from, now);
  const given = text("to");
  const to = given === undefined ? undefined : moment("to", given);
  if (to !== undefined && to <= from) throw new UsageError("--from must be before --to");
  return {
    wanted: { from, to, limit: Number(limit), ...readWanted(values, map, topics) },
    isShown,
    isExplained,
    output,
    timeoutMs: readSpan(values, "timeout", "1m"),
  };
}

function readWanted(
  values: Values,
  map: CodeMap,
  topics: readonly TopicSettings[],
): Pick<WantedRecords, "receipts" | "unread"> {
  const unread = new Set<Unread>([
    ...readWords(values, "malformed", "malformed reason", malformedReasons),
    ...readWords(values, "ignored", "kind of ignored records", ignoredKinds),
  ]);
  const providers = [...map.providers(), ...topics.flatMap(({ provider }) => provider ?? [])];
  const receipts = {
    codes: new Set(listOf(values, "code").map(readAskedCode)),
    categories: new Set(readWords(values, "category", "category", [...map.categories.keys()])),
    outcomes: new Set(readWords(values, "outcome", "outcome", outcomes)),
    channels: new Set(readWords(values, "channel", "channel", channels)),
    providers: new Set(readWords(values, "provider", "provider", providers)),
    scopes: new Set(readWords(values, "scope", "scope", scopesIn(map, topics))),
  };
  if (unread.size === 0) return { receipts, unread };
  if (Object.values(receipts).some(({ size }) => size > 0)) {
    throw new UsageError(
      "--malformed and --ignored find records without receipts, which have no code, category, outcome, channel, provider or scope: search for one or the other",
    );
  }
  return { receipts: undefined, unread };
}

function scopesIn(map: CodeMap, topics: readonly TopicSettings[]): string[] {
  const own = topics.flatMap(({ shape }) => [
    ...(shape.scope === undefined ? [] : [shape.scope]),
    ...shape.formats.flatMap(({ descriptions }) =>
      descriptions.flatMap(({ codes }) => codes.map(({ scope }) => scope)),
    ),
  ]);
  return [...new Set([...map.providers().flatMap((provider) => map.scopes(provider)), ...own])];
}

function listOf(values: Values, name: string): readonly string[] {
  const value = values[name];
  return typeof value === "string" ? [value] : (value ?? []);
}

/** @throws UsageError for an unknown word */
function readWords<T extends string>(
  values: Values,
  name: string,
  what: string,
  known: readonly T[],
): readonly T[] {
  return listOf(values, name).map((given) => {
    const found = known.find((one) => one === given);
    if (found !== undefined) return found;
    const meant = didYouMean(given, known);
    const instead = meant === undefined ? `; use one of ${known.join(", ")}` : `; did you mean ${meant}?`;
    throw new UsageError(`unknown ${what} ${given}${instead}`);
  });
}

/** A code as its comparison key; see {@link normaliseCode}. */
function readAskedCode(given: string): string {
  const code = readCode(given);
  if (code === redacted && given !== redacted) {
    throw new UsageError(
      `--code ${given} may be a phone number or a message id, which counts as ${redacted}: search for that`,
    );
  }
  if (code === otherCode) {
    throw new UsageError(
      `--code ${otherCode} stands for codes without a series of their own, so no receipt has it: use --category instead`,
    );
  }
  return normaliseCode(code);
}
