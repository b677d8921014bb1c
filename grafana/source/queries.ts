/**
 * The PromQL that panels share.
 *
 * A partition's counts are one counter that only grows, whichever instance shows it. What `increase` says of it is
 * wrong by as much as other instances counted: it misses what came while the partition moved, and counts twice what
 * came before it moved back. So:
 *
 * - A total over a window is the counter's last value less its first, over all instances. It needs no recording rule,
 *   and adds nothing for the edges of the window. A code that is merged into `_other` meanwhile is in it twice.
 * - A total over a day reads the recorded series, which is one over all instances and took a tenth of the time.
 * - A line is a rate of the raw series. It is there without any rule, whatever code or scope it is drawn by; where a
 *   partition moves, it dips or bulges for the length of its short window.
 *
 * A replay's series have no partition. Each is a counter of its own and moves nowhere, so `increase` is right.
 */

/** Matchers of what is chosen in the variables. */
export const chosen = {
  receipts: 'job=~"$job", topic=~"$topic", provider=~"$provider", channel=~"$channel"',
  /** For recorded series without topic. */
  providers: 'job=~"$job", provider=~"$provider", channel=~"$channel"',
  topics: 'job=~"$job", topic=~"$topic"',
  instances: 'job=~"$job", instance=~"$instance"',
} as const;

/**
 * The labels that tell series apart whichever instance shows them. What else its target has, such as `node`, moves with
 * the instance: it is left out, with the instance itself, so that a partition that moves is counted once.
 */
const target = "job, cluster, namespace";
export const identity = {
  receipts: `${target}, topic, partition, provider, channel, scope, code, category, outcome`,
  values: `${target}, topic, partition, provider, channel, dimension, value, category, outcome`,
  partitions: `${target}, topic, partition`,
} as const;

/** What failed: on the way, or before it was sent. `unknown` may have failed, and somebody must look. */
export const failed = 'outcome=~"failed|request_rejected|unknown"';
/** What is over: the whole of which delivered is a share. */
export const final = 'outcome=~"delivered|failed"';
/** What the recipient's own state or deed causes, as dlr-delivery.rules.yml has it. */
const recipientState =
  "empty_number|suspended|power_off|recipient_unavailable|handset_error|busy|no_answer|call_rejected|input_timeout";
/** What is over and could have arrived: the whole of which delivered is the valid share. */
export const valid = `${final}, category!~"${recipientState}"`;

/** Selects receipts. @param matchers further ones; without them all that is chosen */
export function receipts(matchers = ""): string {
  return `dlr_receipts_total{${both(matchers)}}`;
}

/** Selects receipts by a value of the chosen dimension, as {@link receipts}. */
function receiptsByValue(matchers = ""): string {
  return `dlr_receipts_by_total{${both(`dimension=~"$dimension", value!="_other"${after(matchers)}`)}}`;
}

/** Receipts a minute, by labels; of all without any. */
export function perMinute(by: string, matchers = ""): string {
  return `60 * ${sumBy(by)} (rate(${receipts(matchers)}[$__rate_interval]))`;
}

/** How many receipts a window had, by labels. @param window of the raw series: an hour, or the dashboard's range */
export function total(by: string, matchers: string, window: string): string {
  return totalOf(by, identity.receipts, (more) => receipts(`${more}${after(matchers)}`), window);
}

/** As {@link total}, of receipts by a value of the chosen dimension. `_other` is left out: it jumps where one folds. */
export function valueTotal(by: string, matchers: string, window: string): string {
  const values = (more: string) => receiptsByValue(`${more}${after(matchers)}`);
  return totalOf(by, identity.values, values, window);
}

/** @param counted the labels that tell one counter from another @param select gives a selector with more matchers */
function totalOf(by: string, counted: string, select: (more: string) => string, window: string): string {
  const live = `${select('partition!=""')}[${window}]`;
  return [
    `${sumBy(by)} (`,
    `  max by (${counted}) (max_over_time(${live}))`,
    `  - min by (${counted}) (min_over_time(${live}))`,
    "  or",
    `  increase(${select('partition=""')}[${window}])`,
    ")",
  ].join("\n");
}

/** How many receipts a day had, by labels: those of the recorded series, so neither scope nor code. */
export function dayTotal(by: string, matchers: string): string {
  const recorded = `partition_category:dlr_receipts_total:max{${both(`partition!=""${after(matchers)}`)}}`;
  return [
    `${sumBy(by)} (`,
    `  increase(${recorded}[24h])`,
    "  or",
    `  increase(${receipts(`partition=""${after(matchers)}`)}[24h])`,
    ")",
  ].join("\n");
}

/** A share of what a window had, 0 to 1, by labels; nothing where the whole is nothing. */
export function share(by: string, part: string, whole: string, window: string): string {
  return quotient(total(by, part, window), total(by, whole, window));
}

/** A share of what a day had, as {@link share}. */
export function dayShare(by: string, part: string, whole: string): string {
  return quotient(dayTotal(by, part), dayTotal(by, whole));
}

/** A share of what 15 minutes had, as a line. A shorter window would be noise at night. */
export function shareLine(by: string, part: string, whole: string): string {
  const sum = (matchers: string) => `${sumBy(by)} (rate(${receipts(matchers)}[15m]))`;
  return quotient(sum(part), sum(whole));
}

