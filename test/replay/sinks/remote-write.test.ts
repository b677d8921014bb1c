import snappy from "snappy";
import { expect, test } from "vitest";
import { endpointOf, SinkError } from "../../../src/replay/sinks/endpoint.ts";
import { type RemoteWriteOptions, remoteWrite } from "../../../src/replay/sinks/remote-write.ts";
import { samplesOf } from "../../../src/replay/sinks/samples.ts";
import { createRandom } from "../../lab/random.ts";
import { countsOf, labelsOf, scatter } from "./history.ts";
import { listen, type Reply, type TestServer } from "./server.ts";
import { TestClock } from "./test-clock.ts";
import { decodeWriteRequest } from "./write-request.ts";

const day = 86_400_000;
const from = Date.UTC(2026, 9, 1);
const to = from + day;
const random = createRandom(11);
const counts = countsOf(
  { from, to },
  ["A", "B", "C"].map((code) => ({ labels: labelsOf(code), times: scatter(random, 3000, from, to) })),
);
const total = counts.series.reduce(
  (sum, series) => sum + [...samplesOf(series, counts.window, "counter")].length,
  0,
);

const pace = { attempt: 200, shortest: 4, longest: 16 };

function write(server: TestServer, rest: Partial<RemoteWriteOptions> = {}) {
  return remoteWrite(counts, {
    endpoint: endpointOf(`${server.url}/api/v1/write`, "1.2.3"),
    as: "counter",
    job: "dlr-replay",
    instance: "r1",
    now: to + 44.3 * day,
    timeoutMs: 10_000,
    signal: new AbortController().signal,
    pace,
    clock: new TestClock(),
    ...rest,
  });
}

/** What a receiver that took these bodies holds: a value by code and time. It fails on two values for one time. */
function store(bodies: readonly Buffer[]): Map<string, number> {
  const held = new Map<string, number>();
  for (const body of bodies) {
    const plain = snappy.uncompressSync(body, { asBuffer: true });
    if (!Buffer.isBuffer(plain)) throw new Error("asked for bytes");
    for (const { labels, samples } of decodeWriteRequest(plain)) {
      for (const { at, value } of samples) {
        const key = `${new Map(labels).get("code")} ${at}`;
        expect(held.get(key) ?? value).toBe(value);
        held.set(key, value);
      }
    }
  }
  return held;
}

const wanted = new Map(
  counts.series.flatMap((series) =>
    [...samplesOf(series, counts.window, "counter")].map(({ at, value }): [string, number] => [
      `${series.labels.code} ${at}`,
      value,
    ]),
  ),
);

// one batch an hour, and the samples of the day's last moment
test("every sample arrives, in requests as remote write 1.0 has them", async () => {
  const server = await listen(() => ({ status: 204 }));
  const written = await write(server);
  expect(written).toEqual({ samples: total, batches: 25, clamped: 0, retried: 0 });
  expect(store(server.arrived.map(({ body }) => body))).toEqual(wanted);
  expect(server.arrived[0]).toMatchObject({
    method: "POST",
    path: "/api/v1/write",
    headers: {
      "content-encoding": "snappy",
      "content-type": "application/x-protobuf",
      "x-prometheus-remote-write-version": "0.1.0",
      "user-agent": "dlr-exporter/1.2.3",
    },
  });
});

test("a receiver that takes batches and then loses the answers holds the same", async () => {
  const replies: readonly Reply[] = ["reset", { status: 503 }, { status: 204 }, "hang", { status: 500 }];
  const clock = new TestClock();
  const server = await listen((number) => {
    const reply = replies[number % 20] ?? { status: 204 };
    if (reply === "hang") clock.pass(pace.attempt);
    return reply;
  });
  const written = await write(server, { clock });
  expect(written).toMatchObject({ samples: total, batches: 25, retried: server.arrived.length - 25 });
  expect(written.retried).toBeGreaterThan(4);
  expect(store(server.arrived.map(({ body }) => body))).toEqual(wanted);
});

test.each<{ name: string; reply: Reply; message: string }>([
  {
    name: "too old, as Prometheus 2.42 says it",
    reply: { status: 500, body: "too old sample\n" },
    message:
      "the receiver does not accept samples this old: the oldest is 45.3 days old; raise its out_of_order_time_window (Prometheus: storage.tsdb) and its retention above that; it answered 500: too old sample",
  },
  {
    name: "out of bounds",
    reply: { status: 400, body: "out of bounds" },
    message:
      "the receiver does not accept samples this old: the oldest is 45.3 days old; raise its out_of_order_time_window (Prometheus: storage.tsdb) and its retention above that; it answered 400: out of bounds",
  },
  {
    name: "a clock that is behind ours",
    reply: { status: 400, body: "out of bounds: too far in the future" },
    message: "refused; it answered 400: out of bounds: too far in the future",
  },
  {
    name: "other values are there",
    reply: { status: 400, body: "duplicate sample for timestamp" },
    message:
      "the receiver already has other values for these labels and times; use another --instance; it answered 400: duplicate sample for timestamp",
  },
  {
    name: "a receiver that is not switched on",
    reply: { status: 404, body: "remote write receiver needs to be enabled" },
    message: "refused; it answered 404: remote write receiver needs to be enabled",
  },
])("$name: one sentence, after one request", async ({ reply, message }) => {
  const server = await listen((number) => (number < 2 ? { status: 204 } : reply));
  const error = await write(server).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SinkError);
  const taken = store(server.arrived.slice(0, 2).map(({ body }) => body)).size;
  expect((error as Error).message).toBe(
    `remote write to ${server.url}/api/v1/write: ${message} (${taken} samples were accepted before)`,
  );
  expect(server.arrived).toHaveLength(3);
});

test("without progress it gives up, and progress starts the time anew", async () => {
  const flaky = await listen((number) => (number % 4 === 3 ? { status: 204 } : { status: 503 }));
  const steady = { attempt: 900, shortest: 40, longest: 40 };
  const clock = new TestClock();
  const started = clock.now();
  await write(flaky, { timeoutMs: 1000, pace: steady, clock });
  expect(clock.now() - started).toBeGreaterThan(1000);

  const down = await listen((number) => ({ status: number < 3 ? 204 : 503 }));
  await expect(write(down, { timeoutMs: 1000, pace: steady })).rejects.toThrow(
    /gave up after 1 second without progress; it answered 503 \(\d+ samples were accepted before\)$/,
  );
});

test("an abort ends it where it is, and says how far it came", async () => {
  const stop = new AbortController();
  const server = await listen((number) => {
    if (number < 5) return { status: 204 };
    stop.abort();
    return "hang";
  });
  await expect(write(server, { signal: stop.signal })).rejects.toThrow(
    /: stopped \(\d{3,} samples were accepted before\)$/,
  );
  expect(server.arrived).toHaveLength(6);
});

test("a password in the address goes into the header and into no message", async () => {
  const server = await listen(() => ({ status: 401, body: "who?" }));
  const url = `${server.url.replace("//", "//me:secret@")}/write`;
  await expect(write(server, { endpoint: endpointOf(url, "1") })).rejects.toThrow(
    `remote write to ${server.url}/write: it requires a login or a tenant: see --username, --bearer-token-file and --header; it answered 401: who?`,
  );
  expect(server.arrived[0]?.headers.authorization).toBe(`Basic ${btoa("me:secret")}`);
});
