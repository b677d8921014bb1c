import type { Receipt } from "../../../src/receipts/receipt.ts";
import { inSegments, json, one, type Sample, sms, without } from "./sample.ts";

const aliyunSmsRecord = {
  phone_number: "13900000001",
  send_time: "2017-01-01 00:00:00",
  report_time: "2017-01-01 00:00:03",
  success: true,
  err_code: "DELIVERED",
  err_msg: "用户接收成功",
  sms_size: "1",
  biz_id: "706715193751989145^0",
  out_id: "67890",
};
const aliyunSmsReceipt = inSegments(
  1,
  sms("delivered", "DELIVERED", "2017-01-01T00:00:00", "2017-01-01T00:00:03"),
);

const tencentRecord = {
  user_receive_time: "2015-10-17 08:03:04",
  nationcode: "86",
  mobile: "13000000002",
  report_status: "SUCCESS",
  errmsg: "DELIVRD",
  description: "用户短信送达成功",
  sid: "xxxxxxx",
};
const tencentReceipt: Receipt = {
  ...sms("delivered", "DELIVRD", undefined, "2015-10-17T08:03:04"),
  provider: "tencent",
};

/** Every way Aliyun and Tencent push their SMS receipts. */
export const pushSmsSamples: readonly Sample[] = [
  ...one("aliyun-sms", aliyunSmsReceipt, {
    "an array of one": json([aliyunSmsRecord]),
    "a single object": json(aliyunSmsRecord),
    "size as a number": json([{ ...aliyunSmsRecord, sms_size: 1 }]),
    "no out_id": json([without(aliyunSmsRecord, "out_id")]),
    "out_id null": json([{ ...aliyunSmsRecord, out_id: null }]),
    "success as a word": json([{ ...aliyunSmsRecord, success: "true" }]),
    "success as Python's word": json([{ ...aliyunSmsRecord, success: "True" }]),
    "wrapped by a relay": json({ code: 0, msg: [aliyunSmsRecord] }),
    "a size as Python writes it": json([{ ...aliyunSmsRecord, sms_size: "01" }]),
    "epoch times": json([{ ...aliyunSmsRecord, send_time: 1483200000, report_time: "1483200003000" }]),
  }),
  {
    name: "two receipts in an array, one failed",
    format: "aliyun-sms",
    value: json([
      aliyunSmsRecord,
      { ...aliyunSmsRecord, success: false, err_code: "MOBILE_IN_BLACK", err_msg: "黑名单" },
    ]),
    receipts: [aliyunSmsReceipt, { ...aliyunSmsReceipt, flag: "failed", code: "MOBILE_IN_BLACK" }],
  },
  ...one(
    "aliyun-sms",
    { ...aliyunSmsReceipt, code: "" },
    {
      "success with an empty code": json([{ ...aliyunSmsRecord, err_code: "" }]),
    },
  ),
  ...one(
    "aliyun-sms",
    { ...aliyunSmsReceipt, flag: "failed", code: "012" },
    {
      "failure as a word": json([{ ...aliyunSmsRecord, success: "false", err_code: "012" }]),
    },
  ),
  ...one(
    "aliyun-sms",
    { ...aliyunSmsReceipt, flag: "none" },
    {
      "no success flag": json([without(aliyunSmsRecord, "success")]),
    },
  ),
  ...one(
    "aliyun-sms",
    { ...aliyunSmsReceipt, flag: "unread" },
    {
      "a flag of the wrong type": json([{ ...aliyunSmsRecord, success: [true] }]),
      "a flag that nobody understands": json([{ ...aliyunSmsRecord, success: "perhaps" }]),
    },
  ),

  ...one("tencent", tencentReceipt, {
    "an array of one": json([tencentRecord]),
    "a single object": json(tencentRecord),
  }),
  ...one(
    "tencent",
    { ...tencentReceipt, flag: "failed", code: "MK:0010" },
    {
      failed: json([{ ...tencentRecord, report_status: "FAIL", errmsg: "MK:0010" }]),
    },
  ),
  ...one(
    "tencent",
    { ...tencentReceipt, flag: "none" },
    {
      "no status": json([without(tencentRecord, "report_status")]),
    },
  ),
  ...one(
    "yunpian",
    { ...tencentReceipt, provider: "yunpian", flag: "failed", code: "DB:0103" },
    {
      "Yunpian's, whose code has another name": json([
        {
          ...without(tencentRecord, "errmsg", "description"),
          ...{ report_status: "FAIL", error_msg: "DB:0103", error_detail: "x" },
        },
      ]),
    },
  ),
  ...one("smpp", sms("delivered", "DELIVRD", "2026-11-26T12:00:00", "2026-11-26T12:00:00"), {
    "the text of an SMPP receipt":
      "id:1 sub:001 dlvrd:001 submit date:2611261200 done date:2611261200 stat:DELIVRD err:000 text:hello",
  }),
];
