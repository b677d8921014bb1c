import { describe, expect, it } from "vitest";
import { replayFlags } from "../../../src/commands/replay/request.ts";
import { beginningNotes, doubtsOf, fixedCommand } from "../../../src/commands/replay/words.ts";

const hour = 3_600_000;
const to = Date.parse("2026-11-24T12:00:00+08:00");
const window = { from: to - 3 * hour, to, step: 60_000, slack: undefined, by: "event" } as const;

describe("before the first record", () => {
  const worded = { window, resume: "oct.state", utcOffsetMinutes: 480, quiet: false };
  const begun = { total: 4_000_000, behind: 0, continued: undefined };
  const continued = { window, begunAt: to, done: 1_000_000 };
  const older = { ...window, from: window.from - hour, to: to - hour };
  const rows = [
    { name: "nothing of an ordinary one", beginning: begun, says: "" },
    {
      name: "how much lies behind the window",
      beginning: { ...begun, behind: 3_000_000 },
      says:
        "Reading 4,000,000 offsets up to the end of the log, 3,000,000 of them after the window, where late receipts may still be. " +
        "--slack 6h skips most of those.\n",
    },
    { name: "nothing of little", beginning: { ...begun, total: 10_000, behind: 9_000 }, says: "" },
    {
      name: "which window is gone on with",
      beginning: { ...begun, continued },
      says:
        "Continuing the replay from 2026-11-24 09:00 to 2026-11-24 12:00, started at 2026-11-24 12:00, 25 % read " +
        "(state in oct.state). To start over, remove that file.\n",
    },
    { name: "nothing of it to the quiet", beginning: { ...begun, continued }, quiet: true, says: "" },
    {
      name: "that it is another window than today's, to the quiet too",
      beginning: { ...begun, continued: { ...continued, window: older, begunAt: to - hour } },
      quiet: true,
      says:
        "Continuing the replay from 2026-11-24 08:00 to 2026-11-24 11:00, started at 2026-11-24 11:00, 25 % read " +
        "(state in oct.state). For the current window, remove that file.\n",
    },
  ];
  it.each(rows)("says $name", ({ beginning, quiet = false, says }) => {
    expect(beginningNotes(beginning, { ...worded, quiet })).toBe(says);
  });
});

describe("what was left unread", () => {
  const unread = { topic: "t", partition: 0, offsets: 7, after: to, until: to, suspect: undefined };

  it("is no doubt where records are in order", () => {
    expect(doubtsOf([])).toBeUndefined();
    expect(doubtsOf([unread])).toBeUndefined();
  });

  it("is one where they are not", () => {
    expect(doubtsOf([unread, { ...unread, partition: 1, offsets: 2, suspect: 48 * hour }])).toBe(
      "records of t are up to 2 days out of order, so the 2 offsets that --slack skipped may hold receipts of the window: leave out --slack to read them",
    );
  });
});

describe("the command that repeats a replay", () => {
  const flags = [{ name: "topic", value: "T", about: "", list: true }, ...replayFlags];
  const fixed = (values: Record<string, string | string[]>, switches: string[] = []) =>
    fixedCommand(flags, { from: "-3h", to: "now", ...values }, new Set(switches), window, 480);

  it("has fixed times, and all else as it was given", () => {
    const values = { topic: ["a", "b"], openmetrics: "my file.txt", as: "gauge" };
    expect(fixed(values, ["quiet"])).toBe(
      "dlr-exporter replay --topic a --topic b --from 2026-11-24T09:00:00+08:00 --to 2026-11-24T12:00:00+08:00 " +
        "--openmetrics 'my file.txt' --as gauge --quiet",
    );
  });

  it("repeats no login", () => {
    const command = fixed({ "remote-write": "https://me:secret@metrics.example/api" });
    expect(command).toContain("--remote-write https://USER:PASSWORD@metrics.example/api");
    expect(command).not.toMatch(/secret|me:/);
  });

  it("is none where the times were fixed", () => {
    expect(fixed({ from: "2026-11-24", to: "2026-11-25" })).toBeUndefined();
    expect(fixed({ from: "2026-11-24" })).toContain("--to 2026-11-24T12:00:00+08:00");
  });
});
