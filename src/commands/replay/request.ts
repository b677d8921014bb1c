import { mostSteps } from "../../bounds.ts";
import type { Settings, TargetSettings } from "../../config/schema.ts";
import type { Problem } from "../../diagnostics.ts";
import { type PartitionRange, parsePartitions } from "../../replay/partitions.ts";
import type { ReportFormat } from "../../replay/report/render.ts";
import { AddressError, endpointOf } from "../../replay/sinks/endpoint.ts";
import type { WrittenAs } from "../../replay/sinks/samples.ts";
import { spanFlag } from "../../replay/spans.ts";
import { parseDuration, parseMoment, type ReplayWindow } from "../../replay/window.ts";
import { type CommandFlag, UsageError } from "../command.ts";
import { version } from "../version.ts";

/** The flags of `replay` that are no settings. */
export const replayFlags: readonly CommandFlag[] = [
  {
    name: "from",
    value: "TIME",
    about: "The first moment: 2026-10-01, 2026-10-01T08:00:00+08:00, -3h, -30d",
  },
  { name: "to", value: "TIME", about: "The first moment that no longer counts; now and the above" },
  { name: "step", value: "SPAN", about: "The grain of the result; 1m by default" },
  { name: "by", value: "B", about: "event or record: whose time places a receipt; event by default" },
  {
    name: "slack",
    value: "SPAN",
    about: "Leave unread what was recorded later than so long after --to; by default nothing is",
  },
  {
    name: "report",
    value: "R",
    about: "table, json or csv on standard output; table when nothing else is asked",
  },
  { name: "openmetrics", value: "FILE", about: "Write OpenMetrics text to load; - is standard output" },
  {
    name: "remote-write",
    value: "URL",
    about: "Send to a Prometheus, Mimir or Thanos that takes remote write",
  },
  { name: "victoria", value: "URL", about: "Import into the VictoriaMetrics at this address" },
  { name: "as", value: "A", about: "counter or gauge: what the samples are; counter by default" },
  { name: "job", value: "JOB", about: "The label job of the samples; dlr-replay by default" },
  {
    name: "instance",
    value: "I",
    about: "The label instance of the samples; by default made of topics, window and map",
  },
  {
    name: "compare",
    value: "FILE",
    about: "The code map before --code-map: tell which receipts move between the two, in the report",
  },
  {
    name: "partitions",
    value: "P",
    about:
      "Read these partitions of each topic alone, such as 0-31,40; replay merge takes the state in --resume",
  },
  { name: "workers", value: "N", about: "Threads that share the partitions; 1 by default" },
  { name: "resume", value: "FILE", about: "Keep the state there, and go on from it when it is there" },
  {
    name: "timeout",
    value: "SPAN",
    about: "Give up when nothing comes, or nothing is taken, for so long; 10m",
  },
  { name: "group-prefix", value: "P", about: "The throw-away groups' names begin with it; dlr-replay-" },
  { name: "quiet", value: undefined, about: "No progress and no hints" },
];

/** What to do with the counts. */
export interface Sinks {
  readonly report: ReportFormat | undefined;
  readonly openmetrics: string | undefined;
  readonly remoteWrite: string | undefined;
  readonly victoria: string | undefined;
  readonly as: WrittenAs;
  readonly job: string;
  /** Undefined: made of what is replayed. */
  readonly instance: string | undefined;
}

/** What the flags of `replay` ask for. */
export interface ReplayArguments {
  readonly window: ReplayWindow;
  /** The flags that the window was made of, as they were given. */
  readonly asked: readonly unknown[];
  readonly sinks: Sinks;
  readonly compare: string | undefined;
  readonly workers: number;
  readonly resume: string | undefined;
  readonly timeoutMs: number;
  readonly groupPrefix: string;
  /** The partitions of each topic to read; undefined reads all. */
  readonly partitions: readonly PartitionRange[] | undefined;
}

export type Values = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Where a result goes, as flags have it. */
export type Destination = Pick<ReplayArguments, "sinks" | "timeoutMs">;

/**
 * Reads the flags. Times without zone, and whole steps, are those of the first topic's zone.
 *
 * @param now ms since the epoch
 * @throws UsageError that names the flag and what it takes
 */
