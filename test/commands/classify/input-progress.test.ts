import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { InputProgress } from "../../../src/commands/classify/input-progress.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

function output(isTTY: boolean): PassThrough & { isTTY: boolean } {
  return Object.assign(new PassThrough(), { isTTY });
}

/** What was drawn, `|` for each clearing of the line. */
function drawn(terminal: PassThrough): string {
  return String(terminal.read()).replaceAll("\r\u001b[K", "|");
}

it("draws bytes, share and rate on a terminal, and takes them away", () => {
  const terminal = output(true);
  const progress = new InputProgress(4_000_000, terminal);
  vi.advanceTimersByTime(500);
  progress.advance(1_000_000);
  progress.end();
  expect(drawn(terminal)).toBe("|1.0 MB read, 25 % of 4.0 MB, 2.0 MB/s|");
});

it("draws not more than five times a second", () => {
  const terminal = output(true);
  const progress = new InputProgress(4_000_000, terminal);
  vi.advanceTimersByTime(1_000);
  progress.advance(1_000_000);
  vi.advanceTimersByTime(199);
  progress.advance(1_000_000);
  expect(drawn(terminal)).toBe("|1.0 MB read, 25 % of 4.0 MB, 1.0 MB/s");
  vi.advanceTimersByTime(801);
  progress.advance(1_000_000);
  expect(drawn(terminal)).toBe("|3.0 MB read, 75 % of 4.0 MB, 1.5 MB/s");
});

it("leaves the share out when the size is not known", () => {
  const terminal = output(true);
  const progress = new InputProgress(undefined, terminal);
  vi.advanceTimersByTime(2_000);
  progress.advance(1_000_000);
  expect(drawn(terminal)).toBe("|1.0 MB read, 0.5 MB/s");
});

it("is silent when nobody watches", () => {
  const file = output(false);
  const progress = new InputProgress(4_000_000, file);
  progress.advance(1_000_000);
  progress.end();
  expect(file.read()).toBeNull();
});
