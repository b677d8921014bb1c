import { frame, json, one, type Sample, sms, without } from "./sample.ts";

const tmcSmsRecord = {
  extend: "123456",
  send_time: "2015-04-14 12:21:23",
  receiver: "13000000000",
  rept_time: "2015-04-14 12:21:44",
  err_code: "DELIVRD",
  state: "1",
  biz_id: "123456^123456",
};
const tmcSmsReceipt = sms("delivered", "DELIVRD", "2015-04-14T12:21:23", "2015-04-14T12:21:44");

/** Every way a TMC SMS receipt is sent. */
export const tmcSmsSamples: readonly Sample[] = [
  ...one("tmc-sms", tmcSmsReceipt, {
    "as the provider documents it": json(tmcSmsRecord),
    "laid out over lines": JSON.stringify(tmcSmsRecord, null, 2),
    "in an array": json([tmcSmsRecord]),
    "state as a number": json({ ...tmcSmsRecord, state: 1 }),
    "members that the provider does not document": json({ ...tmcSmsRecord, region: "杭州", try: 1 }),
    "behind a byte order mark": `\uFEFF${json(tmcSmsRecord)}`,
    "behind the topic's name": `alibaba_aliqin_FcSmsDR ${json(tmcSmsRecord)}`,
    "behind blanks and the topic's name without one": ` \nalibaba_aliqin_FcSmsDR${json(tmcSmsRecord)}\r\n`,
    "times of 14 digits": json({ ...tmcSmsRecord, send_time: "20150414122123", rept_time: 20150414122144 }),
    "times split into date and time": json({
      ...tmcSmsRecord,
      send_date: "2015-04-14",
      send_time: "12:21:23",
      rept_date: "20150414",
      rept_time: "122144",
    }),
    "a time of receipt by another name": json({
      ...without(tmcSmsRecord, "rept_time"),
      receive_date: "2015-04-14",
      receive_time: "12:21:44",
    }),
    "in a message frame as a JSON string": json(frame(json(tmcSmsRecord))),
    "in a message frame as an object": json(frame(tmcSmsRecord)),
    "in the outer frame only": json({ topic: "alibaba_aliqin_FcSmsDR", content: json(tmcSmsRecord) }),
    "in a message frame that is a JSON string": json({ content: json(frame(json(tmcSmsRecord)).content) }),
    "put into a JSON string": json(json(tmcSmsRecord)),
    "wrapped by a relay": json({ code: 0, msg: tmcSmsRecord }),
    "in msg without a code": json({ msg: tmcSmsRecord }),
    "behind another word": `INFO ${json(tmcSmsRecord)}`,
    "behind two byte order marks": `\uFEFF\uFEFF${json(tmcSmsRecord)}`,
    "behind a no-break space": `\u00a0${json(tmcSmsRecord)}`,
    "frames in an array": json([frame(json([tmcSmsRecord]))]),
    "a member twice, of which the last counts": `{"state":"2",${json(tmcSmsRecord).slice(1)}`,
    "members named like the language's own": `{"__proto__":{"state":"2"},"constructor":1,${json(tmcSmsRecord).slice(1)}`,
  }),
  ...one("tmc-sms", sms("failed", "DB:0141", "2016-11-09T15:19:14", "2016-11-09T15:19:36"), {
    "failed, in a frame, the documented example":
      '{"topic":"alibaba_aliqin_FcSmsDR","id":4160600490938325004,"content":{"topic":"alibaba_aliqin_FcSmsDR","content":"{\\"state\\":\\"2\\",\\"err_code\\":\\"DB:0141\\",\\"biz_id\\":\\"1^2\\",\\"receiver\\":\\"13000000000\\",\\"send_time\\":\\"2016-11-09 15:19:14\\",\\"rept_time\\":\\"2016-11-09 15:19:36\\",\\"extend\\":\\"\\"}"}}',
  }),
  ...one(
    "tmc-sms",
    { ...tmcSmsReceipt, flag: "none" },
    {
      "no state": json(without(tmcSmsRecord, "state")),
      "a state that says nothing": json({ ...tmcSmsRecord, state: "" }),
    },
  ),
  ...one(
    "tmc-sms",
    { ...tmcSmsReceipt, flag: "unread" },
    {
      "an unknown state": json({ ...tmcSmsRecord, state: "3" }),
      "a state of the wrong type": json({ ...tmcSmsRecord, state: { toString: 1 } }),
    },
  ),
  ...one(
    "tmc-sms",
    { ...tmcSmsReceipt, code: "" },
    {
      "no code": json(without(tmcSmsRecord, "err_code")),
      "a null code": json({ ...tmcSmsRecord, err_code: null }),
      "an empty code": json({ ...tmcSmsRecord, err_code: "" }),
    },
  ),
  ...one(
    "tmc-sms",
    { ...tmcSmsReceipt, sentAt: Number.NaN, receivedAt: Number.NaN },
    {
      "no times": json(without(tmcSmsRecord, "send_time", "rept_time")),
      "times that are none": json({ ...tmcSmsRecord, send_time: "yesterday", rept_time: ["2015"] }),
      "times that there are not": json({
        ...tmcSmsRecord,
        send_time: "2015-13-14 12:21:23",
        rept_time: "2015-02-30 12:21:44",
      }),
    },
  ),
  ...one(
    "tmc-sms",
    { ...tmcSmsReceipt, code: "-103" },
    {
      "a number for a code": json({ ...tmcSmsRecord, err_code: -103 }),
    },
  ),
  ...one(
    "tmc-sms",
    { ...tmcSmsReceipt, code: "002" },
    {
      "a code with control characters, left out": json({ ...tmcSmsRecord, err_code: "002\n\u0000" }),
    },
  ),
  ...one(
    "tmc-sms",
    { ...tmcSmsReceipt, code: "X".repeat(256) },
    {
      "a code of 100,000 characters, of which 256 are looked at": json({
        ...tmcSmsRecord,
        err_code: "X".repeat(100_000),
      }),
    },
  ),
];
