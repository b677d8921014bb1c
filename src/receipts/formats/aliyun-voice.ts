import { type Fields, hasAny, own } from "../fields.ts";
import { parseTime } from "../times.ts";
import { hasVoiceCode, voiceReceipt } from "./voice.ts";
import type { WireFormat } from "./wire-format.ts";

const callMembers = ["call_id", "callee", "caller", "originate_time", "ring_time", "voice_type"] as const;

/**
 * `aliyun-voice`: the VoiceReport that Aliyun pushes over HTTP, an array of these objects or a single one, and
 * the VoiceCallReport of a call under way.
 */
export const aliyunVoice: WireFormat = {
  recognises(element) {
    return hasVoiceCode(element) && hasCallMember(element);
  },

  read(element, options) {
    const sentAt = parseTime(own(element, "originate_time"), options.utcOffsetMinutes);
    return voiceReceipt(element, options, sentAt);
  },
};

/** Whether an element has a member that only Aliyun's own voice receipts have. */
export function hasCallMember(element: Fields): boolean {
  return hasAny(element, callMembers);
}
