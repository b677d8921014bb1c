export interface MetricDefinition {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labels: readonly string[];
}

const partition = ["topic", "partition"] as const;

/**
 * Every metric of this program, in the order of the page. Those with topic and partition are durable or describe a
 * partition; the others live as long as the process.
 */
export const definitions = {
  receipts: {
    name: "dlr_receipts_total",
    type: "counter",
    help: "Delivery receipts and API answers counted; each is in exactly one series.",
    labels: [...partition, "provider", "channel", "scope", "code", "category", "outcome"],
  },
  receiptsBy: {
    name: "dlr_receipts_by_total",
    type: "counter",
    help: "The same receipts by a configured dimension: its values add up to dlr_receipts_total of each category and outcome.",
    labels: [...partition, "provider", "channel", "dimension", "value", "category", "outcome"],
  },
  segments: {
    name: "dlr_segments_total",
    type: "counter",
    help: "Segments (SMS parts) of delivered, failed and unknown receipts that say how many their message had.",
    labels: [...partition, "provider", "channel", "category", "outcome"],
  },
  segmentReceipts: {
    name: "dlr_segment_receipts_total",
    type: "counter",
    help: "The receipts behind dlr_segments_total by what they say of their segments: adds up to dlr_receipts_total of each category and outcome.",
    labels: [...partition, "provider", "channel", "category", "outcome", "segments"],
  },
  malformed: {
    name: "dlr_malformed_records_total",
    type: "counter",
    help: "Records that could not be read, fully or in part.",
    labels: [...partition, "reason"],
  },
  ignored: {
    name: "dlr_ignored_records_total",
    type: "counter",
    help: "Records that are not meant to be receipts.",
    labels: [...partition, "kind"],
  },
  duplicates: {
    name: "dlr_duplicate_receipts_total",
    type: "counter",
    help: "Receipts whose key and code came before within the topic's window; they count nowhere else.",
    labels: [...partition, "provider", "channel"],
  },
  unkeyed: {
    name: "dlr_unkeyed_receipts_total",
    type: "counter",
    help: "Receipts that lack a part of the topic's key: counted like all others, never as duplicates.",
    labels: [...partition, "provider", "channel"],
  },
  conflicts: {
    name: "dlr_conflicting_receipts_total",
    type: "counter",
    help: "Receipts whose success flag contradicts their code (the flag wins), or whose flag is not understood.",
    labels: [...partition, "scope"],
  },
  skipped: {
    name: "dlr_skipped_offsets_total",
    type: "counter",
    help: "Offsets that held no record to count: compacted, transaction markers, deleted by retention.",
    labels: partition,
  },
  unmeasured: {
    name: "dlr_unmeasured_delays_total",
    type: "counter",
    help: "Delivered and failed receipts whose delay is in no bucket of dlr_receipt_delay_seconds, by reason.",
    labels: [...partition, "provider", "channel", "outcome", "reason"],
  },
  delays: {
    name: "dlr_receipt_delay_seconds",
    type: "histogram",
    help: "Receipt time minus send time of delivered and failed receipts, as durable as their counts.",
    labels: [...partition, "provider", "channel", "outcome"],
  },
  committedOffset: {
    name: "dlr_committed_offset",
    type: "gauge",
    help: "Offset of the next record to count, committed together with the counts shown.",
    labels: partition,
  },
  lag: {
    name: "dlr_consumer_lag_records",
    type: "gauge",
    help: "Offsets between the committed offset and the end of the log; absent while unknown.",
    labels: partition,
  },
  fetchAge: {
    name: "dlr_fetch_age_seconds",
    type: "gauge",
    help: "Seconds since the request of the last fetch that was answered; at most about 2 while the partition's leader answers.",
    labels: partition,
  },
  unreadable: {
    name: "dlr_unreadable_fetches_total",
    type: "counter",
    help: "Fetches whose records could not be read; they are retried, and nothing is counted or skipped.",
    labels: partition,
  },
  lastEvent: {
    name: "dlr_last_event_timestamp_seconds",
    type: "gauge",
    help: "Newest event time counted; absent before the first one.",
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
    help: "Codes counted as _other of their category and outcome because the snapshot is full.",
    labels: partition,
  },
  checkpointFailures: {
    name: "dlr_checkpoint_failures_total",
    type: "counter",
    help: "Commits of counts that failed; they are retried.",
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
    help: "Partitions of a configured topic that no member of the group owns, so that they are not counted.",
    labels: ["topic"],
  },
  rebalances: {
    name: "dlr_rebalances_total",
    type: "counter",
    help: "How often this instance was assigned partitions, including the first time.",
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
    help: "1 while receipts are counted and committed, as reported by /-/ready; 0 otherwise.",
    labels: [],
  },
  codeInfo: {
    name: "dlr_code_info",
    type: "gauge",
    help: "The code map: 1 for each code of the providers that are read. Join it for who has to act (fault), the description, the provider's advice, and the provider whose table classified the code if it is another (fallback).",
    labels: [
      ...["provider", "scope", "code", "category", "fault"],
      ...["description", "description_zh", "remedy", "remedy_zh", "fallback"],
    ],
  },
  codeMapInfo: {
    name: "dlr_code_map_info",
    type: "gauge",
    help: "1, with the hash of the code map in use.",
    labels: ["hash"],
  },
  reloadSuccessful: {
    name: "dlr_config_last_reload_successful",
    type: "gauge",
    help: "1 if the last load of the code map succeeded; 0 if it failed and the previous one is still in use.",
    labels: [],
  },
  reloadTimestamp: {
    name: "dlr_config_last_reload_success_timestamp_seconds",
    type: "gauge",
    help: "When the code map in use was loaded.",
    labels: [],
  },
  buildInfo: {
    name: "dlr_build_info",
    type: "gauge",
    help: "1, with the versions of dlr-exporter and Node.js.",
    labels: ["version", "nodeversion"],
  },
} as const satisfies Record<string, MetricDefinition>;
