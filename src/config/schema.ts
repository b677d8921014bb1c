import { z } from "zod";
import { packagedMap } from "../codes/map-files.ts";
import type { RecordShape } from "../receipts/decode.ts";
import { integer, oneOf, settingDocs, text, textThat } from "../schema/values.ts";
import { brokerProblem, hostProblem } from "./addresses.ts";
import { sslSchema } from "./connection-schema.ts";
import { saslSchema } from "./login-schema.ts";
import { targetSchema } from "./target-schema.ts";
import { type SaidTopic, topicSchema } from "./topic-schema.ts";

/** Log levels: each includes those before it. */
export const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

/** The keys of a configuration file. {@link settingsSchema} parses it. */
export const fileSchema = z.strictObject({
  brokers: z
    .array(textThat(brokerProblem))
    .min(1, "must list a broker")
    .prefault(["localhost:9092"])
    .register(settingDocs, {
      about: "Kafka bootstrap brokers, host:port or [IPv6]:port, comma-separated",
      flag: { name: "brokers", value: "B,B" },
    }),
  client_id: text()
    .prefault("dlr-exporter")
    .register(settingDocs, { about: "Client id for the brokers' logs and quotas" }),
  group: text()
    .prefault("dlr-exporter")
    .register(settingDocs, {
      about: "Consumer group; its offsets hold the counts, and its instances share the partitions",
      flag: { name: "group", value: "G" },
    }),
  topics: z
    .array(topicSchema)
    .min(1, "must list a topic")
    .prefault([{ topic: "dlr.receipts" }])
    .register(settingDocs, {
      about: "Topics to read; a topic given by flag or variable keeps the file's settings",
      flag: { name: "topic", value: "T" },
      absent: "`dlr.receipts`",
    }),
  host: textThat(hostProblem)
    .prefault("0.0.0.0")
    .register(settingDocs, {
      about: "Address to listen on",
      flag: { name: "host", value: "H" },
    }),
  port: integer(0, 65_535)
    .prefault("9464")
    .register(settingDocs, {
      about: "Port to listen on; 0 lets the system choose",
      flag: { name: "port", value: "N" },
    }),
  commit_interval_ms: integer(100, 600_000)
    .prefault("5000")
    .register(settingDocs, {
      about: "Milliseconds between commits: how old a scraped count may be",
      flag: { name: "commit-interval", value: "MS" },
    }),
  code_map: text()
    .prefault(packagedMap)
    .register(settingDocs, {
      about: "Code map file",
      flag: { name: "code-map", value: "FILE" },
      file: true,
      absent: "the packaged config/code-map.yaml",
    }),
  code_maps: z
    .array(text())
    .optional()
    .register(settingDocs, {
      about: "Files layered over the code map, later ones win; `*` in a name matches any text",
      flag: { name: "code-maps", value: "F,F" },
      file: true,
      absent: "none; the packaged map comes with config/providers/*",
    }),
  log_level: oneOf(logLevels)
    .prefault("info")
    .register(settingDocs, {
      about: "fatal, error, warn, info, debug, trace or silent",
      flag: { name: "log-level", value: "L" },
    }),
  session_timeout_ms: integer(1000, 1_800_000).prefault("30000").register(settingDocs, {
    about: "Milliseconds without a heartbeat after which the group reassigns an instance's partitions",
  }),
  metadata_interval_ms: integer(1000, 3_600_000).prefault("30000").register(settingDocs, {
    about: "Milliseconds between metadata refreshes: how soon new partitions and topics are found",
  }),
  unknown_codes: integer(0, 1000).prefault("50").register(settingDocs, {
    about: "Distinct unlisted codes kept per partition; the rest count as `_other`",
  }),
  dimension_values: integer(1, 1000).prefault("30").register(settingDocs, {
    about: "Values of each dimension kept per partition; the rest count as `_other`",
  }),
  metadata_limit: integer(256, 1_048_576).prefault("4096").register(settingDocs, {
    about: "The brokers' offset.metadata.max.bytes",
  }),
  ssl: sslSchema.prefault({}),
  sasl: saslSchema.optional(),
  target: targetSchema.prefault({}),
});

/**
 * Parses merged settings, all of whose leaves are text, into what the program uses: durations in milliseconds, UTC
 * offsets in minutes, certificates and passwords instead of the files that contain them. Reads those files.
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
  codeMaps: file.code_maps ?? [],
  logLevel: file.log_level,
  sessionTimeoutMs: file.session_timeout_ms,
  metadataIntervalMs: file.metadata_interval_ms,
  unknownCodes: file.unknown_codes,
  dimensionValues: file.dimension_values,
  metadataLimit: file.metadata_limit,
  ssl: file.ssl,
  sasl: file.sasl,
  target: file.target,
}));

/** Settings as given: formats are names that are not resolved yet. */
export type SaidSettings = z.output<typeof settingsSchema>;
/** How a topic's records are read; plain data. */
export interface ReadSettings extends Omit<SaidTopic, "topic" | "pattern" | "shape"> {
  readonly shape: RecordShape;
}

/** A topic, with everything needed to read its records. */
export interface TopicSettings extends ReadSettings {
  readonly topic: string;
}

/** The topics that match a pattern, with everything needed to read their records. */
export interface PatternSettings extends ReadSettings {
  readonly pattern: string;
}

export interface Settings extends Omit<SaidSettings, "topics"> {
  /** Topics given by name. */
  readonly topics: readonly TopicSettings[];
  /** For all other topics: the first match applies. */
  readonly patterns: readonly PatternSettings[];
}

export type TargetSettings = Settings["target"];
