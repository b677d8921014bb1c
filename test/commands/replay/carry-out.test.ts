import { PassThrough, Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { dispatch } from "../../../src/commands/dispatch.ts";
import { type ReplayRequest, replay } from "../../../src/replay/replay.ts";

vi.mock("../../../src/replay/replay.ts");

const exit = vi.spyOn(process, "exit");
const names = ["SIGINT", "SIGTERM"] as const;
const before = names.flatMap((name) => process.listeners(name));
let stderr: PassThrough;
let request: ReplayRequest;

/** Has the process hear Ctrl-C, but for those in it who listened before. */
function interrupt(): void {
  for (const listener of process.listeners("SIGINT")) {
    if (!before.includes(listener)) listener("SIGINT");
  }
}

describe("a replay that does not end though it is told to", () => {
  beforeEach(async () => {
    exit.mockReset().mockReturnValue(undefined as never);
    stderr = new PassThrough();
    const reading = Promise.withResolvers<ReplayRequest>();
    vi.mocked(replay).mockImplementation((asked) => {
      reading.resolve(asked);
      return new Promise(() => {});
    });
    const stdout = Object.assign(new PassThrough(), {
      lost: new AbortController().signal,
      flushed: async () => true,
    });
    const io = { stdin: Readable.from([]), stdout, stderr, env: {} };
    void dispatch(["replay", "--from", "-3h", "--to", "now", "--quiet"], io);
    request = await reading.promise;
    request.onBeginning({ total: 4_000, behind: 0, continued: undefined });
    request.onProgress(1_000, 4_000);
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
    for (const name of names) {
      for (const listener of process.listeners(name)) {
        if (!before.includes(listener)) process.off(name, listener);
      }
    }
  });

  it("is asked to end in order, and left where it is within two seconds", () => {
    interrupt();
    expect(request.signal.aborted).toBe(true);
    vi.advanceTimersByTime(1_000);
    expect(exit).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_000);
    expect(exit).toHaveBeenCalledExactlyOnceWith(1);
    expect(String(stderr.read())).toBe(
      "dlr-exporter: stopped after 1,000 of 4,000 records (25 %); nothing was written\n",
    );
  });

  it("is left at once on a second signal, but for the echo of the first one", () => {
    interrupt();
    vi.advanceTimersByTime(200);
    interrupt();
    expect(exit).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    interrupt();
    expect(exit).toHaveBeenCalledExactlyOnceWith(1);
  });
});
