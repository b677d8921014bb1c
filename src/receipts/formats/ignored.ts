import type { IgnoredDescription } from "./description.ts";

const callCodes = ["/status_code", "/a_status_code", "/b_status_code", "/smart_status_code"];

/**
 * What the built-in providers send besides receipts, often to the same queue. They are recognised by members that no
 * receipt has.
 */
export const ignored: readonly IgnoredDescription[] = [
  {
    // SmsUp of Aliyun and TMC; replies of Tencent and Yunpian; MO messages of SMPP gateways have no status either.
    kind: "uplink",
    when: [
      [
        { has: ["/dest_code", "/destCode"] },
        { has: ["/content"] },
        { lacks: ["/err_code", "/errCode", "/state"] },
      ],
      [{ has: ["/text"] }, { has: ["/nationcode", "/base_extend"] }, { lacks: ["/report_status"] }],
      [{ at: "/Request/smsType", is: ["0"] }],
      [{ has: ["/MessageSid", "/SmsSid"] }, { has: ["/Body"] }],
    ],
  },
  {
    kind: "recording",
    when: [
      [
        { has: ["/call_id", "/biz_id", "/callId"] },
        { has: ["/record_url", "/recording_url", "/voice_record_url", "/recordUrl", "/oss_link"] },
        { lacks: callCodes },
      ],
    ],
  },
  {
    kind: "transcript",
    when: [
      [
        { has: ["/call_id", "/callId"] },
        { has: ["/asr_text", "/asrText", "/sentences"] },
        { lacks: callCodes },
      ],
    ],
  },
  {
    kind: "key_press",
    when: [
      [
        { has: ["/call_id", "/biz_id", "/callId"] },
        { has: ["/dtmf", "/key", "/keys"] },
        { lacks: callCodes },
      ],
      [{ has: ["/voicekey_callback", "/voice_key_callback"] }],
    ],
  },
  {
    kind: "quality_report",
    when: [
      [
        { has: ["/call_id", "/callId"] },
        { has: ["/mos", "/quality", "/packet_loss", "/jitter"] },
        { lacks: callCodes },
      ],
    ],
  },
  {
    kind: "template_audit",
    when: [
      [{ has: ["/template_code", "/templateCode"] }, { has: ["/template_status", "/templateStatus"] }],
      [{ has: ["/sign_name", "/signName"] }, { has: ["/sign_status", "/signStatus"] }],
    ],
  },
  {
    // QuerySendStatistics, and Tencent's statistics: sums whose receipts are sent separately.
    kind: "statistics",
    when: [
      [{ has: ["/Data/TargetList"] }],
      [
        {
          has: [
            "/Response/SendStatusStatistics",
            "/Response/CallbackStatusStatistics",
            "/Response/SmsPackagesStatistics",
          ],
        },
      ],
    ],
  },
  {
    // Change data capture by Debezium and Kafka Connect: a row was deleted, most often from an outbox after sending.
    kind: "deleted",
    when: [
      [{ at: "/op", is: ["d"] }, { has: ["/before", "/after", "/source"] }],
      [{ at: "/__deleted", is: ["true"] }],
      [{ has: ["/schema"] }, { at: "/payload", is: ["null"] }],
    ],
  },
];
