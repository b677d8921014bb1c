/** One invented message or call and how it ended, before it is written in a provider's shape. */
export interface Event {
  /** The code in the provider's spelling. */
  readonly code: string;
  readonly delivered: boolean;
  /** In ms since the epoch. */
  readonly sentAt: number;
  readonly receivedAt: number;
  /** Invented, eleven digits. */
  readonly phone: string;
  /** Invented, digits. */
  readonly id: string;
  /** The sender's signature; absent in receipts that don't contain one. */
  readonly signature?: string;
}

/** A time in the providers' format: China Standard Time, no zone. */
function time(ms: number): string {
  const hours8 = 8 * 3_600_000;
  return new Date(ms + hours8).toISOString().slice(0, 19).replace("T", " ");
}

const smsTopic = "alibaba_aliqin_FcSmsDR";

function tmcSmsFields(event: Event) {
  return {
    extend: event.id.slice(0, 6),
    send_time: time(event.sentAt),
    receiver: event.phone,
    rept_time: time(event.receivedAt),
    err_code: event.code,
    state: event.delivered ? "1" : "2",
    biz_id: `${event.id}^0`,
    ...signed(event),
  };
}

function aliyunSmsFields(event: Event) {
  return {
    phone_number: event.phone,
    send_time: time(event.sentAt),
    report_time: time(event.receivedAt),
    success: event.delivered,
    err_code: event.code,
    err_msg: event.delivered ? "用户接收成功" : "发送失败",
    sms_size: "1",
    biz_id: `${event.id}^0`,
    out_id: event.id.slice(-5),
    ...signed(event),
  };
}

function signed({ signature }: Event): { readonly sign_name?: string } {
  return signature === undefined ? {} : { sign_name: signature };
}

/** Writes a record value in each provider's shape. */
export const shapes = {
  tmcSms: (event: Event) => JSON.stringify(tmcSmsFields(event)),

  tmcSmsFramed: (event: Event) =>
    JSON.stringify({
      topic: smsTopic,
      id: Number(event.id.slice(0, 15)),
      content: { topic: smsTopic, content: JSON.stringify(tmcSmsFields(event)) },
    }),

  aliyunSms: (events: readonly Event[]) => JSON.stringify(events.map(aliyunSmsFields)),

  aliyunSmsObject: (event: Event) => JSON.stringify(aliyunSmsFields(event)),

  tmcVoice: (event: Event) =>
    JSON.stringify({
      biz_id: `${event.id}^0`,
      status_code: event.code,
      dtmf: "",
      duration: event.delivered ? "12" : "0",
      start_time: time(event.sentAt),
      end_time: time(event.receivedAt),
      extend: "",
      status_msg: "",
    }),

  tmcVoiceIntermediate: (event: Event) =>
    JSON.stringify({
      biz_id: `${event.id}^0`,
      status_code: event.code,
      status_time: time(event.receivedAt),
    }),

  aliyunVoice: (event: Event) =>
    JSON.stringify([
      {
        status_code: event.code,
        callee: event.phone,
        caller: "057100000000",
        ring_time: time(event.sentAt + 2000),
        duration: event.delivered ? "12秒" : "0",
        voice_type: "voice",
        originate_time: time(event.sentAt),
        start_time: time(event.sentAt + 4000),
        end_time: time(event.receivedAt),
        call_id: `${event.id}^0`,
        status_msg: "",
        out_id: event.id.slice(-5),
        dtmf: "",
        toll_type: "LOCAL",
      },
    ]),

  aliyunVoiceIntermediate: (event: Event) =>
    JSON.stringify([
      {
        call_id: `${event.id}^0`,
        status_code: event.code,
        status_time: time(event.receivedAt),
        out_id: event.id.slice(-5),
        dtmf: "",
      },
    ]),

  topAccepted: (event: Event) =>
    JSON.stringify({
      alibaba_aliqin_fc_sms_num_send_response: {
        result: { err_code: event.code, model: `${event.id}^0`, success: true },
        request_id: event.id.slice(0, 12),
      },
    }),

  topRefused: (event: Event) =>
    JSON.stringify({
      method: "alibaba.aliqin.fc.sms.num.send",
      error_response: {
        code: 15,
        msg: "Remote service error",
        sub_code: event.code,
        sub_msg: "",
        request_id: event.id.slice(0, 12),
      },
    }),

  topFlat: (event: Event) =>
    JSON.stringify({
      Message: event.delivered ? "OK" : "refused",
      RequestId: event.id.slice(0, 12),
      BizId: `${event.id}^0`,
      Code: event.code,
    }),
};
