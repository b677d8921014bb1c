import { didYouMean } from "../../diagnostics.ts";
import { ignoredKinds, malformedReasons, type Unread } from "../../receipts/receipt.ts";
import { type CommandFlag, UsageError } from "../command.ts";
import { readMoment, readSpan, refuseBeginning, textOf, type Values } from "../history-flags.ts";
import { explainFlag, stretchFlags, timeoutFlag } from "../search/flags.ts";

/** More than anyone reads; the shapes are kept in memory until the end. */
const mostSamples = 1_000;

/** The flags of `sample`, without those of settings. */
export const sampleFlags: readonly CommandFlag[] = [
  { name: "malformed", value: "N", about: "Stop after N records that can't be read; 5 by default" },
  {
    name: "reason",
    value: "R",
    about: "Only records with this malformed reason, or ignored records of this kind",
  },
  ...stretchFlags,
  explainFlag,
  { name: "output", value: "O", about: "table or json; table by default" },
  timeoutFlag,
];

/** Which records to find; times are those of the records, in ms since the epoch. */
export interface Wanted {
  /** How many. */
  readonly count: number;
  /** Undefined: any malformed record. */
  readonly reason: Unread | undefined;
  readonly from: number;
  /** The end of the period, exclusive; undefined: up to the log's end. */
  readonly to: number | undefined;
}

/** The parsed flags of `sample`. */
export interface SampleRequest {
  readonly wanted: Wanted;
  readonly isExplained: boolean;
  readonly output: "table" | "json";
  readonly timeoutMs: number;
}

/**
 * Parses the flags.
 *
 * @param utcOffsetMinutes the time zone of times without one
 * @param now ms since the epoch
 * @throws UsageError that names the flag and its valid values
 */
export function readRequest(
  values: Values,
  switches: ReadonlySet<string>,
  utcOffsetMinutes: number,
  now: number,
): SampleRequest {
  const text = textOf(values);
  const count = text("malformed") ?? "5";
  if (!/^[1-9]\d{0,3}$/.test(count) || Number(count) > mostSamples)
    throw new UsageError("--malformed must be a number from 1 to 1000");
  const output = text("output") ?? "table";
  if (output !== "table" && output !== "json") throw new UsageError("--output must be table or json");
  const isExplained = switches.has("explain");
  if (isExplained && output === "json")
    throw new UsageError("--explain can't be combined with --output json");
  const moment = (name: string, given: string) => readMoment(name, given, now, utcOffsetMinutes);
  const from = moment("from", text("from") ?? "-1d");
  refuseBeginning(from, now);
  const given = text("to");
  const to = given === undefined ? undefined : moment("to", given);
  if (to !== undefined && to <= from) throw new UsageError("--from must be before --to");
  return {
    wanted: { count: Number(count), reason: readReason(text("reason")), from, to },
    isExplained,
    output,
    timeoutMs: readSpan(values, "timeout", "1m"),
  };
}

function readReason(given: string | undefined): Unread | undefined {
  if (given === undefined) return undefined;
  const known: readonly Unread[] = [...malformedReasons, ...ignoredKinds];
  const found = known.find((one) => one === given);
  if (found !== undefined) return found;
  const meant = didYouMean(given, known);
  const instead =
    meant === undefined
      ? `: the reasons are ${malformedReasons.join(", ")}; the kinds of ignored records ${ignoredKinds.join(", ")}`
      : `; did you mean ${meant}?`;
  throw new UsageError(`unknown reason ${given}${instead}`);
}
