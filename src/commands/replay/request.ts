import { mostSteps } from "../../bounds.ts";
import type { Settings, TargetSettings } from "../../config/schema.ts";
import type { Problem } from "../../diagnostics.ts";
import { type PartitionRange, parsePartitions } from "../../replay/partitions.ts";
import type { ReportFormat } from "../../replay/report/render.ts";
import { AddressError, endpointOf } from "../../replay/sinks/endpoint.ts";
import type { WrittenAs } from "../../replay/sinks/samples.ts";
import { grouped, spanFlag } from "../../replay/spans.ts";
import type { ReplayWindow } from "../../replay/window.ts";
import { type CommandFlag, UsageError } from "../command.ts";
import { readMoment, readSpan, refuseBeginning, textOf, type Values } from "../history-flags.ts";
import { version } from "../version.ts";

/** The flags of `replay`, without those of settings. */
export const replayFlags: readonly CommandFlag[] = [
  {
    name: "from",
    value: "TIME",
    about: "Start of the window: 2026-10-01, 2026-10-01T08:00:00+08:00, -3h, -30d",
  },
  { name: "to", value: "TIME", about: "End of the window, exclusive: now, or a time as for --from" },
  { name: "step", value: "SPAN", about: "Resolution of the result; 1m by default" },
  { name: "by", value: "B", about: "event or record: which time places a receipt; event by default" },
  {
    name: "slack",
    value: "SPAN",
    about: "Skip records written more than this long after --to; by default none is skipped",
  },
  {
    name: "report",
    value: "R",
    about: "Print table, json or csv to standard output; table if there is no other output",
  },
  { name: "openmetrics", value: "FILE", about: "Write OpenMetrics text to this file; - is standard output" },
  {
    name: "remote-write",
    value: "URL",
    about: "Send to the Prometheus, Mimir or Thanos at this address by remote write",
  },
  { name: "victoria", value: "URL", about: "Import into the VictoriaMetrics at this address" },
  { name: "as", value: "A", about: "counter or gauge: type of the samples; counter by default" },
  { name: "job", value: "JOB", about: "The job label of the samples; dlr-replay by default" },
  {
    name: "instance",
    value: "I",
    about: "The instance label of the samples; by default derived from topics, window and map",
  },
  {
    name: "compare",
    value: "FILE",
    about: "Old code map, layers after commas: report which receipts the two maps count differently",
  },
  {
    name: "partitions",
    value: "P",
    about: "Read only these partitions of each topic, such as 0-31,40; needs --resume (for replay merge)",
  },
  { name: "workers", value: "N", about: "Threads that share the partitions; 1 by default" },
  { name: "resume", value: "FILE", about: "Keep the state in this file, and continue from it if it exists" },
  {
    name: "timeout",
    value: "SPAN",
    about: "Give up if Kafka sends, or a target accepts, nothing for this long; 10m by default",
  },
  { name: "quiet", value: undefined, about: "Print no progress and no hints" },
];

/** What to do with the counts. */
export interface Sinks {
  readonly report: ReportFormat | undefined;
  readonly openmetrics: string | undefined;
  readonly remoteWrite: string | undefined;
  readonly victoria: string | undefined;
  readonly as: WrittenAs;
  readonly job: string;
  /** Undefined: derived from what is replayed. */
  readonly instance: string | undefined;
}

/** The parsed flags of `replay`. */
export interface ReplayArguments {
  readonly window: ReplayWindow;
  /** The flags that define the window, as given. */
  readonly asked: readonly unknown[];
  readonly sinks: Sinks;
  readonly compare: string | undefined;
  readonly workers: number;
  readonly resume: string | undefined;
  readonly timeoutMs: number;
  /** The partitions of each topic to read; undefined reads all. */
  readonly partitions: readonly PartitionRange[] | undefined;
}

/** Where a result goes, from the flags. */
export type Destination = Pick<ReplayArguments, "sinks" | "timeoutMs">;

/**
 * Parses the flags. Times without a zone, and whole steps, are in the first topic's time zone.
 *
 * @param now ms since the epoch
 * @throws UsageError that names the flag and its valid values
 */
export function readArguments(values: Values, settings: Settings, now: number): ReplayArguments {
  const text = textOf(values);
  const workers = text("workers") ?? "1";
  if (!/^\d{1,2}$/.test(workers) || Number(workers) < 1 || Number(workers) > 64) {
    throw new UsageError("--workers must be a number from 1 to 64");
  }
  return {
    ...readDestination(values, settings.target, text("compare") !== undefined),
    window: readWindow(values, settings, now),
    asked: ["from", "to", "step", "by", "slack"].map((name) => text(name) ?? null),
    compare: text("compare"),
    workers: Number(workers),
    resume: text("resume"),
    partitions: readPartitions(text("partitions"), text("resume")),
  };
}

