import { pino } from "pino";
import { expect, it, vi } from "vitest";
import { shutDown } from "../../../src/commands/run/shutdown.ts";

const never = new Promise<never>(() => {});

/** Shuts down what behaves so; gives what was done, in order, whether all of it was, and the errors logged. */
async function shutting(
  stop: () => Promise<string | undefined>,
  close: () => Promise<void>,
  deadline?: number,
) {
  const done: string[] = [];
  const errors: string[] = [];
  const log = pino(
    { level: "error", base: null, timestamp: false },
    { write: (line) => errors.push(JSON.parse(line).msg) },
  );
  const consumer = {
    stop: async () => {
      const uncommitted = await stop();
      done.push("consumer");
      return { uncommitted };
    },
  };
  const server = {
    close: async () => {
      await close();
      done.push("server");
    },
  };
  const all = await shutDown({ consumer, server }, log, deadline);
  return { done, all, errors };
}

it("commits while the last counts are still shown, and then closes the server", async () => {
  expect(
    await shutting(
      async () => undefined,
      async () => {},
    ),
  ).toEqual({ done: ["consumer", "server"], all: true, errors: [] });
});

it("says why the last counts were not committed, and closes the server all the same", async () => {
  expect(
    await shutting(
      async () => "the group has a new generation",
      async () => {},
    ),
  ).toEqual({
    done: ["consumer", "server"],
    all: false,
    errors: [
      "the last counts were not committed: the group has a new generation; they will be counted again after the restart",
    ],
  });
});

it("is cut short, and says what was under way", async () => {
  expect(
    await shutting(
      () => never,
      async () => {},
      20,
    ),
  ).toEqual({
    done: [],
    all: false,
    errors: [
      "shutdown aborted after 0.02 s: it had not finished committing and leaving the group; " +
        "uncommitted receipts will be counted again after the restart",
    ],
  });
});

it("is cut short before the ten seconds are over that Docker gives", async () => {
  vi.useFakeTimers();
  try {
    let over = false;
    const shut = shutting(
      () => never,
      async () => {},
    ).finally(() => {
      over = true;
    });
    await vi.advanceTimersByTimeAsync(8_999);
    expect(over).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect((await shut).errors).toEqual([expect.stringContaining("aborted after 9 s")]);
  } finally {
    vi.useRealTimers();
  }
});

it("says that everything is committed when only the server is late", async () => {
  expect(
    await shutting(
      async () => undefined,
      () => never,
      20,
    ),
  ).toEqual({
    done: ["consumer"],
    all: false,
    errors: ["shutdown aborted after 0.02 s: the HTTP server was still open; everything is committed"],
  });
});

it("fails with what makes the consumer fail", async () => {
  const failing = shutting(
    () => Promise.reject(new Error("a bug")),
    async () => {},
  );
  await expect(failing).rejects.toThrow("a bug");
});
