import type { CommandFlag } from "../command.ts";

/** Flags of every search: the period to read, in the records' times. */
export const stretchFlags: readonly CommandFlag[] = [
  { name: "from", value: "TIME", about: "Records from this time on, written as for replay; -1d by default" },
  { name: "to", value: "TIME", about: "End time, exclusive; by default the end of the log" },
];

/** Explains how a record was read. */
export const explainFlag: CommandFlag = {
  name: "explain",
  value: undefined,
  about: "Show for each record what was opened and recognised, as classify --explain does",
};

/** When to give up. */
export const timeoutFlag: CommandFlag = {
  name: "timeout",
  value: "SPAN",
  about: "Give up if Kafka sends nothing for this long; 1m by default",
};
