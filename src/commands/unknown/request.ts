import { settingFlags, targetFlags } from "../../config/fields.ts";
import type { Settings } from "../../config/schema.ts";
import { AddressError, endpointOf } from "../../replay/sinks/endpoint.ts";
import { type CommandFlag, UsageError } from "../command.ts";
import { historySettings, readSpan, textOf, type Values } from "../history-flags.ts";
import { type ReplayArguments, readArguments, replayFlags } from "../replay/request.ts";
import { version } from "../version.ts";

/** More than any provider has; with more codes than this the input is not a provider's. */
export const mostUnknown = 100_000;

/** The flags of `replay` that make sense here. */
const ofReplay = ["to", "by", "slack", "workers", "timeout"];

/** The flags of `codes unknown`, without those of settings. */
export const unknownFlags: readonly CommandFlag[] = [
  {
    name: "input",
    value: "FILE",
    about: "With unknown: read this file of records, one per line; - is standard input",
  },
  {
    name: "exporter",
    value: "URL",
    about: "With unknown: ask a running exporter, such as http://localhost:9464",
  },
  {
    name: "prometheus",
    value: "URL",
    about: "With unknown: ask a Prometheus, such as http://localhost:9090",
  },
  { name: "since", value: "SPAN", about: "With --prometheus: how far back; 7d by default" },
  { name: "from", value: "TIME", about: "With unknown: read the topics from this time on, as replay does" },
  ...replayFlags
    .filter(({ name }) => ofReplay.includes(name))
    .map((flag) => (flag.name === "to" ? { ...flag, about: "With --from: the end; now by default" } : flag)),
  { name: "patch", value: "FILE", about: "Add the suggestions you choose to this code map of your own" },
  {
    name: "accept",
    value: "A",
    about: "high: choose what independent sources agree on, without asking",
  },
];

/** The settings flags of `codes unknown`: those for history, and for connecting to a server. */
export const unknownSettings: readonly CommandFlag[] = [
  ...historySettings,
  ...targetFlags,
  ...settingFlags.filter(({ name }) => name === "port"),
];

/** Where the receipts come from. */
export type Source =
  | { readonly kind: "file"; readonly input: string }
  | { readonly kind: "exporter"; readonly address: string }
  /** `since`: the length of the period, in ms. */
  | { readonly kind: "prometheus"; readonly address: string; readonly since: number }
  | { readonly kind: "history"; readonly asked: ReplayArguments };

/** The parsed flags of `codes unknown`. */
export interface UnknownRequest {
  readonly source: Source;
  /** The start of the period, as in `replay --from`. */
  readonly since: string;
  /** The user's own map; undefined only reports. */
  readonly patch: string | undefined;
  readonly accepted: "high" | undefined;
}

const sources = ["input", "exporter", "prometheus", "from"] as const;

/** Flags that require another flag. */
const companions: Readonly<Record<string, string>> = {
  since: "prometheus",
  accept: "patch",
  ...Object.fromEntries(ofReplay.map((name) => [name, "from"])),
};

/**
 * Parses the flags.
 *
 * @param now ms since the epoch
 * @throws UsageError that names the flag and its valid values
 */
export function readUnknown(values: Values, settings: Settings, now: number): UnknownRequest {
  const text = textOf(values);
  const accepted = text("accept");
  if (accepted !== undefined && accepted !== "high") throw new UsageError("--accept must be high");
  const source = readSource(values, settings, now);
  const since = source.kind === "prometheus" ? `-${text("since") ?? "7d"}` : (text("from") ?? "-7d");
  return { source, since, patch: text("patch"), accepted };
}

/** Rejects flags that make no sense together, before any file is read. @throws UsageError */
export function refuseStrayFlags(values: Values): void {
  const given = sources.filter((name) => values[name] !== undefined);
  if (given.length !== 1) {
    throw new UsageError(
      "codes unknown needs one of --input FILE, --exporter URL, --prometheus URL and --from TIME",
    );
  }
  for (const [name, other] of Object.entries(companions)) {
    if (values[name] !== undefined && values[other] === undefined)
      throw new UsageError(`--${name} needs --${other}`);
  }
}

function readSource(values: Values, settings: Settings, now: number): Source {
  const text = textOf(values);
  const address = (name: string): string | undefined => {
    const given = text(name);
    if (given === undefined) return undefined;
    try {
      endpointOf(given, version, settings.target);
      return given;
    } catch (error) {
      throw error instanceof AddressError ? new UsageError(`--${name} ${error.message}`) : error;
    }
  };
  const input = text("input");
  if (input !== undefined) return { kind: "file", input };
  const exporter = address("exporter");
  if (exporter !== undefined) return { kind: "exporter", address: exporter };
  const prometheus = address("prometheus");
  if (prometheus !== undefined) {
    return { kind: "prometheus", address: prometheus, since: readSpan(values, "since", "7d") };
  }
  // Includes the current step, to which later times are cut back: the newest receipts matter here.
  const asked = { ...values, to: text("to") ?? new Date(now + 3_600_000).toISOString() };
  return { kind: "history", asked: readArguments(asked, settings, now) };
}
