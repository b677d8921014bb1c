import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { wallClock } from "../../../src/replay/sinks/clock.ts";
import { endpointOf } from "../../../src/replay/sinks/endpoint.ts";
import { openMetricsText, type Written } from "../../../src/replay/sinks/openmetrics.ts";
import { importVictoria, type VictoriaOptions } from "../../../src/replay/sinks/victoria.ts";
import { freePorts } from "../../lab/ports.ts";
import { countsBy, countsOf, labelsOf } from "./history.ts";
import { listen, listenOn, type Reply, type TestServer } from "./server.ts";
import { StoppedClock, TestClock } from "./test-clock.ts";

const minute = 60_000;
const day = 86_400_000;
const from = Date.UTC(2026, 9, 1);
const counts = countsOf({ from, to: from + 10 * minute }, [
  { labels: labelsOf("A"), times: [from, from + 3 * minute] },
  { labels: labelsOf("B"), times: [from + 9 * minute] },
]);
const names = { as: "counter", job: 'dlr "replay"', instance: "r1" } as const;
const text: Written = { samples: 0, series: 0, bytes: 0 };
const document = Buffer.concat([...openMetricsText(counts, names, text)]).toString();

function run(server: { readonly url: string }, rest: Partial<VictoriaOptions> = {}, what = counts) {
  return importVictoria(what, {
    ...names,
    endpoint: endpointOf(`${server.url}/`, "1.2.3"),
    now: from + 45.3 * day,
    timeoutMs: 60_000,
    signal: new AbortController().signal,
    pace: { between: 5, patience: 100 },
    clock: new TestClock(),
    ...rest,
  });
}

/** A query's answer: a number of samples. */
function holds(samples: number | undefined): Reply {
  const result = samples === undefined ? [] : [{ metric: {}, value: [from / 1000, String(samples)] }];
  return { status: 200, body: JSON.stringify({ status: "success", data: { resultType: "vector", result } }) };
}

test("imports the OpenMetrics text, then asks until every sample is there", async () => {
  const seen = [undefined, 2, 2, text.samples];
  const server = await listen((number) => (number === 0 ? { status: 204 } : holds(seen[number - 1])));
  expect(await run(server)).toEqual(text);

  const [upload, ...questions] = server.arrived;
  expect(upload).toMatchObject({ method: "POST", path: "/api/v1/import/prometheus" });
  expect(upload?.headers["user-agent"]).toBe("dlr-exporter/1.2.3");
  expect(upload?.body.toString()).toBe(document);
  expect(questions).toHaveLength(4);
  const question = new URL(questions[0]?.path ?? "", server.url);
  expect(question.pathname).toBe("/api/v1/query");
  expect(Object.fromEntries(question.searchParams)).toEqual({
    query: 'sum(count_over_time(dlr_receipts_total{job="dlr \\"replay\\"",instance="r1"}[660000ms]))',
    time: String(from / 1000 + 600),
    nocache: "1",
  });
});

test("receipts by dimension are imported too, and asked for in the same question", async () => {
  const by = countsBy(counts, "signature", { Shop: [from, from + 3 * minute], Bank: [from + 9 * minute] });
  const both = { samples: 2 * text.samples, series: 4 };
  const server = await listen((number) => (number === 0 ? { status: 204 } : holds(both.samples)));
  expect(await run(server, {}, by)).toMatchObject(both);
  const question = new URL(server.arrived[1]?.path ?? "", server.url);
  expect(question.searchParams.get("query")).toBe(
    'sum(count_over_time({__name__=~"dlr_receipts_total|dlr_receipts_by_total",job="dlr \\"replay\\"",instance="r1"}[660000ms]))',
  );
});

test("as long as their number grows, none is missing yet", async () => {
  const server = await listen((number) => (number === 0 ? { status: 204 } : holds(number)));
  const clock = new TestClock();
  expect(await run(server, { pace: { between: 40, patience: 60 }, clock })).toEqual(text);
  expect(server.arrived).toHaveLength(1 + text.samples);
  expect(clock.sleeps).toEqual(Array(text.samples).fill(40));
});

test("a server that takes nothing makes it wait, not hold the text in memory", async () => {
  const steps = Uint32Array.from({ length: 300_000 }, (_, step) => step);
  const series = [{ labels: labelsOf("A"), steps, counts: steps.map(() => 1), total: steps.length }];
  const window = { ...counts.window, to: from + steps.length * minute };
  const url = await listenDeaf();
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }, 20);
  onTestFinished(() => clearInterval(watch));
  await expect(run({ url }, { timeoutMs: 1000 }, { ...counts, series, window })).rejects.toThrow(
    /: it did not answer in time$/,
  );
  // The text has 50 MB.
  expect(most).toBeLessThan(20_000_000);
});

