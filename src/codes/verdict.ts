/** What happened to the message, whatever the reason. */
export const outcomes = [
  "delivered",
  "failed",
  "in_progress",
  "accepted",
  "request_rejected",
  "unknown",
] as const;
export type Outcome = (typeof outcomes)[number];

/** Who has to act, or whose state it is. */
export const faults = [
  "none",
  "recipient",
  "sender_content",
  "account_config",
  "carrier",
  "platform",
] as const;
export type Fault = (typeof faults)[number];

export const channels = ["sms", "voice", "unknown"] as const;
export type Channel = (typeof channels)[number];
