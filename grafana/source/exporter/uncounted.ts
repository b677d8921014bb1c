import { neutral, steps } from "../colours.ts";
import { timeSeries } from "../panels/timeseries.ts";
import { chosen } from "../queries.ts";
import type { Row } from "../row.ts";

const topics = `{${chosen.topics}}`;
const size = { width: 6, height: 8 };
const wide = { width: 12, height: 8 };
const unit = { en: "suffix:/min", zh: "suffix:条/分" };

/** What is in the log and in no category, or in a doubtful one. */
export const uncounted: Row = {
  title: { en: "Not counted or conflicting", zh: "未计数与存疑" },
  panels: [
    timeSeries({
      ...size,
      title: { en: "Malformed records", zh: "无法解析的记录" },
      description: {
        en: "Malformed records per minute, by reason. A whole topic not_a_receipt: its format is configured wrongly. A jump after the sender's release: its records have changed; pass one to classify --input - to see why.",
        zh: "每分钟无法解析的记录，按原因划分。整个 Topic 都是 not_a_receipt：配置中的格式不对。上游发布后突增：记录格式变了，取一条用 classify --input - 检查。",
      },
      unit,
      thresholds: steps("green", [1, "orange"]),
      stacked: true,
      queries: [
        {
          expr: `60 * sum by (topic, reason) (rate(dlr_malformed_records_total${topics}[$__rate_interval]))`,
          legend: "{{topic}} {{reason}}",
        },
      ],
    }),
    timeSeries({
      ...size,
      title: { en: "Ignored records", zh: "非回执记录" },
      description: {
        en: "Records per minute that are not meant to be receipts, by kind: incoming SMS (uplink), recordings, key presses and the like, or what the topic's ignore: matches. Normal if a provider sends everything to one topic. configured jumps while receipts fall: ignore: matches too much.",
        zh: "每分钟本来就不是回执的记录，按类型划分：上行短信（uplink）、录音、按键等，以及该 Topic 的 ignore: 指定的记录。服务商把各类消息推到同一 Topic 时属正常。configured 突增而回执减少：ignore: 匹配过宽。",
      },
      unit,
      thresholds: neutral,
      stacked: true,
      queries: [
        {
          expr: `60 * sum by (topic, kind) (rate(dlr_ignored_records_total${topics}[$__rate_interval]))`,
          legend: "{{topic}} {{kind}}",
        },
      ],
    }),
    timeSeries({
      ...size,
      title: { en: "Conflicting receipts", zh: "标志与状态码冲突的回执" },
      description: {
        en: "Receipts per minute whose success flag contradicts the code (the flag wins), or is unknown. A few are normal. Many: the provider has changed a code or flag, or the map lists it wrongly; compare with the provider's table.",
        zh: "每分钟成功标志与状态码矛盾（以标志为准）或标志无法识别的回执。少量属正常。大量出现：服务商改变了某个码或标志的含义，或码表写错；与服务商文档核对。",
      },
      unit,
      thresholds: steps("green", [10, "orange"]),
      queries: [
        {
          expr: `60 * sum by (topic, scope) (rate(dlr_conflicting_receipts_total${topics}[$__rate_interval]))`,
          legend: "{{topic}} {{scope}}",
        },
      ],
    }),
    timeSeries({
      ...size,
      title: { en: "Skipped offsets", zh: "跳过的位点" },
      description: {
        en: "Offsets per minute without a record: compacted, transaction markers, or deleted by retention before they were counted. Some are normal with transactional producers. A jump after a long downtime means lost receipts: raise the topic's retention.",
        zh: "每分钟没有记录的位点：被压缩、事务标记，或计数前已过期删除。上游使用事务时少量属正常。长时间停机后突增，说明有回执已丢失：应延长 Topic 保留时间。",
      },
      unit,
      thresholds: neutral,
      zeros: true,
      queries: [
        {
          expr: `60 * sum by (topic) (rate(dlr_skipped_offsets_total${topics}[$__rate_interval]))`,
          legend: "{{topic}}",
        },
      ],
    }),
    timeSeries({
      ...wide,
      title: { en: "Duplicate receipts", zh: "重复回执" },
      description: {
        en: "Receipts a minute that came before within the topic's window (duplicates: in the configuration), by provider; they are in no other count. A few are ordinary: providers push again what was not answered in time. A jump: whoever takes the pushes answers late or fails, or a sender replays a stretch.",
        zh: "每分钟在该 Topic 窗口内（配置项 duplicates:）已出现过的回执，按服务商划分；不计入其他指标。少量属正常：未及时应答的回执，服务商会再次推送。突增：接收推送的服务应答慢或失败，或上游重发了一段数据。",
      },
      unit,
      thresholds: neutral,
      zeros: true,
      queries: [
        {
          expr: `60 * sum by (topic, provider) (rate(dlr_duplicate_receipts_total${topics}[$__rate_interval]))`,
          legend: "{{topic}} {{provider}}",
        },
      ],
    }),
    timeSeries({
      ...wide,
      title: { en: "Receipts without a key", zh: "缺少键的回执" },
      description: {
        en: "Receipts a minute that lack a part of the topic's key, by provider: they count as any other, and no duplicate is found among them. All of a provider: its receipts name these fields otherwise; see key: of the topic.",
        zh: "每分钟缺少该 Topic 去重键某一部分的回执，按服务商划分：照常计数，但无法识别其中的重复。某服务商全部如此：其回执的字段名不同，检查该 Topic 的 key:。",
      },
      unit,
      thresholds: neutral,
      zeros: true,
      queries: [
        {
          expr: `60 * sum by (topic, provider) (rate(dlr_unkeyed_receipts_total${topics}[$__rate_interval]))`,
          legend: "{{topic}} {{provider}}",
        },
      ],
    }),
  ],
};
