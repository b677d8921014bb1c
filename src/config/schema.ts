import { fileURLToPath } from "node:url";
import { z } from "zod";
import { brokerProblem, hostProblem } from "./addresses.ts";
import { saslSchema, sslSchema } from "./connection-schema.ts";
import { targetSchema } from "./target-schema.ts";
import { topicSchema } from "./topic-schema.ts";
import { integer, oneOf, settingDocs, text, textThat } from "./values.ts";

/** The code map that comes with the program. */
const packagedCodeMap = fileURLToPath(new URL("../../config/code-map.yaml", import.meta.url));

/** The keys of a configuration file. {@link settingsSchema} is what the program reads it with. */
export const fileSchema = z.strictObject({
  brokers: z
    .array(textThat(brokerProblem))
    .min(1, "must list a broker")
    .prefault(["localhost:9092"])
    .register(settingDocs, {
      about: "The Kafka brokers to ask first, as host:port or [IPv6]:port; commas between them",
      flag: { name: "brokers", value: "B,B" },
    }),
  client_id: text()
    .prefault("dlr-exporter")
    .register(settingDocs, { about: "The name that the brokers see in their logs and quotas" }),
  group: text()
    .prefault("dlr-exporter")
    .register(settingDocs, {
      about: "The consumer group; its offsets hold the counts, and instances of one group share the work",
      flag: { name: "group", value: "G" },
    }),
  topics: z
    .array(topicSchema)
    .min(1, "must list a topic")
    .prefault([{ topic: "dlr.receipts" }])
    .register(settingDocs, {
      about: "The topics to read; one named outside the file keeps what the file says of it",
      flag: { name: "topic", value: "T" },
      absent: "`dlr.receipts`",
    }),
  host: textThat(hostProblem)
    .prefault("0.0.0.0")
    .register(settingDocs, {
      about: "The address to serve /metrics on",
      flag: { name: "host", value: "H" },
    }),
  port: integer(0, 65_535)
    .prefault("9464")
    .register(settingDocs, {
      about: "The port to serve /metrics on; 0 lets the system choose",
      flag: { name: "port", value: "N" },
    }),
  commit_interval_ms: integer(100, 600_000)
    .prefault("5000")
    .register(settingDocs, {
      about: "Milliseconds between two commits: the age that a scraped count may have",
      flag: { name: "commit-interval", value: "MS" },
    }),
  code_map: text()
    .prefault(packagedCodeMap)
    .register(settingDocs, {
      about: "The code map: what each code means",
      flag: { name: "code-map", value: "FILE" },
      file: true,
      absent: "the packaged config/code-map.yaml",
    }),
  log_level: oneOf(["fatal", "error", "warn", "info", "debug", "trace", "silent"])
    .prefault("info")
    .register(settingDocs, {
      about: "fatal, error, warn, info, debug, trace or silent",
      flag: { name: "log-level", value: "L" },
    }),
  session_timeout_ms: integer(1000, 1_800_000).prefault("30000").register(settingDocs, {
    about: "Milliseconds without a heartbeat after which the group gives an instance's partitions to others",
  }),
  metadata_interval_ms: integer(1000, 3_600_000).prefault("30000").register(settingDocs, {
    about: "Milliseconds between two looks at the cluster for new topics and partitions",
  }),
  unknown_codes: integer(0, 1000).prefault("50").register(settingDocs, {
    about: "Distinct codes that the map does not list, per partition; the rest counts as `_other`",
  }),
  metadata_limit: integer(256, 1_048_576).prefault("4096").register(settingDocs, {
    about: "Bytes that the broker takes beside an offset: its offset.metadata.max.bytes",
  }),
  ssl: sslSchema.prefault({}),
  sasl: saslSchema.optional(),
  target: targetSchema.prefault({}),
});

/**
 * Reads merged settings, every leaf of them text, and gives what the program works with: durations in
 * milliseconds, offsets from UTC in minutes, certificates and passwords instead of the files that hold them.
 * Reads those files.
 */
export const settingsSchema = fileSchema.transform((file) => ({
  brokers: file.brokers,
  clientId: file.client_id,
  group: file.group,
  topics: file.topics,
  host: file.host,
  port: file.port,
  commitIntervalMs: file.commit_interval_ms,
  codeMap: file.code_map,
  logLevel: file.log_level,
  sessionTimeoutMs: file.session_timeout_ms,
  metadataIntervalMs: file.metadata_interval_ms,
  unknownCodes: file.unknown_codes,
  metadataLimit: file.metadata_limit,
  ssl: file.ssl,
  sasl: file.sasl,
  target: file.target,
}));

export type Settings = z.output<typeof settingsSchema>;
export type TargetSettings = Settings["target"];
export type TopicSettings = Settings["topics"][number];
