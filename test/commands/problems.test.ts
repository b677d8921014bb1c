import { PassThrough, Readable } from "node:stream";
import { pino } from "pino";
import { expect, it } from "vitest";
import type { Io } from "../../src/commands/command.ts";
import { logWarnings, printProblems, printWarnings } from "../../src/commands/problems.ts";
import type { Problem } from "../../src/diagnostics.ts";

const inFile: Problem = { file: "a.yaml", line: 3, column: 5, message: "unknown key", hint: "Remove it." };
const inFlag: Problem = { file: "--port", line: 0, column: 0, message: "is no port", hint: "Give one." };

function surroundings(): { io: Io; printed: () => string } {
  const stderr = new PassThrough();
  const stdout = Object.assign(new PassThrough(), {
    lost: new AbortController().signal,
    flushed: async () => true,
  });
  const io = { stdin: Readable.from([]), stdout, stderr, env: {} };
  return { io, printed: () => String(stderr.read() ?? "") };
}

it("problems end a command with 2, and are told with their places", () => {
  const { io, printed } = surroundings();
  expect(printProblems([inFile, inFlag], io)).toBe(2);
  const text = printed();
  expect(text).toContain("a.yaml:3:5");
  expect(text).toContain("--port");
  expect(text).not.toContain("--port:0");
});

it("warnings are told as such", () => {
  const { io, printed } = surroundings();
  printWarnings([inFile], io);
  expect(printed()).toContain("warning: unknown key");
});

it("warnings are logged with their place, which in a flag is the flag alone", () => {
  const lines: string[] = [];
  const log = pino({ base: null, timestamp: false }, { write: (line: string) => void lines.push(line) });
  logWarnings([inFile, inFlag], log);
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { level: 40, place: "a.yaml:3:5", hint: "Remove it.", msg: "unknown key" },
    { level: 40, place: "--port", hint: "Give one.", msg: "is no port" },
  ]);
});
