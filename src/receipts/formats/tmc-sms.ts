import { hasAny, own } from "../fields.ts";
import type { Flag } from "../receipt.ts";
import { smsReceipt } from "./sms.ts";
import type { WireFormat } from "./wire-format.ts";

// `state` is anybody's word, and `err_code` is in other receipts too: either takes a second member to be known.
const besideState = ["err_code", "receiver", "rept_time", "send_time", "biz_id"] as const;
const besideCode = ["receiver", "rept_time"] as const;

/**
 * `tmc-sms`: the message of the topic alibaba_aliqin_FcSmsDR, one object whose values are strings.
 *
 * The code of success differs from carrier to carrier, so `state` decides and `err_code` explains.
 */
export const tmcSms: WireFormat = {
  recognises(element) {
    if (Object.hasOwn(element, "state")) return hasAny(element, besideState);
    return Object.hasOwn(element, "err_code") && hasAny(element, besideCode);
  },

  read(element, options) {
    return smsReceipt(
      element,
      options,
      stateFlag(own(element, "state")),
      own(element, "err_code"),
      undefined,
    );
  },
};

/** What `state` says: "1" delivered, "2" failed; no other value speaks of success. */
export function stateFlag(state: unknown): Flag {
  if (state === "1" || state === 1) return "delivered";
  return state === "2" || state === 2 ? "failed" : "none";
}
