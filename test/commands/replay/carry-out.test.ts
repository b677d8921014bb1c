import { PassThrough, Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { dispatch } from "../../../src/commands/dispatch.ts";
import { KafkaFailure } from "../../../src/kafka/failure.ts";
import { type ReplayRequest, replay } from "../../../src/replay/replay.ts";
import { GivenUpError } from "../../../src/replay/sinks/delivery.ts";
import { SinkError } from "../../../src/replay/sinks/endpoint.ts";

vi.mock("../../../src/replay/replay.ts");

const exit = vi.spyOn(process, "exit");
const names = ["SIGINT", "SIGTERM"] as const;
const before = names.flatMap((name) => process.listeners(name));
let stderr: PassThrough;
let request: ReplayRequest;

/** Sends Ctrl-C to this process' listeners, except those that were there before. */
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

describe("a replay that fails while it reads", () => {
  const patience = "--timeout sets how long to wait";
  const rows = [
    {
      name: "of a failure that says so",
      error: new KafkaFailure("silent", "no broker answered for 3 s"),
      says: `no broker answered for 3 s; ${patience}`,
    },
    {
      name: "of one that comes from a worker, without its class",
      error: Object.assign(new Error("no record received for 3 s: is a broker down?"), { code: "silent" }),
      says: `no record received for 3 s: is a broker down? ${patience}`,
    },
    {
      name: "of one that a server's silence has caused",
      error: new SinkError("VictoriaMetrics at URL: given up", { cause: new GivenUpError("given up") }),
      says: `VictoriaMetrics at URL: given up; ${patience}`,
    },
    {
      name: "of one that the limit of a request has caused",
      error: new SinkError("it did not answer in time", {
        cause: new DOMException("the time is over", "TimeoutError"),
      }),
      says: `it did not answer in time; ${patience}`,
    },
    {
      name: "and of no other",
      error: new KafkaFailure("no_answer", "Request Metadata timed out"),
      says: "Request Metadata timed out",
    },
  ];

  it.each(rows)("tells to be more patient, where waiting may help: $name", async ({ error, says }) => {
    vi.mocked(replay).mockRejectedValue(error);
    const stderr = new PassThrough();
    const stdout = Object.assign(new PassThrough(), {
      lost: new AbortController().signal,
      flushed: async () => true,
    });
    const io = { stdin: Readable.from([]), stdout, stderr, env: {} };
    exit.mockReset().mockReturnValue(undefined as never);
    expect(await dispatch(["replay", "--from", "-3h", "--to", "now", "--quiet"], io)).toBe(1);
    // Whatever is left open, the process ends soon: this one would.
    await vi.waitFor(() => expect(exit).toHaveBeenCalled());
    expect(String(stderr.read())).toBe(`dlr-exporter: ${says}\n`);
  });
});
