import type { Receipt } from "../../../src/receipts/receipt.ts";
import { answer, inSegments, json, sms, voice } from "./sample.ts";

/** A receipt as its provider sends it, and what is to be read from it. All numbers are invented. */
interface Original {
  readonly format: string;
  readonly value: unknown;
  readonly receipts: readonly Receipt[];
}

export const aliyunSms = {
  phone_number: "13900000000",
  send_time: "2026-01-01 00:00:00",
  report_time: "2026-01-01 00:00:03",
  success: false,
  err_code: "DB:0141",
  err_msg: "黑名单",
  sms_size: "1",
  biz_id: "1^0",
};
const unsized = sms("failed", "DB:0141", "2026-01-01T00:00:00", "2026-01-01T00:00:03");
export const aliyunReceipt = inSegments(1, unsized);

export const originals: Readonly<Record<string, Original>> = {
  aliyunSms: { format: "aliyun-sms", value: [aliyunSms], receipts: [aliyunReceipt] },
  aliyunQueue: {
    format: "aliyun-sms",
    value: {
      phoneNumber: "13900000000",
      sendTime: "2026-01-01 00:00:00",
      reportTime: "2026-01-01 00:00:03",
      success: "N",
      errCode: "DB:0141",
      smsSize: "1",
      bizId: "1^0",
    },
    receipts: [aliyunReceipt],
  },
  aliyunPoll: {
    format: "aliyun-sms",
    value: {
      TotalCount: "2",
      Message: "OK",
      RequestId: "r",
      Code: "OK",
      SmsSendDetailDTOs: {
        SmsSendDetailDTO: [
          {
            ...{ ErrCode: "DB:0141", SendStatus: 2, SendDate: "2026-01-01 00:00:00" },
            ...{ ReceiveDate: "2026-01-01 00:00:03", PhoneNum: "13900000000", Content: "x" },
          },
          { SendStatus: 1, SendDate: "2026-01-01 00:00:00", PhoneNum: "13900000000" },
        ],
      },
    },
    receipts: [unsized, { ...sms("pending", "", "2026-01-01T00:00:00", ""), receivedAt: Number.NaN }],
  },
  tmcSms: {
    format: "tmc-sms",
    value: {
      extend: "",
      send_time: "2026-01-01 00:00:00",
      receiver: "13900000000",
      rept_time: "2026-01-01 00:00:03",
      err_code: "DB:0141",
      state: "2",
      biz_id: "1^2",
    },
    receipts: [unsized],
  },
  tmcPoll: {
    format: "tmc-sms",
    value: {
      alibaba_aliqin_fc_sms_num_query_response: {
        values: {
          fc_partner_sms_detail_dto: [
            {
              ...{ sms_code: "DB:0141", sms_status: 2, sms_send_time: "2026-01-01 00:00:00" },
              ...{ sms_receiver_time: "2026-01-01 00:00:03", rec_num: "13900000000" },
            },
          ],
        },
        total_count: 1,
      },
    },
    receipts: [unsized],
  },
  aliyunVoice: {
    format: "aliyun-voice",
    value: [
      {
        ...{ status_code: "200010", call_id: "1^2", duration: "0", out_id: "" },
        ...{ originate_time: "2026-01-01 00:00:00", end_time: "2026-01-01 00:00:03" },
      },
    ],
    receipts: [voice("200010", "2026-01-01T00:00:00", "2026-01-01T00:00:03")],
  },
  aliyunVoicePoll: {
    format: "aliyun-voice",
    value: {
      Code: "OK",
      RequestId: "r",
      Data: json({
        callId: "1^2",
        callee: "13900000000",
        state: "200010",
        gmtCreate: "2026-01-01 00:00:00",
        endDate: "2026-01-01 00:00:03",
      }),
    },
    receipts: [voice("200010", "2026-01-01T00:00:00", "2026-01-01T00:00:03")],
  },
  tmcVoice: {
    format: "tmc-voice",
    value: { biz_id: "1^2", status_code: "200002", duration: 0, end_time: "2026-01-01 00:00:03" },
    receipts: [voice("200002", undefined, "2026-01-01T00:00:03")],
  },
  tencent: {
    format: "tencent",
    value: [
      {
        ...{ user_receive_time: "2026-01-01 00:00:03", nationcode: "86", mobile: "13900000000" },
        ...{ report_status: "FAIL", errmsg: "MK:0010", description: "x", sid: "s" },
      },
    ],
    receipts: [{ ...sms("failed", "MK:0010", undefined, "2026-01-01T00:00:03"), provider: "tencent" }],
  },
  tencentPoll: {
    format: "tencent",
    value: {
      Response: {
        PullSmsSendStatusSet: [
          {
            ...{ ReportStatus: "SUCCESS", Description: "DELIVRD", UserReceiveTime: 1767196803 },
            ...{ SerialNo: "1", PhoneNumber: "+8613900000000", SubscriberNumber: "13900000000" },
          },
        ],
        RequestId: "r",
      },
    },
    receipts: [{ ...sms("delivered", "DELIVRD", undefined, "2026-01-01T00:00:03"), provider: "tencent" }],
  },
  yunpian: {
    format: "yunpian",
    value: [
      {
        ...{ error_detail: "x", sid: 9528, uid: null, user_receive_time: "2026-01-01 00:00:03" },
        ...{ error_msg: "DB:0103", mobile: "13900000000", report_status: "FAIL" },
      },
    ],
    receipts: [{ ...sms("failed", "DB:0103", undefined, "2026-01-01T00:00:03"), provider: "yunpian" }],
  },
  refusal: {
    format: "top-response",
    value: { error_response: { code: 15, sub_code: "isv.BUSINESS_LIMIT_CONTROL", request_id: "r" } },
    receipts: [answer("api", "refused", "isv.BUSINESS_LIMIT_CONTROL")],
  },
};
