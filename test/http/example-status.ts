import type { Status } from "../../src/http/status.ts";

const nothingMore: Status["more"] = {
  remarks: 0,
  topics: 0,
  partitions: 0,
  categories: 0,
  unknown_codes: 0,
  malformed: 0,
  ignored: 0,
  files: 0,
};

/** An exporter that has just begun, and counts nothing yet. */
export const emptyStatus: Status = {
  version: "1.2.3",
  now: "2026-11-26T03:12:45Z",
  started: "2026-11-26T03:12:03Z",
  ready: true,
  obstacle: null,
  remarks: [],
  group: "receipts",
  lag: { records: 0, partitions: 0, unknown: 0 },
  newest_event: null,
  topics: [
    { topic: "sms", provider: "aliyun", partitions: null, owned: 0, unowned: null, lag: null, waits: null },
  ],
  partitions: [],
  recent: [5, 60].map((minutes) => ({
    minutes,
    seconds: 42,
    receipts: 0,
    delivered: 0,
    failed: 0,
    delivered_share: null,
    categories: [],
    malformed: 0,
    ignored: 0,
  })),
  unknown_codes: [],
  unknown_without_code: {},
  malformed: [],
  ignored: [],
  code_map: {
    hash: "0a1b2c3d4e5f",
    providers: 1,
    codes: 84,
    read: "2026-11-26T03:12:03Z",
    last_reload_successful: true,
    files: [{ file: "/etc/dlr/code-map.yaml", digest: "0a1b2c3d4e5f", codes: 84 }],
  },
  more: nothingMore,
};

const categories = [
  { category: "delivered", name: { en: "Delivered", zh: "已送达" }, outcome: "delivered" },
  { category: "empty_number", name: { en: "Empty number", zh: "空号" }, outcome: "failed" },
  { category: "blacklist", name: { en: "Blacklist", zh: "黑名单" }, outcome: "failed" },
  { category: "unknown", name: { en: "Unknown", zh: "未知" }, outcome: "failed" },
];

/** One that has counted for some hours, and of which everything can be said. */
export const busyStatus: Status = {
  ...emptyStatus,
  started: "2026-11-25T21:12:45Z",
  remarks: ["topic voice does not exist; it will be read as soon as it does"],
  lag: { records: 1_403, partitions: 3, unknown: 1 },
  newest_event: "2026-11-26T03:12:31Z",
  topics: [
    { topic: "sms", provider: "aliyun", partitions: 6, owned: 3, unowned: 0, lag: 1_403, waits: null },
    {
      topic: "voice",
      provider: "aliyun",
      partitions: 0,
      owned: 0,
      unowned: 0,
      lag: null,
      waits: "topic voice does not exist; it will be read as soon as it does",
    },
  ],
  partitions: [
    {
      topic: "sms",
      partition: 4,
      committed_offset: 88_120,
      lag: null,
      newest_event: "2026-11-26T02:58:10Z",
      waits: "has no leader",
    },
    {
      topic: "sms",
      partition: 0,
      committed_offset: 2_481_907,
      lag: 1_400,
      newest_event: "2026-11-26T03:12:29Z",
      waits: null,
    },
    {
      topic: "sms",
      partition: 1,
      committed_offset: 2_480_011,
      lag: 3,
      newest_event: "2026-11-26T03:12:31Z",
      waits: null,
    },
  ],
  recent: [
    { minutes: 5, seconds: 345, counts: [41_200, 2_310, 1_904, 212] },
    { minutes: 60, seconds: 3_645, counts: [498_310, 27_004, 5_112, 260] },
  ].map(({ minutes, seconds, counts }) => {
    const [delivered = 0, ...others] = counts;
    const failed = others.reduce((sum, count) => sum + count, 0);
    return {
      ...{ minutes, seconds, receipts: delivered + failed, delivered, failed },
      delivered_share: delivered / (delivered + failed),
      categories: categories.map((own, index) => ({ ...own, count: counts[index] ?? 0 })),
      ...{ malformed: 12, ignored: 3 },
    };
  }),
  unknown_codes: [
    {
      ...{ provider: "aliyun", scope: "sms_receipt", code: "MK:0010", count: 231, since_start: 231 },
      first_seen: "2026-11-26T02:51:07Z",
      last_seen: "2026-11-26T03:12:40Z",
      agreement: "agreed",
      suggestions: [
        {
          ...{ category: "unreachable", name: { en: "Unreachable", zh: "无法接通" }, outcome: "failed" },
          sources: 2,
          said_by: [
            {
              ...{ kind: "carrier", provider: "cmpp", scope: "sms_receipt", code: "MK:0010" },
              ...{ title: "CMPP status report codes", edition: "2019", confidence: "high", weighs: true },
              description: { en: "No answer from the handset", zh: "终端无应答" },
            },
          ],
          more: 1,
        },
      ],
      more_suggestions: 0,
      yaml: `version: 1
providers:
  aliyun:
    sms_receipt:
      codes:
        "MK:0010": { category: unreachable, outcome: failed }
`,
    },
    {
      ...{ provider: "aliyun", scope: "sms_receipt", code: "XL:7", count: 29, since_start: 0 },
      ...{ first_seen: null, last_seen: null },
      ...{ agreement: "none", suggestions: [], more_suggestions: 0 },
      yaml: null,
    },
  ],
  unknown_without_code: { _none: 2, _redacted: 1 },
  malformed: [
    {
      ...{ topic: "sms", reason: "not_json", count: 40, last_hour: 12 },
      command: "dlr-exporter sample --brokers kafka-1:9092 --topic sms --reason not_json --from -1h",
    },
  ],
  ignored: [{ kind: "uplink", count: 903, last_hour: 3 }],
};

