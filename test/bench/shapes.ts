import type { Random } from "../lab/random.ts";

/** One invented message or call and how it ended, before it takes a shape. */
export interface BenchReceipt {
  readonly code: string;
  readonly delivered: boolean;
  /** China Standard Time: `2026-01-01 00:00:00`. */
  readonly sent: string;
  readonly received: string;
  /** In ms since the epoch. */
  readonly sentAt: number;
  readonly receivedAt: number;
  /** Nine digits, of no other receipt. */
  readonly number: string;
}

/** How the records of a topic are written, and what its configuration says of it. */
export interface Shape {
  /** For the table of results. */
  readonly about: string;
  /** Receipts in one record. */
  readonly perRecord: number;
  /** What the configuration says of the topic, by its keys. */
  readonly topic: Readonly<Record<string, unknown>>;
  /** The tables of the code map that its codes are of, as `provider/scope`. */
  readonly tables: readonly [string, ...string[]];
  /** The value of one record. */
  write(receipts: readonly BenchReceipt[], random: Random): string;
}

type Members = Readonly<Record<string, unknown>>;

/** As the provider writes it: 212 bytes. Its phone number is nobody's. */
function tmcSms({ code, delivered, sent, received, number }: BenchReceipt): Members {
  return {
    extend: "000000000000000000000000000000000000000000",
    send_time: sent,
    receiver: `1300000${number.slice(-4)}`,
    rept_time: received,
    err_code: code,
    state: delivered ? "1" : "2",
    biz_id: `${number}^${number}`,
  };
}

function aliyunSms({ code, delivered, sent, received, number }: BenchReceipt): Members {
  return {
    phone_number: `1300000${number.slice(-4)}`,
    send_time: sent,
    report_time: received,
    success: delivered,
    err_code: code,
    err_msg: delivered ? "用户接收成功" : "发送失败",
    sms_size: "1",
    biz_id: `${number}^0`,
    out_id: number.slice(-6),
  };
}

function tmcVoice({ code, delivered, sent, received, number }: BenchReceipt): Members {
  return {
    biz_id: `${number}^${number}`,
    status_code: code,
    dtmf: "",
    duration: delivered ? "12" : "0",
    start_time: sent,
    end_time: received,
    extend: "",
    status_msg: delivered ? "用户接听" : "用户未接",
  };
}

function aliyunVoice({ code, delivered, sent, received, number }: BenchReceipt): Members {
  return {
    status_code: code,
    callee: `1300000${number.slice(-4)}`,
    caller: "057100000000",
    ring_time: sent,
    duration: delivered ? "12" : "0",
    voice_type: "voice",
    originate_time: sent,
    start_time: sent,
    end_time: received,
    call_id: `${number}^${number}`,
    status_msg: delivered ? "用户接听" : "用户未接",
    out_id: number.slice(-6),
    dtmf: "",
    toll_type: "LOCAL",
  };
}

function tencent({ code, delivered, received, number }: BenchReceipt): Members {
  return {
    user_receive_time: received,
    nationcode: "86",
    mobile: `1300000${number.slice(-4)}`,
    report_status: delivered ? "SUCCESS" : "FAIL",
    errmsg: code,
    description: delivered ? "用户短信送达成功" : "短信发送失败",
    sid: `8:${number}${number}`,
  };
}

function chuanglanForm({ code, delivered, received, number }: BenchReceipt): string {
  const digits = received.slice(2).replaceAll(/\D/g, "");
  return new URLSearchParams({
    receiver: "admin",
    pswd: "12345",
    msgid: `${number}${number}`,
    reportTime: digits.slice(0, 10),
    mobile: `1300000${number.slice(-4)}`,
    status: code,
    notifyTime: digits,
    statusDesc: delivered ? "短信发送成功" : "短信发送失败",
    uid: number.slice(-6),
    length: "1",
  }).toString();
}

