import { hasAny, own, truthOf } from "../fields.ts";
import type { Flag } from "../receipt.ts";
import { smsReceipt } from "./sms.ts";
import type { WireFormat } from "./wire-format.ts";

const codeMembers = ["err_code", "success"] as const;
const ownMembers = ["phone_number", "report_time"] as const;
const messageMembers = ["send_time", "biz_id", "sms_size"] as const;

/** `aliyun-sms`: the SmsReport that Aliyun pushes over HTTP, an array of these objects or a single one. */
export const aliyunSms: WireFormat = {
  recognises(element) {
    if (!hasAny(element, codeMembers)) return false;
    // `success` beside `err_code` is an API's answer too; a receipt says of which message it speaks.
    return (
      hasAny(element, ownMembers) || (Object.hasOwn(element, "success") && hasAny(element, messageMembers))
    );
  },

  read(element, options) {
    return smsReceipt(
      element,
      options,
      successFlag(truthOf(own(element, "success"))),
      own(element, "err_code"),
      undefined,
    );
  },
};

function successFlag(success: boolean | undefined): Flag {
  if (success === undefined) return "none";
  return success ? "delivered" : "failed";
}