/** Names as nobody should choose them: markup, quotes, what turns text around or hides, and no end. */
export const hostileNames = [
  `</code><script>alert(1)</script>`,
  `"><img src=x onerror=alert(1)>`,
  `' onmouseover='alert(1)`,
  "abc\u202Edlrow\u202C",
  "\u2067\u05D0\u05D1\u05D2 ltr",
  "zero\u200Bwidth\u0000nul",
  "&amp;&#60;",
  "{{7*7}}<%= 7*7 %>",
  "w".repeat(249),
] as const;

/** One whose every name is hostile. */
export const hostileStatus: Status = {
  ...busyStatus,
  ready: false,
  obstacle: `no partition can be read: <script>alert("1")</script>`,
  remarks: [...hostileNames],
  group: hostileNames[1],
  topics: hostileNames.map((topic) => ({
    ...{ topic, provider: topic, partitions: 1, owned: 1, unowned: 0, lag: 1, waits: topic },
  })),
  partitions: hostileNames.map((topic, partition) => ({
    ...{ topic, partition, committed_offset: 1, lag: 1, newest_event: "2026-11-26T02:58:10Z", waits: topic },
  })),
  unknown_codes: hostileNames.map((code) => ({
    ...{ provider: code, scope: code, code, count: 1, since_start: 1 },
    first_seen: "2026-11-26T02:51:07Z",
    last_seen: "2026-11-26T03:12:40Z",
    agreement: code,
    suggestions: [
      {
        ...{ category: code, name: { en: code, zh: code }, outcome: code, sources: 1, more: 0 },
        said_by: [
          {
            ...{ kind: code, provider: code, scope: code, code, title: code, edition: code },
            ...{ description: { en: code, zh: code }, confidence: code, weighs: true },
          },
        ],
      },
    ],
    more_suggestions: 0,
    yaml: code,
  })),
  malformed: hostileNames.map((topic) => ({
    ...{ topic, reason: topic, count: 1, last_hour: 1, command: `dlr-exporter sample --topic '${topic}'` },
  })),
  ignored: hostileNames.map((kind) => ({ kind, count: 1, last_hour: 1 })),
  recent: busyStatus.recent.map((one) => ({
    ...one,
    categories: hostileNames.map((category) => ({
      ...{ category, name: { en: category, zh: category }, outcome: category, count: 1 },
    })),
  })),
  code_map: {
    ...busyStatus.code_map,
    files: hostileNames.map((file) => ({ file, digest: "0a1b2c3d4e5f", codes: 1 })),
  },
};
