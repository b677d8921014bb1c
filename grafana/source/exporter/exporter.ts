import type { DashboardSource } from "../build.ts";
import { firingAlerts } from "../firing.ts";
import { health } from "./health.ts";
import { instancesRow } from "./instances.ts";
import { keeping } from "./keeping.ts";
import { processes } from "./processes.ts";
import { reading } from "./reading.ts";
import { uncounted } from "./uncounted.ts";

/** For those who run the exporter: whether it counts, keeps up, and keeps what it counts. */
export const exporter: DashboardSource = {
  uid: "dlr-exporter",
  title: { en: "dlr-exporter", zh: "dlr-exporter 运行状况" },
  description: {
    en: "The exporter itself: whether it counts, keeps up, and commits.",
    zh: "exporter 自身：是否在计数、是否跟得上、计数是否已保存。",
  },
  rows: [
    { title: { en: "Alerts", zh: "告警" }, panels: [firingAlerts({ width: 24 })] },
    health,
    reading,
    uncounted,
    keeping,
    instancesRow,
    processes,
  ],
  other: { uid: "dlr-overview", title: { en: "Delivery receipts", zh: "短信语音回执" } },
  processes: true,
};
