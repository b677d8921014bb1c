import { afterEach, describe, expect, it } from "vitest";
import { usualLimits } from "../../src/http/limits.ts";
import { RawClients, requestText, statusesIn } from "./raw-client.ts";
import { contentType, Servers } from "./site.ts";

const servers = new Servers();
const clients = new RawClients();
afterEach(async () => {
  clients.close();
  await servers.close();
});

const closing = { Connection: "close" };
const last = requestText("GET /-/healthy", closing);

/** Sends bytes to a server of its own, and gives all that it answers until it closes. */
async function answerTo(bytes: string): Promise<string> {
  const { port } = await servers.listen();
  return (await clients.open(port, bytes)).ended;
}

it.each([
  ...["/../../etc/passwd", "/metrics/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..\\..\\etc\\passwd"],
  ...["//etc/passwd", "/metrics/", "/./metrics", "/metrics%00", "/-/../metrics", "/METRICS", "/metrics;a=1"],
  ...["/__proto__", "/constructor", "/toString", "/hasOwnProperty", "/valueOf", "/prototype", "__proto__"],
  ...["*", "http://a/metrics", "/#/metrics"],
])("knows no %s", async (target) => {
  for (const method of ["GET", "POST"]) {
    const answer = await answerTo(requestText(`${method} ${target}`, closing));
    // what is no request target at all is refused as such
    expect([400, 404]).toContain(statusesIn(answer)[0]);
    expect(answer).not.toMatch(/root:|dlr_ready|native code/);
  }
});

describe("a head that is too large", () => {
  it.each([
    ["in one header", { "X-A": "a".repeat(1_000_000) }],
    ["in many", Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`X-${n}`, "a".repeat(20)]))],
    ["in a cookie", { Cookie: "a=b; ".repeat(200_000) }],
  ])("%s is refused with 431", async (_, headers) => {
    expect(statusesIn(await answerTo(requestText("GET /metrics", headers)))).toEqual([431]);
  });

  it("in its path is refused with 431", async () => {
    expect(statusesIn(await answerTo(requestText(`GET /${"a".repeat(1_000_000)}`)))).toEqual([431]);
  });

  it("is refused beyond the bound, not below", async () => {
    const { headBytes } = usualLimits;
    const sized = (bytes: number) => requestText("GET /-/healthy", { ...closing, "X-A": "a".repeat(bytes) });
    expect(statusesIn(await answerTo(sized(headBytes - 200)))).toEqual([200]);
    expect(statusesIn(await answerTo(sized(headBytes + 1)))).toEqual([431]);
  });
});

describe("a request that two servers could read in two ways is refused with 400", () => {
  const smuggled = requestText("POST /-/reload");
  it.each([
    ["a length and chunks", { "Content-Length": "4", "Transfer-Encoding": "chunked" }],
    ["two lengths", { "Content-Length": "4\r\nContent-Length: 5" }],
    ["a length that is no number", { "Content-Length": "4x" }],
    ["a negative length", { "Content-Length": "-1" }],
    ["an encoding that is none", { "Transfer-Encoding": "chunked, identity" }],
    ["a folded header", { "X-A": "a\r\n b\r\n\tContent-Length: 4" }],
    ["a header without a colon", { "X-A": "a\r\nb" }],
    ["a bare line feed", { "X-A": "a\nX-B: b" }],
    ["a NUL", { "X-A": "a\0b" }],
  ])("%s", async (_, headers) => {
    const answer = await answerTo(requestText("POST /-/ready", headers, `0\r\n\r\n${smuggled}`));
    expect(statusesIn(answer)).not.toContain(200);
    expect(statusesIn(answer).at(-1)).toBe(400);
  });

  it("no host", async () => {
    expect(statusesIn(await answerTo("GET /metrics HTTP/1.1\r\n\r\n"))).toEqual([400]);
  });
});

it("answers 100 requests that come at once, in their order", async () => {
  const lines = Array.from(
    { length: 100 },
    (_, n) => ["GET /-/healthy", "GET /nowhere", "POST /metrics"][n % 3],
  );
  const statuses = statusesIn(await answerTo(lines.map((line) => requestText(line ?? "")).join("") + last));
  expect(statuses).toEqual([...lines.map((_, n) => [200, 404, 405][n % 3]), 200]);
});

it("answers 100 scrapes that come at once", async () => {
  const answer = await answerTo(requestText("GET /metrics").repeat(100) + last);
  expect(statusesIn(answer)).toEqual(new Array(101).fill(200));
  expect(answer.match(/^dlr_ready 1$/gm)).toHaveLength(100);
});

it("serves many connections that are kept alive, again and again", async () => {
  const { port } = await servers.listen();
  const health = requestText("GET /-/healthy");
  const crowd = await Promise.all(Array.from({ length: 200 }, () => clients.open(port, health)));
  for (const { send } of crowd) await send(health);
  for (const { send } of crowd) await send(last);
  for (const { ended } of crowd) expect(statusesIn(await ended)).toEqual([200, 200, 200]);
  expect(servers.log).not.toContain('"reason"');
});

it("gives 50 scrapers at once what they ask for", async () => {
  const text = "dlr_ready 1\n".repeat(100_000);
  const { port } = await servers.listen({ scrape: async () => ({ text, contentType, seen: () => {} }) });
  const asks = requestText("GET /metrics", closing);
  const crowd = await Promise.all(Array.from({ length: 50 }, () => clients.open(port, asks)));
  for (const { ended } of crowd) expect((await ended).endsWith(`\r\n\r\n${text}`)).toBe(true);
});

it("goes on after what is no HTTP at all", async () => {
  const { port } = await servers.listen();
  for (const noise of [
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "\0".repeat(1_000),
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  ]) {
    expect(statusesIn(await (await clients.open(port, noise)).ended)).toEqual([400]);
  }
  expect(statusesIn(await (await clients.open(port, last)).ended)).toEqual([200]);
});
