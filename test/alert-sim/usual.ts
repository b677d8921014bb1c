import type { Alert } from "./rules.ts";

const all = "sum by (provider) (increase(partition_category:dlr_receipts_total:max[WINDOW]))";
const bad =
  'sum by (provider) (increase(partition_category:dlr_receipts_total:max{category="blacklist"}[WINDOW]))';
const counted = (what: string, window: string) => what.replace("WINDOW", window);
const ratio = (window: string) => `${counted(bad, window)} / ${counted(all, window)}`;
const weekly = (of: string) => `${of}_over_time((${ratio("5m")})[1w:5m])`;

/**
 * What is usually done instead, with the parameters of textbooks, on the same counts. All wait two minutes, and fire
 * for ten minutes more, but for the burn rate, which has its windows for that.
 */
export const usualRules: readonly Alert[] = [
  { alert: "ratio of 5 min > 3 %", expr: `${ratio("5m")} > 0.03` },
  {
    alert: "ratio of 5 min > 3 %, 100 receipts",
    expr: `${ratio("5m")} > 0.03 and ${counted(all, "5m")} >= 100`,
  },
  {
    alert: "z-score > 3 against 1 week",
    expr: `(${ratio("5m")} - ${weekly("avg")}) / ${weekly("stddev")} > 3`,
  },
  {
    alert: "burn rate 14.4 of 1 % in 1 h and 5 min",
    expr: `${ratio("1h")} > 0.144 and ${ratio("5m")} > 0.144`,
  },
  {
    alert: "rate > 3 x the trailing hour's",
    expr: `${counted(bad, "5m")} * 12 > 3 * ${counted(bad, "1h")}`,
  },
].map((rule) => ({ ...rule, wait: 2, keep: 10 }));