/**
 * Parses the flags for the sinks.
 *
 * @param compared whether two maps are compared
 * @throws UsageError that names the flag and its valid values
 */
export function readDestination(values: Values, target: TargetSettings, compared: boolean): Destination {
  const text = textOf(values);
  const address = (name: string): string | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    try {
      endpointOf(value, version, target);
      return value;
    } catch (error) {
      throw error instanceof AddressError ? new UsageError(`--${name} ${error.message}`) : error;
    }
  };
  const [remoteWrite, victoria] = [address("remote-write"), address("victoria")];
  const origins = [remoteWrite, victoria].flatMap((url) => URL.parse(url ?? "")?.origin ?? []);
  if (new Set(origins).size > 1 && Object.keys(target.headers).length > 0) {
    throw new UsageError(
      "--remote-write and --victoria are different servers, but both would get the same credentials and headers: replay to one at a time",
    );
  }
  const report = choice(text("report"), "report", ["table", "json", "csv"]);
  const others = [text("openmetrics"), text("remote-write"), text("victoria")];
  const printed = report !== undefined ? "--report" : compared ? "--compare" : undefined;
  if (printed !== undefined && text("openmetrics") === "-") {
    throw new UsageError(
      `${printed} and --openmetrics - both write to standard output: give --openmetrics a file`,
    );
  }
  if (report === "csv" && compared) {
    throw new UsageError("--report csv can't include --compare: use --report json, or only one of them");
  }
  const nothingElse = !compared && others.every((other) => other === undefined);
  return {
    sinks: {
      report: report ?? (nothingElse ? "table" : undefined),
      openmetrics: text("openmetrics"),
      remoteWrite,
      victoria,
      as: choice(text("as"), "as", ["counter", "gauge"]) ?? "counter",
      job: text("job") ?? "dlr-replay",
      instance: text("instance"),
    },
    timeoutMs: readSpan(values, "timeout", "10m"),
  };
}

function readPartitions(text: string | undefined, resume: string | undefined) {
  if (text === undefined) return undefined;
  const ranges = parsePartitions(text);
  if (ranges === undefined)
    throw new UsageError("--partitions takes numbers and ranges, each partition once, such as 0-31,40");
  if (resume === undefined)
    throw new UsageError(
      "--partitions needs --resume FILE: `replay merge` combines the state in it with the others",
    );
  return ranges;
}

function readWindow(values: Values, settings: Settings, now: number): ReplayWindow {
  const text = textOf(values);
  const utcOffsetMinutes = settings.topics[0]?.shape.utcOffsetMinutes ?? 0;
  const step = readSpan(values, "step", "1m");
  const shift = utcOffsetMinutes * 60_000;
  const moment = (name: string): number => {
    const given = text(name);
    if (given === undefined)
      throw new UsageError(`--${name} is missing: the window's ${name === "from" ? "start" : "end"}`);
    return Math.floor((readMoment(name, given, now, utcOffsetMinutes) + shift) / step) * step - shift;
  };
  const from = moment("from");
  // Nothing is later than the current step.
  const to = Math.min(moment("to"), Math.floor((now + shift) / step) * step - shift + step);
  refuseBeginning(from, now);
  if (to <= from) throw new UsageError("--from must be at least one step before --to");
  const steps = (to - from) / step;
  if (steps > mostSteps) {
    const longer = spanFlag(1_000 * Math.ceil((to - from) / mostSteps / 1_000));
    throw new UsageError(
      `--step ${text("step") ?? "1m"} divides this window into ${grouped(steps)} steps, but at most ` +
        `${grouped(mostSteps)} are supported: use a step of at least ${longer}, or a shorter window`,
    );
  }
  const by = choice(text("by"), "by", ["event", "record"]) ?? "event";
  const slack = readSpan(values, "slack", "6h");
  // With record times there are no late receipts.
  const own = by === "record" ? 0 : slack;
  return { from, to, step, by, slack: text("slack") === undefined ? undefined : own };
}

function choice<T extends string>(
  value: string | undefined,
  name: string,
  choices: readonly T[],
): T | undefined {
  if (value === undefined) return undefined;
  const found = choices.find((candidate) => candidate === value);
  if (found === undefined)
    throw new UsageError(`--${name} must be ${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}`);
  return found;
}

/** The flags whose values are addresses, which may contain a login. */
const addresses = ["remote-write", "victoria", "exporter", "prometheus"];

/** Passwords on the command line, where every user of the machine can see them. */
export function passwordsInSight(values: Values): Problem[] {
  return addresses.flatMap((name) => {
    const address = values[name];
    if (typeof address !== "string" || !URL.parse(address)?.password) return [];
    return {
      file: `--${name}`,
      line: 0,
      column: 0,
      message: "passwords on the command line can be read by everybody on this machine",
      hint: "Use --username, with the password in DLR_TARGET_PASSWORD or --password-file.",
    };
  });
}