function ownJson({ code, delivered, sentAt, receivedAt, number }: BenchReceipt): Members {
  return {
    event: { type: "sms.report", version: 3, id: `${number}-${number}` },
    to: { country: 86, number: `1300000${number.slice(-4)}` },
    status: { code, ok: delivered, text: delivered ? "用户接收成功" : "发送失败" },
    times: { sent: sentAt, reported: receivedAt },
  };
}

/** Ten members: what of a message its sender knows, too. Its numbers are of ten blocks. */
function signed(receipt: BenchReceipt, random: Random): Members {
  return {
    ...tmcSms(receipt),
    receiver: `1${30 + random.below(10)}0000${receipt.number.slice(-4)}`,
    sign_name: `测试${random.below(30)}`,
    template_code: `SMS_${100_000_000 + random.below(30)}`,
    out_id: receipt.number.slice(-6),
  };
}

/** Members that providers and forwarders add, of every type; no format knows them. */
const foreign: readonly ((receipt: BenchReceipt, random: Random) => Members)[] = [
  ({ number }) => ({ out_id: number.slice(-6) }),
  (_, random) => ({ parts: 1 + random.below(3) }),
  (_, random) => ({ price: random.below(1000) / 10_000 }),
  ({ receivedAt }) => ({ ingested_ms: receivedAt + 217 }),
  (_, random) => ({ test: random.below(2) === 0 }),
  () => ({ campaign: null }),
  () => ({ sign_name: "【测试】" }),
  () => ({ remark: 'as "told"\tby the carrier\\' }),
  () => ({ labels: ["otp", "cn-north", { tier: 2 }] }),
  ({ number }, random) => ({
    trace: { id: number, sampled: true, span: { id: random.below(1e9), parent: null } },
  }),
];

/** The members of a receipt and one to four foreign ones, in any order. */
function withForeign(receipt: BenchReceipt, random: Random): Members {
  const entries = Object.entries(tmcSms(receipt));
  const first = random.below(foreign.length);
  for (let i = 1 + random.below(4); i > 0; i--)
    entries.push(...Object.entries(foreign[(first + i) % foreign.length]?.(receipt, random) ?? {}));
  for (let i = entries.length - 1; i > 0; i--) {
    const other = random.below(i + 1);
    const [a, b] = [entries[i], entries[other]];
    if (a !== undefined && b !== undefined) [entries[i], entries[other]] = [b, a];
  }
  return Object.fromEntries(entries);
}

function filebeat(receipt: BenchReceipt): Members {
  return {
    "@timestamp": new Date(receipt.receivedAt).toISOString(),
    "@metadata": { beat: "filebeat", type: "_doc", version: "8.15.0" },
    message: JSON.stringify(tmcSms(receipt)),
    log: { offset: Number(receipt.number) * 213, file: { path: "/var/log/receipts/sms.log" } },
    input: { type: "filestream" },
    ecs: { version: "8.0.0" },
    host: { name: "relay-1" },
    agent: { id: "8f1c", name: "relay-1", type: "filebeat", version: "8.15.0" },
  };
}

function kafkaConnect(receipt: BenchReceipt): Members {
  const fields = Object.keys(tmcSms(receipt)).map((field) => ({ type: "string", optional: true, field }));
  return { schema: { type: "struct", fields, optional: false }, payload: tmcSms(receipt) };
}

function tmcFrame(receipt: BenchReceipt): Members {
  const topic = "alibaba_aliqin_FcSmsDR";
  const content = { topic, content: JSON.stringify(tmcSms(receipt)) };
  return { topic, id: Number(receipt.number), content };
}

/** A shape whose records hold one receipt each. */
function single(
  about: string,
  format: string,
  table: string,
  membersOf: (receipt: BenchReceipt, random: Random) => Members,
): Shape {
  return {
    ...{ about, perRecord: 1, topic: { format }, tables: [table] },
    write: (receipts, random) =>
      receipts.map((receipt) => JSON.stringify(membersOf(receipt, random))).join(""),
  };
}

