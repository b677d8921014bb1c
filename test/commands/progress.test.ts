import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { Progress } from "../../src/commands/progress.ts";

function output(isTTY: boolean): PassThrough & { isTTY: boolean } {
  return Object.assign(new PassThrough(), { isTTY });
}

/** What was drawn, `|` for each clearing of the line. */
function drawn(terminal: PassThrough): string {
  return String(terminal.read()).replaceAll("\r\u001b[K", "|");
}

it("draws bytes, share and rate on a terminal, and takes them away", () => {
  const terminal = output(true);
  const progress = new Progress(4_000_000, terminal);
  progress.advance(1_000_000);
  progress.end();
  expect(drawn(terminal)).toMatch(/^\|1\.0 MB read, 25 % of 4\.0 MB, [\d.]+ MB\/s\|$/);
});

it("leaves the share out when the size is not known", () => {
  const terminal = output(true);
  new Progress(undefined, terminal).advance(1_000_000);
  expect(drawn(terminal)).toMatch(/^\|1\.0 MB read, [\d.]+ MB\/s$/);
});

it("is silent when nobody watches", () => {
  const file = output(false);
  const progress = new Progress(4_000_000, file);
  progress.advance(1_000_000);
  progress.end();
  expect(file.read()).toBeNull();
});
