import { loadConfiguration } from "../config/configuration.ts";
import { type Command, UsageError } from "./command.ts";
import { parseFlags } from "./flags.ts";
import { historySettings, valuesOf } from "./history-flags.ts";
import { requireNames } from "./named-topics.ts";
import { printProblems } from "./problems.ts";
import { readRequest, sampleFlags } from "./sample/request.ts";

const flags = [...historySettings, ...sampleFlags];

/** `sample`: shows which records of a topic can't be read, and their shapes. */
export const sampleCommand: Command = {
  name: "sample",
  summary: "shows records that can't be read: where they are, and their structure without the values",
  usage: "[FLAGS]",
  flags,
  notes: `Reads each partition from --from until it has found enough records, and prints how far it read. For each record it
prints topic, partition, offset, time, reason and structure: the member names, and the length or type of each value. It
prints no values, keys or headers, and masks names that contain a number as long as a phone number. With --explain it
also prints codes, flags and times of the parts that could be read. It commits nothing and touches no live group.

Examples:
  dlr-exporter sample --brokers kafka-1:9092 --topic sms.receipts --malformed 5
  dlr-exporter sample --config dlr-exporter.yaml --topic sms.receipts --from -1h --reason not_a_receipt --explain
  dlr-exporter sample --topic sms.receipts --from 2026-10-01T08:00 --to 2026-10-01T09:00 --output json
`,
  async run(args, io) {
    const { values, switches, positionals } = parseFlags(flags, args);
    if (positionals[0] !== undefined) throw new UsageError(`sample takes flags only, not ${positionals[0]}`);
    const loaded = await loadConfiguration({ flags: valuesOf(historySettings, values), env: io.env });
    if ("problems" in loaded) return printProblems(loaded.problems, io);
    const { settings, warnings } = loaded;
    requireNames(settings);
    const utcOffsetMinutes = settings.topics[0]?.shape.utcOffsetMinutes ?? 0;
    const request = readRequest(values, switches, utcOffsetMinutes, Date.now());
    // Loaded on demand, so that the other commands start without the Kafka client.
    const { runSample } = await import("./sample/read-samples.ts");
    return runSample({ ...request, settings, map: loaded.map.map, warnings }, io);
  },
};
