import { json, of, one, type Sample } from "./sample.ts";

/** The voice receipts of Tencent. */
export const tencentVoice: readonly Sample[] = [
  ...one(
    "tencent",
    of(
      ...(["tencent", "failed", "1", "2016-08-03T03:47:01Z"] as const),
      ...(["2016-08-03T03:46:36Z", "voice_receipt"] as const),
    ),
    {
      "a voice message": json({
        voiceprompt_callback: {
          ...{ result: "1", callid: "c", end_calltime: "1470196021", fee: "0" },
          ...{ mobile: "13900000000", start_calltime: "1470195996" },
        },
      }),
    },
  ),
  ...one("tencent", of("tencent", "failed", "8", undefined, undefined, "voice_failure"), {
    "a call that failed": json({
      voice_failure_callback: { callid: "c", mobile: "13900000000", failure_code: 8, failure_reason: "空号" },
    }),
  }),
];