export function readArguments(values: Values, settings: Settings, now: number): ReplayArguments {
  const text = textOf(values);
  const workers = text("workers") ?? "1";
  if (!/^\d{1,2}$/.test(workers) || Number(workers) < 1 || Number(workers) > 64) {
    throw new UsageError("--workers is a number from 1 to 64");
  }
  return {
    ...readDestination(values, settings.target, text("compare") !== undefined),
    window: readWindow(values, settings, now),
    asked: ["from", "to", "step", "by", "slack"].map((name) => text(name) ?? null),
    compare: text("compare"),
    workers: Number(workers),
    resume: text("resume"),
    groupPrefix: text("group-prefix") ?? "dlr-replay-",
    partitions: readPartitions(text("partitions"), text("resume")),
  };
}

/**
 * Reads the flags that say where a result goes.
 *
 * @param compared whether two maps are compared
 * @throws UsageError that names the flag and what it takes
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
      "--remote-write and --victoria are two servers, and both would get the login and the headers: replay to one after the other",
    );
  }
  const report = choice(text("report"), "report", ["table", "json", "csv"]);
  const others = [text("openmetrics"), text("remote-write"), text("victoria")];
  const printed = report !== undefined ? "--report" : compared ? "--compare" : undefined;
  if (printed !== undefined && text("openmetrics") === "-") {
    throw new UsageError(
      `${printed} and --openmetrics - both want standard output: give --openmetrics a file`,
    );
  }
  if (report === "csv" && compared) {
    throw new UsageError("--report csv and --compare are two tables: give --report json, or one of the two");
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

function textOf(values: Values): (name: string) => string | undefined {
  return (name) => {
    const value = values[name];
    return typeof value === "string" ? value : undefined;
  };
}

/** @param usual the span where the flag is not given */
function readSpan(values: Values, name: string, usual: string): number {
  const value = parseDuration(textOf(values)(name) ?? usual);
  // No slack at all is a wish like any other; a step or a timeout of nothing is none.
  if (value === undefined || (value === 0 && name !== "slack"))
    throw new UsageError(`--${name} is a span such as ${usual}`);
  return value;
}

function readPartitions(text: string | undefined, resume: string | undefined) {
  if (text === undefined) return undefined;
  const ranges = parsePartitions(text);
  if (ranges === undefined)
    throw new UsageError("--partitions is numbers and ranges, each partition once, such as 0-31,40");
  if (resume === undefined)
    throw new UsageError(
      "--partitions makes a part of a replay: give --resume FILE, whose state `replay merge` puts together with the others",
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
    const at = parseMoment(given, now, utcOffsetMinutes);
    if (at === undefined) {
      throw new UsageError(
        `--${name} ${given} is no time: give one such as 2026-10-01, 2026-10-01T08:00:00+08:00, -3h or now`,
      );
    }
    return Math.floor((at + shift) / step) * step - shift;
  };
  const from = moment("from");
  // Nothing has happened after the step that is running.
  const to = Math.min(moment("to"), Math.floor((now + shift) / step) * step - shift + step);
  if (from < 0) {
    throw new UsageError("--from is before 1970-01-01T00:00:00Z, where the timestamps of Kafka begin");
  }
  if (from > now) throw new UsageError("--from is in the future: nothing has happened there");
  if (to <= from) throw new UsageError("--from must be at least one step before --to");
  const steps = (to - from) / step;
  if (steps > mostSteps) {
    const longer = spanFlag(1_000 * Math.ceil((to - from) / mostSteps / 1_000));
    throw new UsageError(
      `--step ${text("step") ?? "1m"} makes ${steps.toLocaleString("en")} steps of this window, and at most ` +
        `${mostSteps.toLocaleString("en")} are counted: give one of at least ${longer}, or a shorter window`,
    );
  }
  const by = choice(text("by"), "by", ["event", "record"]) ?? "event";
  const slack = readSpan(values, "slack", "6h");
  // By its record's time a receipt can't be late.
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
    throw new UsageError(`--${name} is ${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}`);
  return found;
}

/** The passwords on the command line, where everybody on the machine sees them. */
export function passwordsInSight(values: Values): Problem[] {
  return ["remote-write", "victoria"].flatMap((name) => {
    const address = values[name];
    if (typeof address !== "string" || !URL.parse(address)?.password) return [];
    return {
      file: `--${name}`,
      line: 0,
      column: 0,
      message: "everybody on this machine may read a password on a command line",
      hint: "Give the user with --username, and the password in DLR_TARGET_PASSWORD or by --password-file.",
    };
  });
}
