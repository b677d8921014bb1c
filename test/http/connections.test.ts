import { once } from "node:events";
import { afterEach, expect, it } from "vitest";
import { RawClients, requestText } from "./raw-client.ts";
import { contentType, Servers } from "./site.ts";

const scrape = requestText("GET /metrics");
const health = requestText("GET /-/healthy");

/** More than any answer takes, in ms. */
const patient = 60_000;

/** A server whose scrapes are answered when the test says so. */
async function serving(text = "dlr_ready 1\n") {
  const [asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const server = await servers.listen({
    scrape: async () => {
      asked.resolve();
      await answered.promise;
      return { text, contentType, seen: () => {} };
    },
  });
  return { server, asked: asked.promise, answer: answered.resolve };
}

const servers = new Servers();
const clients = new RawClients();
afterEach(async () => {
  clients.close();
  await servers.close();
});

it("ends what waits for no answer before an answer that is under way", async () => {
  const { server, asked, answer } = await serving();
  const idle = [
    await clients.open(server.port, ""),
    await clients.open(server.port, "GET /metrics HTTP/1.1\r\nHost: a\r\n"),
    await clients.open(server.port, "POST /-/reload HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n1"),
  ];
  const keptAlive = await clients.open(server.port, health);
  await once(keptAlive.socket, "data");
  const waiting = await clients.open(server.port, scrape);
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
  const pipelining = await clients.open(server.port, scrape + health + scrape);
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
  const reading = await clients.open(server.port, scrape);
  await asked;
  const closed = server.close(patient);
  answer();
  const text = await reading.ended;
  expect(text.length - text.indexOf("#")).toBe(20_000_000);
  await closed;
});

it("waits neither for a client that does not read nor for an answer that does not come", async () => {
  const { server, asked, answer } = await serving("#".repeat(50_000_000));
  const deaf = await clients.open(server.port, scrape, false);
  await asked;
  answer();
  await once(deaf.socket, "readable");
  const never = await serving();
  const waiting = await clients.open(never.server.port, scrape);
  await never.asked;
  await Promise.all([server.close(50), never.server.close(50)]);
  expect(await waiting.ended).toBe("");
});
