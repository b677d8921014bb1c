import { json, one, type Sample, voice, without } from "./sample.ts";

const tmcVoiceRecord = {
  biz_id: "1234^5678",
  status_code: "200000",
  dtmf: "1",
  duration: "10",
  start_time: "2016-11-09 15:19:14",
  end_time: "2016-11-09 15:19:24",
  extend: "",
  status_msg: "用户听完语音",
};
const tmcVoiceReceipt = voice("200000", undefined, "2016-11-09T15:19:24");

const aliyunVoiceRecord = {
  status_code: "200002",
  callee: "13000000001",
  caller: "05710000000",
  ring_time: "2017-01-01 00:00:02",
  duration: "10",
  voice_type: "2",
  originate_time: "2017-01-01 00:00:00",
  start_time: "2017-01-01 00:00:05",
  end_time: "2017-01-01 00:00:15",
  call_id: "116012345678^100006543210",
  status_msg: "用户占线",
  out_id: "67890",
  dtmf: "",
  toll_type: "DISTRICT",
};
const aliyunVoiceReceipt = voice("200002", "2017-01-01T00:00:00", "2017-01-01T00:00:15");

/** Every way the receipt of a call is sent. */
export const voiceSamples: readonly Sample[] = [
  ...one("tmc-voice", tmcVoiceReceipt, {
    "the final receipt of a call": json(tmcVoiceRecord),
    "duration as a number": json({ ...tmcVoiceRecord, duration: 10 }),
    "duration with a unit": json({ ...tmcVoiceRecord, duration: "10秒" }),
    "code as a number": json({ ...tmcVoiceRecord, status_code: 200000 }),
    "the finer reason beside the code": json({ ...tmcVoiceRecord, smart_status_code: "ANSWERED" }),
    "in a message frame": json({
      topic: "alibaba_aliqin_FcCallCdr",
      content: { topic: "alibaba_aliqin_FcCallCdr", content: json(tmcVoiceRecord) },
    }),
  }),
  ...one("tmc-voice", voice("200101", undefined, "2016-11-09T15:19:14"), {
    "a call under way (FcTmpStatus)": json({
      biz_id: "1234^5678",
      status_code: "200101",
      status_time: "2016-11-09 15:19:14",
    }),
  }),
  ...one("tmc-voice", voice("200112", undefined, "2016-11-09T15:19:30"), {
    "a double call's legs": json({
      biz_id: "1234^5678",
      a_status_code: "200100",
      b_status_code: "200112",
      a_end_time: "2016-11-09 15:19:31",
      b_end_time: "2016-11-09 15:19:30",
    }),
  }),
  ...one("tmc-voice", voice("200003", undefined, "2016-11-09T15:19:31"), {
    "a double call that never got to its second leg": json({
      biz_id: "1234^5678",
      a_status_code: "200003",
      b_status_code: "",
      a_end_time: "2016-11-09 15:19:31",
      b_end_time: null,
    }),
  }),
  ...one("tmc-voice", voice("200100", undefined, "2016-11-09T15:19:32"), {
    "a double call with a code of its own": json({
      biz_id: "1234^5678",
      status_code: "200100",
      end_time: "2016-11-09 15:19:32",
      a_status_code: "200002",
      b_status_code: "200112",
      a_end_time: "2016-11-09 15:19:31",
      b_end_time: "2016-11-09 15:19:30",
    }),
  }),
  ...one(
    "tmc-voice",
    { ...tmcVoiceReceipt, scope: "voice_smart_status", code: "POWER_OFF" },
    {
      "the finer reason alone": json({
        ...without(tmcVoiceRecord, "status_code"),
        smart_status_code: "POWER_OFF",
      }),
      "the finer reason beside an empty code": json({
        ...tmcVoiceRecord,
        status_code: "",
        smart_status_code: "POWER_OFF",
      }),
    },
  ),
  ...one(
    "tmc-voice",
    { ...tmcVoiceReceipt, code: "" },
    {
      "no code that says anything": json({ ...tmcVoiceRecord, status_code: null }),
    },
  ),

  ...one("aliyun-voice", aliyunVoiceReceipt, {
    "an array of one": json([aliyunVoiceRecord]),
    "a single object": json(aliyunVoiceRecord),
    "duration with a unit": json([{ ...aliyunVoiceRecord, duration: "10秒" }]),
    "out_id null": json([{ ...aliyunVoiceRecord, out_id: null }]),
    "the finer reason beside the code": json([{ ...aliyunVoiceRecord, smart_status_code: "BUSY" }]),
  }),
  ...one("aliyun-voice", voice("200102", undefined, "2017-01-01T00:00:02"), {
    "a call under way (VoiceCallReport)": json({
      call_id: "116012345678^100006543210",
      status_code: "200102",
      status_time: "2017-01-01 00:00:02",
      out_id: "67890",
      dtmf: "",
    }),
  }),
];
