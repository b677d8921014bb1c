import { hasAny } from "../fields.ts";
import { hasCallMember } from "./aliyun-voice.ts";
import { hasVoiceCode, voiceReceipt } from "./voice.ts";
import type { WireFormat } from "./wire-format.ts";

/** `status_code` alone is in every web server's log; these members are in receipts of calls. */
const otherMembers = [
  "end_time",
  "status_time",
  "dtmf",
  "b_status_code",
  "a_status_code",
  "smart_status_code",
] as const;

/**
 * `tmc-voice`: the messages of the topics alibaba_aliqin_FcCallCdr and, while the call is under way,
 * alibaba_aliqin_FcTmpStatus. They do not say when the call was asked for: `start_time` is the answer.
 */
export const tmcVoice: WireFormat = {
  recognises(element) {
    if (!hasVoiceCode(element)) return false;
    return Object.hasOwn(element, "biz_id") || (hasAny(element, otherMembers) && !hasCallMember(element));
  },

  read(element, options) {
    return voiceReceipt(element, options, Number.NaN);
  },
};
