export interface MetricDefinition {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labels: readonly string[];
}

const partition = ["topic", "partition"] as const;

/**
 * Every metric of this program, in the order in which a scrape shows them. Those that carry topic and
 * partition are durable or describe a partition; the others live as long as the process.
 */
export const definitions = {
  receipts: {
    name: "dlr_receipts_total",
    type: "counter",
    help: "Delivery receipts and API answers counted; each is in exactly one series.",
    labels: [...partition, "provider", "channel", "scope", "code", "category", "outcome"],
  },
  malformed: {
    name: "dlr_malformed_records_total",
    type: "counter",
    help: "Records that could not be read, or not wholly.",
    labels: [...partition, "reason"],
  },
  conflicts: {
    name: "dlr_conflicting_receipts_total",
    type: "counter",
    help: "Receipts whose success flag and code contradict each other; the flag wins.",
    labels: [...partition, "scope"],
  },
  skipped: {
    name: "dlr_skipped_offsets_total",
    type: "counter",
    help: "Offsets that held no record to count: compacted, transaction markers, deleted by retention.",
    labels: partition,
  },
  committedOffset: {
    name: "dlr_committed_offset",
    type: "gauge",
    help: "Offset of the next record to count, as committed together with the counts shown.",
    labels: partition,
  },
  lag: {
    name: "dlr_consumer_lag_records",
    type: "gauge",
    help: "Offsets between the committed one and the end of the log; absent while that is not known.",
    labels: partition,
  },
  fetchAge: {
    name: "dlr_fetch_age_seconds",
    type: "gauge",
    help: "Age of what was last fetched, since it was asked for: about 1 at most while the partition's leader answers.",
    labels: partition,
  },
  unreadable: {
    name: "dlr_unreadable_fetches_total",
    type: "counter",
    help: "Fetches whose records could not be read: nothing of them is counted or passed over, they are tried again.",
    labels: partition,
  },
  lastEvent: {
    name: "dlr_last_event_timestamp_seconds",
    type: "gauge",
    help: "Newest event time counted; absent before the first.",
    labels: partition,
  },
  checkpointBytes: {
    name: "dlr_checkpoint_bytes",
    type: "gauge",
    help: "Size of the partition's last snapshot; the broker's limit is offset.metadata.max.bytes.",
    labels: partition,
  },
  foldedCodes: {
    name: "dlr_folded_codes",
    type: "gauge",
    help: "Codes that are counted as _other of their category and outcome, since the snapshot has no room for all.",
    labels: partition,
  },
  checkpointFailures: {
    name: "dlr_checkpoint_failures_total",
    type: "counter",
    help: "Commits of counts that failed; they are tried again.",
    labels: ["reason"],
  },
  commits: {
    name: "dlr_commits_total",
    type: "counter",
    help: "Commits of counts that the broker accepted.",
    labels: [],
  },
  topicPartitions: {
    name: "dlr_topic_partitions",
    type: "gauge",
    help: "Partitions of a configured topic; 0 while it does not exist.",
    labels: ["topic"],
  },
  unowned: {
    name: "dlr_unowned_partitions",
    type: "gauge",
    help: "Partitions of a configured topic that belong to no member of the group, and are not counted.",
    labels: ["topic"],
  },
  rebalances: {
    name: "dlr_rebalances_total",
    type: "counter",
    help: "How often this instance was given partitions, the first time included.",
    labels: [],
  },
  delay: {
    name: "dlr_delivery_delay_seconds",
    type: "histogram",
    help: "Receipt time minus send time of the receipts that this process counted.",
    labels: ["channel", "outcome"],
  },
  ready: {
    name: "dlr_ready",
    type: "gauge",
    help: "1 while receipts are counted and kept, as /-/ready says; 0 otherwise.",
    labels: [],
  },
  codeInfo: {
    name: "dlr_code_info",
    type: "gauge",
    help: "The code map: 1 for each code, to join who must act (fault), its description and the provider's advice.",
    labels: [
      ...["provider", "scope", "code", "category", "fault"],
      ...["description", "description_zh", "remedy", "remedy_zh"],
    ],
  },
  codeMapInfo: {
    name: "dlr_code_map_info",
    type: "gauge",
    help: "The code map in use: 1, with the hash of its text.",
    labels: ["hash"],
  },
  reloadSuccessful: {
    name: "dlr_config_last_reload_successful",
    type: "gauge",
    help: "Whether the last reading of the code map succeeded; on 0 the one before is in use.",
    labels: [],
  },
  reloadTimestamp: {
    name: "dlr_config_last_reload_success_timestamp_seconds",
    type: "gauge",
    help: "When the code map in use was read.",
    labels: [],
  },
  buildInfo: {
    name: "dlr_build_info",
    type: "gauge",
    help: "1, with the version of this program and of Node.js.",
    labels: ["version", "nodeversion"],
  },
} as const satisfies Record<string, MetricDefinition>;
