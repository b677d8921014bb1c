import type { Unread } from "../../replay/counts.ts";
import type { Beginning } from "../../replay/replay.ts";
import { localMinute, localTime } from "../../replay/report/local-time.ts";
import { counted, grouped, spanWords } from "../../replay/spans.ts";
import type { ReplayWindow } from "../../replay/window.ts";
import type { CommandFlag } from "../command.ts";
import { quoted } from "../shell-words.ts";

/** What the messages of a replay depend on. */
export interface Worded {
  readonly window: ReplayWindow;
  readonly resume: string | undefined;
  readonly utcOffsetMinutes: number;
  readonly quiet: boolean;
}

/**
 * What to say before the first record: which window is resumed, and how much is read past it.
 *
 * @returns lines for the terminal; empty if there is nothing to say. Resuming another window than the flags mean now
 *   is reported even with `--quiet`
 */
export function beginningNotes({ total, behind, continued }: Beginning, worded: Worded): string {
  const { window, resume, quiet, utcOffsetMinutes } = worded;
  const minute = (at: number) => localMinute(at, utcOffsetMinutes);
  if (continued !== undefined) {
    const own = continued.window;
    const moved = own.from !== window.from || own.to !== window.to;
    if (quiet && !moved) return "";
    const percent = Math.floor((100 * continued.done) / Math.max(1, total));
    return (
      `Continuing the replay from ${minute(own.from)} to ${minute(own.to)}, started at ${minute(continued.begunAt)}, ` +
      `${percent} % read (state in ${resume}). ${moved ? "For the current window, remove" : "To start over, remove"} that file.\n`
    );
  }
  if (quiet || behind * 2 <= total || behind < 1_000_000) return "";
  return (
    `Reading ${grouped(total)} offsets up to the end of the log, ${grouped(behind)} of them after the window, where late receipts may ` +
    "still be. --slack 6h skips most of those.\n"
  );
}

/** @returns why a result may lack some receipts, as a sentence; undefined when it does not */
export function doubtsOf(unread: readonly Unread[]): string | undefined {
  const suspects = unread.filter(({ suspect }) => suspect !== undefined);
  if (suspects.length === 0) return undefined;
  const topics = [...new Set(suspects.map(({ topic }) => topic))].join(", ");
  const offsets = suspects.reduce((sum, one) => sum + one.offsets, 0);
  const disorder = Math.max(...suspects.map(({ suspect = 0 }) => suspect));
  return (
    `records of ${topics} are up to ${spanWords(disorder)} out of order, so the ${counted(offsets, "offset")} ` +
    `that --slack skipped may hold receipts of the window: leave out --slack to read them`
  );
}

/**
 * The command that replays the same window again at any time.
 *
 * @param flags all that the command takes, in the order in which they are written
 * @returns undefined when the window was given in fixed times already
 */
export function fixedCommand(
  flags: readonly CommandFlag[],
  values: Readonly<Record<string, string | readonly string[] | undefined>>,
  switches: ReadonlySet<string>,
  window: ReplayWindow,
  utcOffsetMinutes: number,
): string | undefined {
  const moves = ["from", "to"].some((name) => /^(now|-)/.test(String(values[name])));
  if (!moves) return undefined;
  const fixed = { from: window.from, to: window.to };
  const given = flags.flatMap(({ name, value }) => {
    if (value === undefined) return switches.has(name) ? [`--${name}`] : [];
    if (name === "from" || name === "to") return [`--${name}`, localTime(fixed[name], utcOffsetMinutes)];
    const own = values[name];
    const all = own === undefined ? [] : typeof own === "string" ? [own] : own;
    return all.flatMap((one) => [`--${name}`, quoted(withoutLogin(one))]);
  });
  return ["dlr-exporter replay", ...given].join(" ");
}

/** Removes the password of an address. */
function withoutLogin(value: string): string {
  const url = /^https?:/.test(value) ? URL.parse(value) : null;
  if (url === null || (url.username === "" && url.password === "")) return value;
  url.username = "USER";
  url.password = "PASSWORD";
  return url.href;
}
