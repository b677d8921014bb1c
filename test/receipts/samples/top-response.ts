import { answer, json, one, type Sample } from "./sample.ts";

const acceptedRecord = {
  alibaba_aliqin_fc_sms_num_send_response: {
    result: { err_code: "0", model: "134523^4351232", success: true },
    request_id: "10nvxyzabc",
  },
};
const refusedRecord = {
  error_response: {
    code: 15,
    msg: "Remote service error",
    sub_code: "isv.BUSINESS_LIMIT_CONTROL",
    sub_msg: "触发业务流控",
    request_id: "10nvxyzabd",
  },
};
const refusedReceipt = answer("api", "refused", "isv.BUSINESS_LIMIT_CONTROL");

/** Every way an API answers. */
export const topResponseSamples: readonly Sample[] = [
  ...one("top-response", answer("sms_send_api", "accepted", "0"), {
    "an accepted send": json(acceptedRecord),
    "an accepted send, wrapped by a relay": json({ code: 0, msg: acceptedRecord }),
    "an accepted send, wrapped as a JSON string": json({ code: "0", msg: json(acceptedRecord) }),
  }),
  ...one("top-response", answer("voice_doublecall_api", "refused", "isv.DISPLAY_NUMBER_ILLEGAL"), {
    "a success envelope that holds a refusal": json({
      alibaba_aliqin_fc_voice_num_doublecall_response: {
        result: { err_code: "isv.DISPLAY_NUMBER_ILLEGAL", success: false },
      },
    }),
  }),
  ...one("top-response", answer("tts_singlecall_api", "none", "isv.TTS_TEMPLATE_ILLEGAL"), {
    "a success envelope without a flag": json({
      alibaba_aliqin_fc_tts_num_singlecall_response: { result: { err_code: "isv.TTS_TEMPLATE_ILLEGAL" } },
    }),
  }),
  ...one("top-response", answer("sms_query_api", "accepted", ""), {
    "the answer to a query, which has no result": json({
      alibaba_aliqin_fc_sms_num_query_response: { values: {}, total_count: 0, request_id: "1" },
    }),
  }),
  ...one("top-response", answer("voice_singlecall_api", "accepted", "0"), {
    "an accepted call": json({
      alibaba_aliqin_fc_voice_num_singlecall_response: { result: { err_code: "0", success: "true" } },
    }),
  }),
  ...one("top-response", answer("api", "accepted", "0"), {
    "an API that no table is for": json({
      alibaba_aliqin_fc_flow_charge_response: { result: { err_code: "0", success: true } },
    }),
  }),
  ...one("top-response", refusedReceipt, {
    "a refusal that names no API": json(refusedRecord),
    "a refusal of an API that no table is for": json({
      method: "alibaba.aliqin.fc.flow.charge",
      ...refusedRecord,
    }),
  }),
  ...one(
    "top-response",
    { ...refusedReceipt, scope: "sms_send_api" },
    {
      "a refusal whose forwarder names the API": json({
        method: "alibaba.aliqin.fc.sms.num.send",
        ...refusedRecord,
      }),
      "a wrapped refusal whose forwarder names the API": json({
        method: "alibaba.aliqin.fc.sms.num.send",
        code: 0,
        msg: refusedRecord,
      }),
    },
  ),
  {
    name: "a refusal whose header names the API, which the record then need not",
    format: "top-response",
    value: json({ method: "alibaba.aliqin.fc.sms.num.send", ...refusedRecord }),
    method: "alibaba.aliqin.fc.sms.num.query",
    receipts: [{ ...refusedReceipt, scope: "sms_query_api" }],
  },
  ...one("top-response", answer("api", "refused", "15"), {
    "an error without a finer code, as a number": json({ error_response: { code: 15, msg: "error" } }),
    "an error without a finer code, as a string": json({ error_response: { code: "15", sub_code: "" } }),
  }),
  ...one("top-response", refusedReceipt, {
    "a refusal that a market wraps": json({
      code: "10000",
      charge: false,
      msg: "查询成功",
      result: refusedRecord,
    }),
    "a refusal without its envelope, that a market wraps": json({
      ...{ code: "10000", charge: false, msg: "查询成功" },
      result: refusedRecord.error_response,
    }),
  }),
  ...one("top-response", answer("api", "accepted", "0"), {
    "an accepted send without its envelope, that a market wraps": json({
      ...{ code: "10000", charge: false, msg: "查询成功" },
      result: acceptedRecord.alibaba_aliqin_fc_sms_num_send_response,
    }),
    "the same as a JSON string": json({
      ...{ code: 0, message: "ok" },
      data: json(acceptedRecord.alibaba_aliqin_fc_sms_num_send_response),
    }),
  }),
  ...one("top-response", answer("api", "accepted", "OK"), {
    "the flat form, accepted": json({ Message: "OK", RequestId: "873043ac", BizId: "1^0", Code: "OK" }),
  }),
  ...one("top-response", answer("api", "accepted", "ok"), {
    "the flat form, accepted in lower case": json({ Message: "OK", RequestId: "873043ac", Code: "ok" }),
  }),
  ...one("top-response", answer("api", "refused", "isv.OUT_OF_SERVICE"), {
    "the flat form, refused": json({ Message: "业务停机", RequestId: "1", Code: "isv.OUT_OF_SERVICE" }),
  }),
];
