import { EventEmitter } from "node:events";
import { PassThrough, Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { createLogger, passOnLog } from "../src/log.ts";

/** A reader of a log, which takes the first line only when it is told to. */
class Slow extends Writable {
  readonly lines: string[] = [];
  takeAll = false;
  #taken = () => {};

  override _write(chunk: Buffer, _encoding: string, taken: () => void): void {
    this.lines.push(`${chunk}`);
    this.#taken = taken;
    if (this.takeAll) taken();
  }

  take(): void {
    this.takeAll = true;
    this.#taken();
  }
}

/** A log's end that outlives its errors, as process.stderr does. */
class Outliving extends EventEmitter {
  readonly lines: string[] = [];
  readonly writableLength = 0;
  full = true;

  write(text: string): boolean {
    if (this.full) this.emit("error", new Error("ENOSPC"));
    else this.lines.push(text);
    return true;
  }
}

describe("createLogger", () => {
  it("writes for people on a terminal, for programs elsewhere", () => {
    const lines = [true, false].map((terminal) => {
      const output = new Slow();
      createLogger("info", output, terminal).info({ port: 1 }, "listening");
      return output.lines.join("");
    });
    const [people = "", programs = ""] = lines;
    expect(people).toMatch(/^\[\d\d:\d\d:\d\d\] .*INFO.*listening.*\n.*port.*: 1\n$/);
    expect(JSON.parse(programs)).toMatchObject({ level: 30, port: 1, msg: "listening" });
  });

  it("drops what comes while its reader does not read, rather than keep all of it", () => {
    const output = new Slow();
    const log = createLogger("info", output, false);
    const text = "x".repeat(1000);
    for (let line = 0; line < 5000; line++) log.info({ line }, text);
    const held = output.writableLength;
    expect(held).toBeGreaterThan(1_000_000);
    expect(held).toBeLessThan(1_100_000);
    output.take();
    log.info("there is room again");
    expect(output.lines.at(-1)).toContain("there is room again");
  });
});

it("passes on what a worker logs after a piece that could not be written", async () => {
  const output = new Outliving();
  output.on("error", () => {});
  const worker = new PassThrough();
  passOnLog(worker, output);
  const passed = () => new Promise((resolve) => setImmediate(resolve));
  worker.write("lost\n");
  await passed();
  output.full = false;
  worker.write("kept\n");
  await passed();
  expect(output.lines).toEqual(["kept\n"]);
});
