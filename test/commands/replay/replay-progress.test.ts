import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ReplayProgress } from "../../../src/commands/replay/replay-progress.ts";

// only the clock is made up: what is tested is what comes with its passing
beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

function output(isTTY: boolean): PassThrough & { isTTY: boolean } {
  return Object.assign(new PassThrough(), { isTTY });
}

/** What was drawn since, `|` for each clearing of the line. */
function drawn(stream: PassThrough): string {
  return String(stream.read() ?? "").replaceAll("\r\u001b[K", "|");
}

describe("on a terminal", () => {
  it("draws a bar with rate and time left, not more than five times a second, and takes it away", () => {
    const terminal = output(true);
    const progress = new ReplayProgress(terminal, false, 600_000);
    progress.show(0, 4_000);
    vi.advanceTimersByTime(199);
    progress.show(500, 4_000);
    expect(drawn(terminal)).toBe("");
    vi.advanceTimersByTime(801);
    progress.show(1_000, 4_000);
    expect(drawn(terminal)).toBe(
      "|██████░░░░░░░░░░░░░░░░░░ 1,000 of 4,000 records (25 %), 1,000/s, 3 s left",
    );
    vi.advanceTimersByTime(1_000);
    progress.show(4_000, 4_000);
    expect(drawn(terminal)).toBe(
      "|████████████████████████ 4,000 of 4,000 records (100 %), 2,000/s, 0 s left",
    );
    progress.end();
    expect(drawn(terminal)).toBe("|");
    progress.end();
    expect(drawn(terminal)).toBe("");
  });

  const rows = [
    { name: "nothing came yet", done: 0, total: 1_000, says: "waiting for the first" },
    { name: "seconds", done: 1_000, total: 90_000, says: "1,000/s, 89 s left" },
    { name: "minutes", done: 1_000, total: 92_000, says: "1,000/s, 2 min left" },
    { name: "hours", done: 1_000, total: 9_001_000, says: "1,000/s, 2.5 h left" },
  ];
  it.each(rows)("gives the time left: $name", ({ done, total, says }) => {
    const terminal = output(true);
    const progress = new ReplayProgress(terminal, false, 600_000);
    progress.show(0, total);
    vi.advanceTimersByTime(1_000);
    progress.show(done, total);
    expect(drawn(terminal)).toMatch(new RegExp(`%\\), ${says}$`));
  });

  it("takes what an earlier run has read for no speed of this one", () => {
    const terminal = output(true);
    const progress = new ReplayProgress(terminal, false, 600_000);
    progress.show(3_000, 4_000);
    vi.advanceTimersByTime(1_000);
    progress.show(3_100, 4_000);
    expect(drawn(terminal)).toContain("3,100 of 4,000 records (77 %), 100/s, 9 s left");
  });
});

describe("elsewhere", () => {
  it("says a line a minute", () => {
    const file = output(false);
    const progress = new ReplayProgress(file, false, 600_000);
    for (let second = 0; second <= 130; second++) {
      progress.show(second * 10, 2_600);
      vi.advanceTimersByTime(1_000);
    }
    progress.end();
    expect(drawn(file)).toBe(
      "600 of 2,600 records (23 %), 10/s, 4 min left\n1,200 of 2,600 records (46 %), 10/s, 3 min left\n",
    );
  });

  it("is silent when it is asked to be, and still knows how far it came", () => {
    const terminal = output(true);
    const progress = new ReplayProgress(terminal, true, 600_000);
    expect(progress.summary).toBe("before the first record");
    vi.advanceTimersByTime(120_000);
    progress.show(1_234, 5_000);
    progress.end();
    expect(terminal.read()).toBeNull();
    expect(progress.summary).toBe("after 1,234 of 5,000 records (24 %)");
  });
});

describe("while it waits", () => {
  it("says on a terminal what for, and for how long at most, until a record comes", () => {
    const terminal = output(true);
    const progress = new ReplayProgress(terminal, false, 600_000);
    progress.show(0, 4_000);
    vi.advanceTimersByTime(1_000);
    progress.show(1_000, 4_000);
    terminal.read();
    vi.advanceTimersByTime(12_000);
    progress.show(1_000, 4_000);
    expect(drawn(terminal)).toMatch(
      /1,000 of 4,000 records \(25 %\), no record for 12 s; waiting for a broker, for up to 10 minutes$/,
    );
    vi.advanceTimersByTime(1_000);
    progress.show(1_001, 4_000);
    expect(drawn(terminal)).not.toContain("waiting");
  });

  it("says it elsewhere in a line of its own, once, and then each minute", () => {
    const file = output(false);
    const progress = new ReplayProgress(file, false, 60_000);
    for (let second = 0; second <= 80; second++) {
      progress.show(100, 2_600);
      vi.advanceTimersByTime(1_000);
    }
    expect(drawn(file)).toBe(
      "100 of 2,600 records (3 %), no record for 10 s; waiting for a broker, for up to 1 minute\n" +
        "100 of 2,600 records (3 %), no record for 70 s; waiting for a broker, for up to 1 minute\n",
    );
  });

  it("does not say it when all is read", () => {
    const file = output(false);
    const progress = new ReplayProgress(file, false, 60_000);
    progress.show(100, 100);
    vi.advanceTimersByTime(30_000);
    progress.show(100, 100);
    expect(file.read()).toBeNull();
  });
});

describe("beside reading", () => {
  it("says what it does, and what it waits for", async () => {
    vi.useFakeTimers();
    const terminal = output(true);
    const progress = new ReplayProgress(terminal, false, 600_000);
    const work = Promise.withResolvers<number>();
    const waits = { words: "sending to http://h/; it answered 503", waitsFor: "it" };
    const ended = progress.during(() => waits, work.promise);
    vi.advanceTimersByTime(800);
    expect(drawn(terminal)).toBe("");
    vi.advanceTimersByTime(200);
    expect(drawn(terminal)).toBe(
      "|sending to http://h/; it answered 503; waiting for it, for up to 10 minutes",
    );
    work.resolve(7);
    expect(await ended).toBe(7);
    expect(drawn(terminal)).toBe("|");
  });
});
