import { hasAny, own } from "../fields.ts";
import type { Flag } from "../receipt.ts";
import { smsReceipt } from "./sms.ts";
import type { WireFormat } from "./wire-format.ts";

const messageMembers = ["errmsg", "user_receive_time", "mobile", "sid"] as const;

/** `tencent`: the callback of Tencent Cloud SMS, an array of these objects. Its `errmsg` holds the code. */
export const tencent: WireFormat = {
  recognises(element) {
    if (Object.hasOwn(element, "report_status")) return hasAny(element, messageMembers);
    // Tencent's answer to a send has `errmsg`, `mobile` and `sid` as well, but nothing was received yet.
    return Object.hasOwn(element, "errmsg") && Object.hasOwn(element, "user_receive_time");
  },

  read(element, options) {
    const flag = statusFlag(own(element, "report_status"));
    return smsReceipt(element, options, flag, own(element, "errmsg"), "tencent");
  },
};

function statusFlag(status: unknown): Flag {
  if (status === "SUCCESS") return "delivered";
  return status === "FAIL" ? "failed" : "none";
}
