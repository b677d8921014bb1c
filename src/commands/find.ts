import { loadConfiguration } from "../config/configuration.ts";
import { type Command, UsageError } from "./command.ts";
import { findFlags, readFindRequest } from "./find/request.ts";
import { parseFlags } from "./flags.ts";
import { historySettings, valuesOf } from "./history-flags.ts";
import { requireNames } from "./named-topics.ts";
import { printProblems } from "./problems.ts";

/** Settings flags of these names are search criteria here. */
const wanted: readonly string[] = ["provider", "scope"];
const settingsFlags = historySettings.filter(({ name }) => !wanted.includes(name));
const flags = [...settingsFlags, ...findFlags];

/** `find`: shows where the receipts of a code or a category are. */
export const findCommand: Command = {
  name: "find",
  summary: "finds receipts by code, category or outcome, and shows their records masked",
  usage: "[FLAGS]",
  flags,
  notes: `Reads each partition from --from until it has found --limit matches, and prints how far it read. --from and --to are
record times. For each receipt it prints topic, partition, offset, position in the record, event time, code, category
and outcome; for records without receipts (--malformed, --ignored) it prints the reason. Repeat a flag to match any of
its values; different flags must all match; without any, every receipt matches.
--show also prints the record: member names, codes, states and numbers of up to three digits, and only the length of
everything else. It commits nothing and touches no live group. It exits with 0 whether or not it finds anything, and
with 1 if it can't read to the end.

Examples:
  dlr-exporter find --brokers kafka-1:9092 --topic sms.receipts --from -1h --code DB:0141
  dlr-exporter find --config dlr-exporter.yaml --from -30m --category blacklist --category unknown --show
  dlr-exporter find --topic sms.receipts --from 2026-10-01T08:00 --to 2026-10-01T09:00 --outcome failed --output json
  dlr-exporter find --topic sms.receipts --malformed not_a_receipt --show
`,
  async run(args, io) {
    const { values, switches, positionals } = parseFlags(flags, args);
    if (positionals[0] !== undefined) throw new UsageError(`find takes flags only, not ${positionals[0]}`);
    const loaded = await loadConfiguration({ flags: valuesOf(settingsFlags, values), env: io.env });
    if ("problems" in loaded) return printProblems(loaded.problems, io);
    const { settings, warnings } = loaded;
    requireNames(settings);
    const { map } = loaded.map;
    const request = readFindRequest(values, switches, { map, topics: settings.topics, now: Date.now() });
    const mapFlags = ["config", "code-map"].flatMap((name) => {
      const value = values[name];
      return typeof value === "string" ? [`--${name}`, value] : [];
    });
    // Loaded on demand, so that the other commands start without the Kafka client.
    const { runFind } = await import("./find/read-findings.ts");
    return runFind({ ...request, settings, map, mapFlags, warnings }, io);
  },
};