/** The share of each category in a whole of which it is a part, as {@link shareLine}. */
export function categoryShareLine(part: string, whole: string): string {
  const sum = (by: string, matchers: string) => `${sumBy(by)} (rate(${receipts(matchers)}[15m]))`;
  return `${sum("category", part)}\n/ on () group_left ()\n(${sum("", whole)} > 0)`;
}

/** Of a job's providers and channels, whatever else recorded series are told apart by. */
const ofProvider = "by (job, provider, channel)";
const blacklist = `{category="blacklist", ${chosen.providers}}`;
const expectedShare = `provider_channel_category:dlr_receipts_share:expected${blacklist}`;
const usualShare = `provider_channel:dlr_delivered_share:expected{${chosen.providers}}`;
const counted30m = `sum ${ofProvider} (provider_channel:dlr_receipts:increase30m{${chosen.providers}})`;

/** The share of blacklist that is expected of each provider and channel at this hour. */
export const expectedOfEach = `max by (provider, channel) (${expectedShare})`;

/** The share of blacklist that is expected of all that is chosen: of a provider of which none is expected, none. */
export const expectedOfAll = `${expectedCount(expectedShare)}\n/\n(sum(${counted30m}) > 0)`;

/** The delivered share that is usual of all that is chosen and of which anything is usual. */
export const usualDelivered = `${expectedCount(usualShare)}\n/\n(sum(${counted30m} and ${ofEach(usualShare)}) > 0)`;

/** How many receipts of half an hour recorded shares by provider and channel stand for. */
function expectedCount(share: string): string {
  return `sum(${ofEach(share)} * ${counted30m})`;
}

function ofEach(share: string): string {
  return `max ${ofProvider} (${share})`;
}

/** When each provider and channel last had more than twice what is expected in 5 minutes, in ms, of the last 6 hours. */
export const lastAboveExpected = [
  "1000 * max by (provider, channel) (max_over_time(timestamp(",
  `  provider_channel_category:dlr_receipts:increase5m${blacklist}`,
  `  - 2 * sqrt(provider_channel_category:dlr_receipts:increase5m${blacklist})`,
  `  > 2 * ${expectedShare}`,
  "    * ignoring (category) group_left () provider_channel:dlr_receipts:increase5m",
  ")[6h:1m]))",
].join("\n");

/**
 * How many times what is expected came as blacklist in 5 minutes, at least: two standard deviations of the count are
 * put down to chance, so that one receipt at night is no spike.
 *
 * @param by labels
 * @param expected share, by the same labels
 */
export function timesExpected(by: string, expected: string): string {
  const count = total(by, 'category="blacklist"', "5m");
  const doubt = `2 * sqrt(\n${count}\n)`;
  return `clamp_min(\n${count}\n- ${doubt}, 0)\n/\n(\n${total(by, "", "5m")}\n* (${expected}) > 0)`;
}

/** What the code map says of a code, for {@link explained}. */
export const explanation = "fault, description, description_zh, remedy, remedy_zh";

/**
 * Puts labels of the code map beside series by provider, scope and code; a code that it does not list stays as it is.
 * While a new map is rolled out, two instances describe a code twice: one of the two is taken. The map of any job
 * will do, for a replay has none.
 *
 * @param counts a vector with the labels provider, scope, code, and others but those
 * @param labels of dlr_code_info
 */
export function explained(counts: string, labels: string): string {
  const key = "provider, scope, code";
  return [
    counts,
    `* on (${key}) group_left (${labels})`,
    `  topk by (${key}) (1, max by (${key}, ${labels}) (dlr_code_info))`,
    `or on (${key})`,
    counts,
  ].join("\n");
}

/**
 * How old the newest receipt is where records wait, by topic, in s. A quiet topic is not behind. A partition that is not
 * read has no part in it: how many records wait there is not known.
 */
export function behind(by: string): string {
  const topics = `{${chosen.topics}}`;
  return [
    `max by (${by}) (`,
    `  time() - max by (${identity.partitions}) (dlr_last_event_timestamp_seconds${topics} > 0)`,
    "  and",
    `  max by (${identity.partitions}) (min_over_time(dlr_consumer_lag_records${topics}[5m])) > 0`,
    ")",
    "or",
    `0 * max by (${by}) (dlr_consumer_lag_records${topics})`,
  ].join("\n");
}

/** Records that wait in all partitions that are read; nothing where none is. */
export const waiting = `sum(max by (${identity.partitions}) (dlr_consumer_lag_records{${chosen.topics}}))`;

/** How old the last answer is by which a partition was read, in s. Its owner's: who has lost it gets none any more. */
export const fetchAge = `min by (${identity.partitions}) (dlr_fetch_age_seconds{${chosen.topics}})`;

/** How many partitions each topic has, as any instance sees it. */
export const topicPartitions = `max by (job, topic) (dlr_topic_partitions{${chosen.topics}})`;

/** How many of them belong to no instance. */
export const unowned = `max by (job, topic) (dlr_unowned_partitions{${chosen.topics}})`;

function sumBy(labels: string): string {
  return labels === "" ? "sum" : `sum by (${labels})`;
}

/** A part of a whole; nothing where the whole is nothing. */
export function quotient(part: string, whole: string): string {
  return `${part}\n/\n(\n${whole}\n> 0)`;
}

/** Matchers behind another. */
function after(matchers: string): string {
  return matchers === "" ? "" : `, ${matchers}`;
}

function both(matchers: string): string {
  return matchers === "" ? chosen.receipts : `${matchers}, ${chosen.receipts}`;
}