/** A server that accepts a connection and reads nothing. @returns its address */
async function listenDeaf(): Promise<string> {
  const sockets: Socket[] = [];
  const server = createServer({ pauseOnConnect: true }, (socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.each<{ name: string; seen: number | undefined; held: number }>([
  { name: "all of it", seen: undefined, held: 0 },
  { name: "a part", seen: 3, held: 3 },
])("what its retention drops is missed: $name", async ({ seen, held }) => {
  const server = await listen((number) => (number === 0 ? { status: 204 } : holds(seen)));
  await expect(run(server)).rejects.toThrow(
    `VictoriaMetrics at ${server.url}/: it accepted the import but has only ${held} of ${text.samples} samples; it drops samples older than its -retentionPeriod, and the oldest is 45.3 days old: raise -retentionPeriod above that and replay again`,
  );
  // the upload, and a question each 5 ms until nothing has come for 100
  expect(server.arrived).toHaveLength(1 + 20 + (seen === undefined ? 0 : 1));
});

test.each<{ name: string; replies: Reply[]; message: RegExp; timeoutMs?: number }>([
  {
    name: "a refusal",
    replies: [{ status: 413, body: "too large" }],
    message: /refused; it answered 413: too large$/,
  },
  {
    name: "a login page",
    replies: [{ status: 200, headers: { "content-type": "text/html" }, body: "<h1>Sign in</h1>" }],
    message: /refused; it answered 200 with a web page, perhaps a login page: <h1>Sign in<\/h1>$/,
  },
  { name: "a broken connection", replies: ["reset"], message: /ECONNRESET|other side closed|socket/ },
  { name: "no answer", replies: ["hang"], message: /: it did not answer in time$/, timeoutMs: 100 },
  {
    name: "a server that only takes",
    replies: [{ status: 204 }, { status: 404, body: "unsupported path" }],
    message: /the import succeeded but queries fail; it answered 404: unsupported path$/,
  },
  {
    name: "another server",
    replies: [{ status: 200 }, { status: 200, body: "<html>" }],
    message:
      /the import succeeded but queries fail; it answered 200 with a web page, perhaps a login page: <html>$/,
  },
])("$name is told in one sentence", async ({ replies, message, timeoutMs }) => {
  const server = await listen((number) => replies[number] ?? holds(undefined));
  await expect(run(server, timeoutMs === undefined ? {} : { timeoutMs })).rejects.toThrow(message);
});

test("no answer to its question is told too", async () => {
  const clock = new TestClock();
  const server = await listen((number) => {
    if (number === 0) return { status: 204 };
    clock.pass(30_000);
    return "hang";
  });
  await expect(run(server, { clock })).rejects.toThrow(
    /: gave up after 1 minute without progress; it did not answer in time$/,
  );
});

test("a restart is waited for, before it takes anything and while it is asked", async () => {
  const replies: readonly Reply[] = [{ status: 503 }, { status: 204 }, "reset", { status: 502 }];
  const server = await listen((number) => replies[number] ?? holds(text.samples));
  const waits: string[] = [];
  expect(await run(server, { onWait: (reason) => waits.push(reason) })).toEqual(text);
  expect(server.arrived.map(({ method }) => method)).toEqual(["POST", "POST", "GET", "GET", "GET"]);
  expect(waits).toHaveLength(3);
  expect(waits[0]).toBe("refused; it answered 503");
});

test("while nobody listens it is tried again, and nothing of the text counts twice", async () => {
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  let late: Promise<TestServer> | undefined;
  const onWait = () => {
    late ??= listenOn(port, (number) => (number === 0 ? { status: 204 } : holds(text.samples)));
  };
  expect(await run({ url }, { onWait, clock: wallClock })).toEqual(text);
  await late;
});

test.each<{ name: string; replies: Reply[] }>([
  { name: "it uploads", replies: ["hang"] },
  { name: "it checks", replies: [{ status: 204 }, "hang"] },
])("an abort ends it where it is while $name", async ({ replies }) => {
  const stop = new AbortController();
  const server = await listen((number) => {
    const reply = replies[number] ?? "hang";
    if (reply === "hang") stop.abort();
    return reply;
  });
  await expect(run(server, { signal: stop.signal })).rejects.toThrow(/: stopped$/);
  expect(server.arrived).toHaveLength(replies.length);
});

test("an abort ends it where it is while it waits for its next question", async () => {
  const stop = new AbortController();
  const clock = new StoppedClock();
  void clock.asleep.then(() => stop.abort());
  const server = await listen(() => ({ status: 204 }));
  await expect(run(server, { signal: stop.signal, clock })).rejects.toThrow(/: stopped$/);
  expect(server.arrived).toHaveLength(1);
});
