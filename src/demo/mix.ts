/** One way for a message or call to end, and how often it occurs. */
export interface Ending {
  readonly weight: number;
  /** The code as it must be counted. */
  readonly code: string;
  /** The category that it must be counted in. */
  readonly category: string;
  /** The code as sent, if carriers spell it differently. */
  readonly sent?: string;
}

const smsFailures: readonly Ending[] = [
  { weight: 14, code: "12", category: "empty_number" },
  { weight: 8, code: "640", category: "empty_number" },
  { weight: 9, code: "mk:0010", category: "empty_number" },
  { weight: 1, code: "mk:0010", category: "empty_number", sent: "MK:0010" },
  { weight: 16, code: "024", category: "power_off" },
  { weight: 12, code: "059", category: "power_off" },
  { weight: 10, code: "002", category: "suspended" },
  { weight: 4, code: "006", category: "blacklist" },
  { weight: 3, code: "-103", category: "blacklist" },
  { weight: 1, code: "-103", category: "blacklist", sent: "－103" },
  { weight: 5, code: "DB:0141", category: "blacklist" },
  { weight: 4, code: "-131", category: "rate_limited" },
  { weight: 3, code: "DB:0142", category: "rate_limited" },
  { weight: 4, code: "-1005", category: "content_blocked" },
  { weight: 2, code: "XL:206", category: "unknown" },
  { weight: 1, code: "XL:330", category: "unknown" },
];

/** About 92% delivered, with a different code for each carrier. */
export const tmcSms: readonly Ending[] = [
  { weight: 760, code: "DELIVRD", category: "delivered" },
  { weight: 210, code: "0", category: "delivered" },
  { weight: 150, code: "000", category: "delivered" },
  ...smsFailures,
];

export const aliyunSms: readonly Ending[] = [
  { weight: 1120, code: "DELIVERED", category: "delivered" },
  ...smsFailures,
];

export const voice: readonly Ending[] = [
  { weight: 640, code: "200000", category: "delivered" },
  { weight: 60, code: "200100", category: "delivered" },
  { weight: 60, code: "200001", category: "delivered_partial" },
  { weight: 40, code: "200003", category: "no_answer" },
  { weight: 20, code: "200002", category: "busy" },
  { weight: 12, code: "200010", category: "power_off" },
  { weight: 8, code: "200005", category: "call_rejected" },
  { weight: 6, code: "200007", category: "unreachable" },
  { weight: 4, code: "200011", category: "suspended" },
  { weight: 3, code: "200004", category: "invalid_number" },
  { weight: 2, code: "500", category: "carrier_error" },
  { weight: 1, code: "200999", category: "unknown" },
];

export const voiceIntermediate: readonly Ending[] = [
  { weight: 3, code: "200101", category: "in_progress" },
  { weight: 2, code: "200102", category: "in_progress" },
];

export const accepted: readonly Ending[] = [{ weight: 1, code: "0", category: "accepted" }];

export const refused: readonly Ending[] = [
  { weight: 5, code: "isv.BUSINESS_LIMIT_CONTROL", category: "rate_limited" },
  { weight: 3, code: "isv.MOBILE_NUMBER_ILLEGAL", category: "invalid_number" },
  { weight: 1, code: "isv.TEMPLATE_MISSING_PARAMETERS", category: "template_param_missing" },
];

export const flat: readonly Ending[] = [
  { weight: 20, code: "OK", category: "accepted" },
  { weight: 1, code: "isv.BUSINESS_LIMIT_CONTROL", category: "rate_limited" },
  { weight: 1, code: "isv.OUT_OF_SERVICE", category: "account_suspended" },
];

/** The signatures; one has a campaign in the spike. */
export const signatures: readonly string[] = ["示例商城", "示例银行", "示例物流", "示例出行"];
export const campaign = "示例大促";

/** Number prefixes of China Mobile, Unicom, Telecom and Broadnet; the spike's blacklist is Unicom's. */
export const prefixes: readonly string[] = ["138", "130", "133", "192"];
export const hitPrefix = "130";

/** The same endings while a campaign hits the blacklists: about a third of the receipts are rejected there. */
export function withBlacklistSpike(endings: readonly Ending[]): readonly Ending[] {
  return endings.map((ending) =>
    ending.category === "blacklist" ? { ...ending, weight: ending.weight * 40 } : ending,
  );
}
