import { clearScreenDown, moveCursor } from "node:readline";
import { styleText } from "node:util";
import type { ActiveAlert } from "./alerts.ts";

/** What the demo shows at one moment. */
export interface Frame {
  /** Since the start. */
  readonly seconds: number;
  readonly receipts: number;
  readonly malformed: number;
  /** Records in Kafka that are not counted yet. */
  readonly lag: number;
  /** In any order. */
  readonly categories: readonly {
    readonly name: string;
    readonly total: number;
    readonly perMinute: number;
  }[];
  /** The alerts, in the order to show; undefined without Prometheus. */
  readonly alerts: readonly ActiveAlert[] | undefined;
}

const colours: Readonly<Record<string, Parameters<typeof styleText>[0]>> = {
  delivered: "green",
  accepted: "green",
  blacklist: "red",
  unknown: "yellow",
};

/** An integer with thousands separators, right-aligned. */
function count(value: number, width: number): string {
  return Math.round(value).toLocaleString("en").padStart(width);
}

function byTotal(frame: Frame) {
  return frame.categories
    .filter(({ total }) => total > 0)
    .toSorted((a, b) => b.total - a.total || a.name.localeCompare(b.name));
}

/**
 * The table of categories, the most frequent first.
 *
 * @param height maximum number of lines; the rarest categories are left out if they do not fit
 * @returns one string a line
 */
export function renderTable(frame: Frame, height: number): string[] {
  const categories = byTotal(frame);
  const alerts = alertLines(frame);
  const fixed = 3 + alerts.length;
  const shown = categories.slice(0, Math.max(1, height - fixed));
  const left = categories.length - shown.length;
  return [
    `${count(frame.seconds, 5)} s  ${count(frame.receipts, 9)} receipts  ${count(frame.lag, 7)} records behind`,
    styleText("bold", `${"category".padEnd(24)}${"total".padStart(12)}${"per minute".padStart(14)}`),
    ...shown.map(({ name, total, perMinute }) => {
      const row = `${name.padEnd(24)}${count(total, 12)}${count(perMinute, 14)}`;
      const colour = colours[name];
      return colour === undefined ? row : styleText(colour, row);
    }),
    `${"malformed records".padEnd(24)}${count(frame.malformed, 12)}${left > 0 ? `   and ${left} more categories` : ""}`,
    ...alerts,
  ];
}

function alertLines({ alerts }: Frame): string[] {
  if (alerts === undefined) return [];
  const rows = alerts.map(({ name, severity, state, subject, hit }) => {
    const row =
      `${name.padEnd(24)}${state.padStart(12)}${severity.padStart(14)}  ${subject}  ${hit}`.trimEnd();
    return state === "firing" ? styleText(severity === "critical" ? "red" : "yellow", row) : row;
  });
  return [
    styleText("bold", `${"alert".padEnd(24)}${"state".padStart(12)}${"severity".padStart(14)}`),
    ...(rows.length === 0 ? ["none"] : rows),
  ];
}

/** The same in one line, for a log or a pipe. */
export function renderLine(frame: Frame): string {
  const parts = byTotal(frame).map(
    ({ name, total, perMinute }) => `${name} ${count(total, 0)} (${count(perMinute, 0)}/min)`,
  );
  const head = `${count(frame.seconds, 0)} s, ${count(frame.receipts, 0)} receipts`;
  return `${head}: ${parts.join(", ")}, malformed ${count(frame.malformed, 0)}${alertWords(frame)}`;
}

function alertWords({ alerts }: Frame): string {
  if (alerts === undefined) return "";
  const words = alerts.map(({ name, severity, state, subject, hit }) =>
    `${name} ${subject} ${state} (${severity})${hit === "" ? "" : `: ${hit}`}`.replace("  ", " "),
  );
  return `; alerts: ${words.length === 0 ? "none" : words.join(", ")}`;
}

/** Shows frames: on a terminal each replaces the last, elsewhere a line every five seconds. */
export function createDisplay(output: NodeJS.WriteStream): (frame: Frame) => void {
  let drawn = 0;
  let nextLineAt = 5;
  return (frame) => {
    if (output.isTTY) {
      moveCursor(output, 0, -drawn);
      clearScreenDown(output);
      const lines = renderTable(frame, output.rows - 1);
      output.write(`${lines.join("\n")}\n`);
      drawn = lines.length;
    } else if (frame.seconds >= nextLineAt) {
      output.write(`${renderLine(frame)}\n`);
      nextLineAt = frame.seconds + 5;
    }
  };
}