/** A shape whose records hold an array of so many. */
function arrays(
  perRecord: number,
  format: string,
  table: string,
  membersOf: (receipt: BenchReceipt) => Members,
): Shape {
  return {
    ...{ about: `\`${format}\`, arrays of ${perRecord}`, perRecord, topic: { format }, tables: [table] },
    write: (receipts) => JSON.stringify(receipts.map(membersOf)),
  };
}

const aliyun = "aliyun/sms_receipt";
const voice = "aliyun/voice_receipt";

const pure = {
  "tmc-sms": single("`tmc-sms`, the seven members of the example", "tmc-sms", aliyun, tmcSms),
  "out-id": single("`tmc-sms` with one member more, `out_id`", "tmc-sms", aliyun, (receipt) => ({
    ...tmcSms(receipt),
    out_id: receipt.number.slice(-6),
  })),
  foreign: single("`tmc-sms` with foreign members, in random order", "tmc-sms", aliyun, withForeign),
  "aliyun-sms": arrays(1, "aliyun-sms", aliyun, aliyunSms),
  "aliyun-sms-10": arrays(10, "aliyun-sms", aliyun, aliyunSms),
  "aliyun-sms-100": arrays(100, "aliyun-sms", aliyun, aliyunSms),
  "tmc-voice": single("`tmc-voice`", "tmc-voice", voice, tmcVoice),
  "aliyun-voice": arrays(1, "aliyun-voice", voice, aliyunVoice),
  tencent: arrays(1, "tencent", "tencent/sms_receipt", tencent),
  filebeat: single("`tmc-sms` as text in Filebeat's `message`", "tmc-sms", aliyun, filebeat),
  connect: single("`tmc-sms` in Kafka Connect's `payload`, with its schema", "tmc-sms", aliyun, kafkaConnect),
  "tmc-frame": single("`tmc-sms` as text in TMC's `content`", "tmc-sms", aliyun, tmcFrame),
  form: {
    ...{ about: "`chuanglan`, a form", perRecord: 1, topic: { format: "chuanglan" } },
    tables: ["chuanglan/sms_receipt"],
    write: (receipts) => receipts.map(chuanglanForm).join(""),
  },
  json: {
    ...single("`json`, read by pointers", "json", aliyun, ownJson),
    topic: {
      format: "json",
      scope: "sms_receipt",
      json: {
        ...{ code: "/status/code", flag: "/status/ok" },
        ...{ sent_at: "/times/sent", received_at: "/times/reported" },
      },
    },
  },
} as const satisfies Readonly<Record<string, Shape>>;

/** The shapes that `auto` meets side by side: all that it knows by itself. */
const mixed: readonly Shape[] = Object.values<Shape>(pure).filter(
  ({ perRecord, topic }) => perRecord === 1 && topic.format !== "json",
);
const [firstTable, ...otherTables] = new Set(mixed.flatMap(({ tables }) => tables));

const ten = single("`tmc-sms` with a signature, a template and `out_id`", "tmc-sms", aliyun, signed);
const byTwo = { signature: { from: "/sign_name" }, number_block: { from: "number" } };

/** Every shape that is measured, by the name that `--shapes` takes. */
export const shapes: Readonly<Record<keyof typeof pure | "signed" | "signed-by-two" | "mixed", Shape>> = {
  ...pure,
  signed: ten,
  "signed-by-two": {
    ...ten,
    about: "the same, counted by signature and number block too",
    topic: { ...ten.topic, dimensions: byTwo },
  },
  mixed: {
    about: `\`auto\`, ${mixed.length} of these shapes at random`,
    perRecord: 1,
    topic: { format: "auto" },
    tables: [firstTable ?? aliyun, ...otherTables],
    write: (receipts, random) => mixed[random.below(mixed.length)]?.write(receipts, random) ?? "",
  },
};

export type ShapeName = keyof typeof shapes;
export const shapeNames = Object.keys(shapes) as ShapeName[];
