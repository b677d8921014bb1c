import type { DashboardSource } from "../build.ts";
import { alerts } from "./alerts.ts";
import { blacklist } from "./blacklist.ts";
import { codes } from "./codes.ts";
import { cost } from "./cost.ts";
import { delay } from "./delay.ts";
import { failures } from "./failures.ts";
import { neverCame } from "./missing.ts";
import { now } from "./now.ts";
import { refusals } from "./refusals.ts";
import { speed } from "./speed.ts";
import { values } from "./values.ts";
import { voice } from "./voice.ts";

/** For those who send: what arrives, what does not, and who can mend it. */
export const overview: DashboardSource = {
  uid: "dlr-overview",
  title: { en: "Delivery receipts", zh: "短信语音回执" },
  description: {
    en: "SMS and voice delivery receipts by category: what is delivered, what fails, and who can fix it.",
    zh: "短信与语音回执的分类统计：哪些送达，哪些失败，由谁处理。",
  },
  rows: [alerts, now, failures, cost, blacklist, values, codes, voice, refusals, neverCame, speed, delay],
  other: { uid: "dlr-exporter", title: { en: "The exporter", zh: "exporter 运行状况" } },
  processes: false,
};
