import { describe, expect, test } from "vitest";
import { deliver, type Persistence, RefusedError } from "../../../src/replay/sinks/delivery.ts";
import { endpointOf } from "../../../src/replay/sinks/endpoint.ts";
import { freePorts } from "../../lab/ports.ts";
import { listen, type Reply } from "./server.ts";
import { StoppedClock, TestClock } from "./test-clock.ts";

const pace = { attempt: 200, shortest: 4, longest: 16 };
const taken: Reply = { status: 204 };
const longAgo = new Date(0).toUTCString();

/** Delivers to a server that gives these replies, then takes everything. Time passes where one is "hang". */
async function deliverTo(
  replies: readonly Reply[],
  {
    timeoutMs = 10_000,
    signal = new AbortController().signal,
    ...rest
  }: Partial<Omit<Persistence, "clock">> = {},
  clock = new TestClock(),
) {
  const server = await listen((number) => {
    const reply = replies[number] ?? taken;
    if (reply === "hang") clock.pass(pace.attempt);
    return reply;
  });
  const endpoint = endpointOf(`${server.url}/write`, "1.2.3");
  const outcome = deliver(endpoint, { "x-kind": "test" }, new Uint8Array([1, 2, 3]), {
    timeoutMs,
    signal,
    pace,
    clock,
    ...rest,
  });
  return { arrived: server.arrived, outcome, clock };
}

test("posts the body with both sets of headers", async () => {
  const { arrived, outcome } = await deliverTo([]);
  expect(await outcome).toBe(0);
  expect(arrived).toHaveLength(1);
  expect(arrived[0]).toMatchObject({ method: "POST", path: "/write", body: Buffer.from([1, 2, 3]) });
  expect(arrived[0]?.headers).toMatchObject({ "user-agent": "dlr-exporter/1.2.3", "x-kind": "test" });
});

test.each<{ name: string; replies: Reply[] }>([
  { name: "503", replies: [{ status: 503 }] },
  { name: "500 without a reason for giving up", replies: [{ status: 500, body: "disk" }] },
  { name: "429", replies: [{ status: 429 }] },
  { name: "a broken connection", replies: ["reset"] },
  { name: "no answer in time", replies: ["hang"] },
  { name: "a Retry-After that is over", replies: [{ status: 429, headers: { "retry-after": longAgo } }] },
  { name: "an unreadable Retry-After", replies: [{ status: 429, headers: { "retry-after": "soon" } }] },
  {
    name: "one after the other",
    replies: ["reset", { status: 503 }, "hang", { status: 429 }, { status: 502 }],
  },
])("tries again after $name, with the same body", async ({ replies }) => {
  const { arrived, outcome } = await deliverTo(replies);
  expect(await outcome).toBe(replies.length);
  const tries = Array.from({ length: replies.length + 1 }, () => [1, 2, 3]);
  expect(arrived.map(({ body }) => [...body])).toEqual(tries);
});

test.each([
  { name: "seconds", header: "1", wait: 1_000 },
  { name: "a date", header: new Date(new TestClock().now() + 2_000).toUTCString(), wait: 2_000 },
])("waits as long as Retry-After says: $name", async ({ header, wait }) => {
  const { outcome, clock } = await deliverTo([{ status: 429, headers: { "retry-after": header } }]);
  expect(await outcome).toBe(1);
  expect(clock.sleeps).toEqual([wait]);
});

test("the waits double up to the longest", async () => {
  const replies = Array.from({ length: 6 }, (): Reply => ({ status: 503 }));
  const { outcome, clock } = await deliverTo(replies, {
    pace: { attempt: 1000, shortest: 40, longest: 160 },
  });
  expect(await outcome).toBe(6);
  const floors = [20, 40, 80, 80, 80, 80];
  expect(clock.sleeps).toHaveLength(floors.length);
  for (const [index, floor] of floors.entries()) {
    expect(clock.sleeps[index]).toBeGreaterThanOrEqual(floor);
    expect(clock.sleeps[index]).toBeLessThan(2 * floor);
  }
});

