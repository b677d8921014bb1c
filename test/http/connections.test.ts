import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import { pino } from "pino";
import { afterEach, expect, it } from "vitest";
import { type Listening, type Site, serve } from "../../src/http/server.ts";

const contentType = "text/plain; version=0.0.4; charset=utf-8";
const scrape = "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n";
const health = "GET /-/healthy HTTP/1.1\r\nHost: a\r\n\r\n";

/** More than any answer takes, in ms. */
const patient = 60_000;

/** A server whose scrapes are answered when the test says so. */
async function serving(text = "dlr_ready 1\n") {
  const [asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const site: Site = {
    scrape: async () => {
      asked.resolve();
      await answered.promise;
      return { text, contentType };
    },
    readiness: () => ({ obstacle: undefined, remarks: [] }),
    reload: async () => ({ ok: true }),
    landing: () => ({
      version: "1",
      codeMapHash: "a",
      group: "g",
      readiness: { obstacle: undefined, remarks: [] },
      partitions: [],
    }),
  };
  const server = await serve(site, "127.0.0.1", 0, pino({ level: "silent" }));
  return { server, asked: asked.promise, answer: answered.resolve };
}

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** A client that sends something and, unless it does not read, collects what it gets until the server ends it. */
async function client({ port }: Listening, sends: string, reads = true) {
  const socket = createConnection(port, "127.0.0.1");
  sockets.push(socket);
  socket.on("error", () => {});
  let text = "";
  if (reads) socket.on("data", (chunk) => (text += chunk));
  await once(socket, "connect");
  if (sends !== "") await new Promise<void>((resolve) => socket.write(sends, () => resolve()));
  const ended = new Promise<string>((resolve) => socket.once("close", () => resolve(text)));
  return { socket, ended, text: () => text };
}

it("ends what waits for no answer before an answer that is under way", async () => {
  const { server, asked, answer } = await serving();
  const idle = [
    await client(server, ""),
    await client(server, "GET /metrics HTTP/1.1\r\nHost: a\r\n"),
    await client(server, "POST /-/reload HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n1"),
  ];
  const keptAlive = await client(server, health);
  await once(keptAlive.socket, "data");
  const waiting = await client(server, scrape);
  await asked;
  const closed = server.close(patient);
  await Promise.all([...idle, keptAlive].map(({ ended }) => ended));
  expect(waiting.text()).toBe("");
  answer();
  expect(await waiting.ended).toMatch(/^HTTP\/1.1 200 OK[\s\S]*\r\n\r\ndlr_ready 1\n$/);
  await closed;
});

it("answers all that was asked in a row", async () => {
  const { server, asked, answer } = await serving();
  const pipelining = await client(server, scrape + health + scrape);
  await asked;
  const closed = server.close(patient);
  answer();
  const bodies = (await pipelining.ended)
    .split("HTTP/1.1 200 OK\r\n")
    .map((each) => each.split("\r\n\r\n")[1]);
  expect(bodies).toEqual([undefined, "dlr_ready 1\n", "healthy\n", "dlr_ready 1\n"]);
  await closed;
});

it("lets a large answer come to its end", async () => {
  const { server, asked, answer } = await serving("#".repeat(20_000_000));
  const reading = await client(server, scrape);
  await asked;
  const closed = server.close(patient);
  answer();
  const text = await reading.ended;
  expect(text.length - text.indexOf("#")).toBe(20_000_000);
  await closed;
});

it("waits neither for a client that does not read nor for an answer that does not come", async () => {
  const { server, asked, answer } = await serving("#".repeat(50_000_000));
  const deaf = await client(server, scrape, false);
  await asked;
  answer();
  await once(deaf.socket, "readable");
  const never = await serving();
  const waiting = await client(never.server, scrape);
  await never.asked;
  await Promise.all([server.close(50), never.server.close(50)]);
  expect(await waiting.ended).toBe("");
});