test.each<{ name: string; reply: Reply; words: RegExp }>([
  { name: "400", reply: { status: 400, body: "bad label" }, words: /^it answered 400: bad label$/ },
  { name: "404", reply: { status: 404 }, words: /^it answered 404$/ },
  {
    name: "500 that means the samples are too old",
    reply: { status: 500, body: "too old sample" },
    words: /^it answered 500: too old sample$/,
  },
  {
    name: "200 with a login page",
    reply: { status: 200, body: "<!DOCTYPE html><title>Sign in</title>" },
    words: /^it answered 200 with a web page, perhaps a login page: <!DOCTYPE html><title>Sign in<\/title>$/,
  },
  {
    name: "a redirect, which would turn the POST into a GET",
    reply: { status: 302, headers: { location: "/" } },
    words: /^it answered 302$/,
  },
])("does not try again after $name", async ({ reply, words }) => {
  const { arrived, outcome } = await deliverTo([reply]);
  const error = await outcome.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(RefusedError);
  expect(String((error as Error).message)).toMatch(words);
  expect(arrived).toHaveLength(1);
});

describe("gives up", () => {
  test("when the time is over, with what failed last", async () => {
    const replies = Array.from({ length: 1000 }, (): Reply => ({ status: 503, body: "busy" }));
    const { outcome, clock } = await deliverTo(replies, { timeoutMs: 1_000 });
    await expect(outcome).rejects.toThrow("gave up after 1 second without progress; it answered 503: busy");
    const slept = clock.sleeps.reduce((sum, ms) => sum + ms, 0);
    expect(slept).toBeLessThan(1_000);
    expect(slept).toBeGreaterThanOrEqual(1_000 - pace.longest);
  });

  test("with what failed before, when the end of the time cuts the last answer short", async () => {
    const { arrived, outcome } = await deliverTo([{ status: 503, body: "busy" }, "hang"], { timeoutMs: 100 });
    await expect(outcome).rejects.toThrow(
      "gave up after 0.1 seconds without progress; it answered 503: busy",
    );
    expect(arrived).toHaveLength(2);
  });

  test("at once when it shall wait longer than there is time", async () => {
    const { arrived, outcome } = await deliverTo([{ status: 429, headers: { "retry-after": "3600" } }]);
    await expect(outcome).rejects.toThrow("gave up after 10 seconds without progress; it answered 429");
    expect(arrived).toHaveLength(1);
  });

  test("when nobody listens", async () => {
    const [port] = await freePorts(1);
    const persistence = {
      timeoutMs: 100,
      pace,
      signal: new AbortController().signal,
      clock: new TestClock(),
    };
    const endpoint = endpointOf(`http://127.0.0.1:${port}/`, "1");
    await expect(deliver(endpoint, {}, new Uint8Array(), persistence)).rejects.toThrow(
      /gave up after 0.1 seconds without progress; connect ECONNREFUSED/,
    );
  });
});

describe("an abort ends it", () => {
  test("while a request is under way", async () => {
    const stop = new AbortController();
    const server = await listen(() => {
      stop.abort();
      return "hang";
    });
    const persistence = { timeoutMs: 10_000, pace, signal: stop.signal, clock: new TestClock() };
    const outcome = deliver(endpointOf(server.url, "1"), {}, new Uint8Array(), persistence);
    await expect(outcome).rejects.toThrow(/abort/);
    expect(server.arrived).toHaveLength(1);
  });

  test("while it waits", async () => {
    const stop = new AbortController();
    const clock = new StoppedClock();
    const busy: Reply = { status: 429, headers: { "retry-after": "5" } };
    const { arrived, outcome } = await deliverTo([busy], { signal: stop.signal }, clock);
    void clock.asleep.then(() => stop.abort());
    await expect(outcome).rejects.toThrow(/abort/);
    expect(arrived).toHaveLength(1);
  });
});
